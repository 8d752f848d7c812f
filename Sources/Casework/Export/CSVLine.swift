/// A record of a CSV file (RFC 4180), guarded against spreadsheets.
enum CSVLine {
    /// The cells with separators between them and CRLF at the end; quoted only where it is needed.
    static func text(_ cells: [String], separator: CSVSeparator = .comma) -> String {
        let fields = cells.map { field(Array($0.utf8), separator: separator.byte) }
        return String(decoding: Array(fields.joined(separator: [separator.byte])), as: UTF8.self) + "\r\n"
    }

    static func field(_ bytes: [UInt8], separator: UInt8) -> [UInt8] {
        let guarded = CSVGuard.guarded(bytes)
        let isPlain = guarded.allSatisfy { !"\",;\r\n\t".utf8.contains($0) && $0 != separator }
        if isPlain { return guarded }
        let quote = UInt8(ascii: "\"")
        return [quote] + guarded.flatMap { $0 == quote ? [quote, quote] : [$0] } + [quote]
    }
}

/// What stands between the cells of a CSV file.
public enum CSVSeparator: String, CaseIterable, Sendable {
    case comma
    /// What Excel expects where the decimal sign is a comma, as in Sweden.
    case semicolon

    var byte: UInt8 { self == .comma ? UInt8(ascii: ",") : UInt8(ascii: ";") }
}
