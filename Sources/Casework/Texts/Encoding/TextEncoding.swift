/// How text is written in bytes.
public enum TextEncoding: String, CaseIterable, Sendable {
    case utf8 = "utf-8"
    /// Which byte comes first is told by a mark at the beginning, or by where the zeros are.
    case utf16 = "utf-16"
    /// What Swedish versions of Excel save as CSV on Windows.
    case windows1252 = "windows-1252"
    /// What older versions of Excel save as CSV on a Mac.
    case macRoman = "macroman"
    case latin9 = "iso-8859-15"
    /// What programs of MS-DOS wrote.
    case dos = "cp850"

    /// The table of the encodings that have one byte for each character; nil for the others.
    ///
    /// Errors: `badFile` where this system cannot convert them.
    func table() throws(CaseworkError) -> SingleByteTable? {
        let table: SingleByteTable?
        switch self {
        case .utf8, .utf16: return nil
        case .windows1252: table = .windows1252
        case .macRoman: table = .macRoman
        case .latin9: table = .latin9
        case .dos: table = .dos
        }
        guard let table else {
            throw CaseworkError(
                .badFile,
                "text.noConverter", ["encoding": "\(rawValue)"]
            )
        }
        return table
    }
}
