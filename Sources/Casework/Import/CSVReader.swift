/// Reads values separated by commas, semicolons or tabs (RFC 4180) record by record: quoted fields may hold separators,
/// doubled quotes and line breaks. Memory holds one record.
package struct CSVReader {
    private let next: () throws -> UInt8?
    private let encoding: TextEncoding
    private(set) var separator: UInt8?
    private var pushedBack: UInt8?
    /// The bytes of the latest record as they stand in the file, without a byte order mark and the line's end.
    private(set) var bytes: [UInt8] = []
    package private(set) var line = 0
    private var nextLine = 1

    static let recordBytes = 1 << 20

    package init(encoding: TextEncoding = .utf8, next: @escaping () throws -> UInt8?) {
        self.encoding = encoding
        self.next = next
    }

    private mutating func read() throws -> UInt8? {
        if let byte = pushedBack {
            pushedBack = nil
            return byte
        }
        let byte = try next()
        if let byte { bytes.append(byte) }
        return byte
    }

    /// The next record; nil at the end. ``line`` is then the line it began on. Empty lines are passed over.
    ///
    /// Errors: `badText` for a record that is not in the file's encoding: the next call gives the one behind it. `badFile` for a quote
    /// that never ends: there is nothing behind it.
    package mutating func record() throws -> [String]? {
        while true {
            line = nextLine
            guard let fields = try fields() else { return nil }
            if fields != [""] { return fields }
        }
    }

    private mutating func fields() throws -> [String]? {
        var fields: [String] = []
        var field: [UInt8] = []
        var isQuoted = false
        var hasAny = false
        var size = 0
        var isValid = true
        bytes.removeAll(keepingCapacity: true)
        func finish() -> String {
            if let text = encoding.text(field) { return text }
            isValid = false
            return ""
        }
        while let byte = try read() {
            hasAny = true
            size += 1
            if byte == UInt8(ascii: "\n") { nextLine += 1 }
            guard size <= Self.recordBytes else {
                throw CaseworkError(
                    .badFile, "line \(line) of the file goes on for more than 1 MiB; a quote may be missing")
            }
            if isQuoted {
                guard byte == UInt8(ascii: "\"") else {
                    field.append(byte)
                    continue
                }
                let following = try read()
                if following == UInt8(ascii: "\"") {
                    field.append(byte)
                } else {
                    isQuoted = false
                    pushedBack = following
                }
            } else if byte == UInt8(ascii: "\""), field.isEmpty || isMark(field) {
                field.removeAll()
                isQuoted = true
            } else if byte == UInt8(ascii: "\n") {
                if field.last == UInt8(ascii: "\r") { field.removeLast() }
                break
            } else if isSeparator(byte) {
                fields.append(finish())
                field.removeAll()
            } else {
                field.append(byte)
            }
        }
        guard hasAny else { return nil }
        guard !isQuoted else {
            throw CaseworkError(.badFile, "the quote that begins on line \(line) of the file never ends")
        }
        if line == 1, bytes.starts(with: Self.mark) { bytes.removeFirst(Self.mark.count) }
        while bytes.last == UInt8(ascii: "\n") || bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
        fields.append(finish())
        guard isValid else { throw CaseworkError(.badText, "the row is not in \(encoding.rawValue)") }
        return fields
    }

    /// A byte order mark at the beginning of the file, which may have a quote behind it.
    private func isMark(_ field: [UInt8]) -> Bool { line == 1 && field == Self.mark }

    private static let mark: [UInt8] = [0xEF, 0xBB, 0xBF]

    /// The first separator outside quotes settles which of the three the file uses.
    private mutating func isSeparator(_ byte: UInt8) -> Bool {
        if let separator { return byte == separator }
        guard byte == UInt8(ascii: ",") || byte == UInt8(ascii: ";") || byte == UInt8(ascii: "\t") else {
            return false
        }
        separator = byte
        return true
    }
}
