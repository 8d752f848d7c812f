import Support

/// Tells in which encoding a text is, from its bytes, where exactly one reading of them is plausible.
///
/// UTF-8 is hardly ever another encoding by accident, and UTF-16 is known by its mark or its zeros. Of the encodings with one
/// byte for each character, that one is plausible in which the bytes are letters and signs of Swedish text where letters
/// and signs stand: `är orolig för` in MacRoman would be `Šr orolig fšr` in Windows-1252.
public struct EncodingDetector: Sendable {
    private var utf8 = UTF8Counter()
    private var readings = SingleByteReading.all
    private var count = 0
    private var zeros = (even: 0, odd: 0)
    private var beginning: [UInt8] = []
    private var line = 1
    private var firstLine: Int?

    public init() {}

    /// Looks at the next byte.
    public mutating func feed(_ byte: UInt8) {
        if beginning.count < 4 { beginning.append(byte) }
        if byte == 0 { if count.isMultiple(of: 2) { zeros.even += 1 } else { zeros.odd += 1 } }
        if byte == UInt8(ascii: "\n") { line += 1 }
        if byte >= 0x80, firstLine == nil { firstLine = line }
        count += 1
        utf8.feed(byte)
        for index in readings.indices { readings[index].feed(byte) }
    }

    /// The encoding that was named, and for UTF-16 which byte comes first.
    consuming func encoding(given: TextEncoding?) throws(CaseworkError) -> (TextEncoding, isBigEndian: Bool) {
        guard let given else { return try encoding() }
        guard given == .utf16 else { return (given, false) }
        return (given, beginning.starts(with: [0xFE, 0xFF]) || zeros.even > zeros.odd)
    }

    /// The one plausible encoding of all that was fed.
    ///
    /// Errors: `badFile` where there is none or more than one, or the bytes are no text, with what to do.
    public consuming func encoding() throws(CaseworkError) -> (TextEncoding, isBigEndian: Bool) {
        if let other = Self.signatures.first(where: { beginning.starts(with: $0.bytes) }) {
            throw CaseworkError(
                .badFile, "file.other", ["what": "\(other.name)"])
        }
        if beginning.starts(with: [0xFF, 0xFE]) { return (.utf16, false) }
        if beginning.starts(with: [0xFE, 0xFF]) { return (.utf16, true) }
        if zeros.even + zeros.odd > 0 {
            if zeros.odd > count / 4, zeros.even <= zeros.odd / 16 { return (.utf16, false) }
            if zeros.even > count / 4, zeros.odd <= zeros.even / 16 { return (.utf16, true) }
            throw CaseworkError(.badFile, "file.zeros")
        }
        // A space at the end: a sequence that is cut off there is none.
        feed(UInt8(ascii: " "))
        if utf8.badBytes == 0 { return (.utf8, false) }
        var plausible = readings.filter(\.isPlausible).map(\.encoding)
        if utf8.goodSequences > utf8.badBytes { plausible.append(.utf8) }
        guard plausible.count == 1 else {
            let names = (plausible.isEmpty ? TextEncoding.allCases : plausible).map(\.rawValue)
            throw CaseworkError(
                .badFile, plausible.isEmpty ? "text.noReading" : "text.manyReadings",
                [
                    "place": firstLine.map { .words("text.firstOnLine", ["line": "\($0)"]) } ?? "",
                    "names": "\(names.joined(separator: ", "))",
                ])
        }
        return (plausible[0], false)
    }

    private static let signatures: [(bytes: [UInt8], name: String)] = [
        ([0x50, 0x4B, 0x03, 0x04], "a workbook of Excel or a packed file"),
        ([0xD0, 0xCF, 0x11, 0xE0], "a workbook of an older Excel"), (Array("%PDF".utf8), "a PDF file"),
        ([0xFF, 0xFE, 0x00, 0x00], "text in UTF-32"), ([0x00, 0x00, 0xFE, 0xFF], "text in UTF-32"),
    ]
}
