/// Reads values separated by commas, semicolons or tabs (RFC 4180) record by record: quoted fields may hold separators,
/// doubled quotes and line breaks. Lines end with LF, CR LF or CR; all are LF in what is read. Memory holds one record.
///
/// A first line such as `sep=;`, as Excel writes and understands it, names the separator. Otherwise the first of the three
/// that stands outside quotes is the one.
package struct CSVReader {
    package struct Record {
        /// On which it begins.
        package var line: Int
        package var fields: [[UInt8]]
        /// Behind a closing quote stands something else than a separator or the line's end: who knows where the field ends.
        package var isMalformed: Bool
    }

    private let next: () throws -> UInt8?
    private(set) var separator: UInt8?
    private var behindReturn: UInt8??
    private var pushedBack: UInt8?
    private var line = 1

    static let recordBytes = 1 << 20

    private static let quote = UInt8(ascii: "\"")
    private static let feed = UInt8(ascii: "\n")

    /// - Parameter next: the bytes one by one, in UTF-8 or what should be; no mark before them.
    package init(next: @escaping () throws -> UInt8?) { self.next = next }

    /// The next record; nil at the end. Records of which all fields are blank are passed over.
    ///
    /// Errors: `badFile` where a quote never ends, or is not closed as it should be and lines stand between: nobody knows
    /// then what belongs to which row.
    package mutating func record() throws -> Record? {
        while true {
            let isFirst = line == 1
            let known = separator
            guard let record = try readRecord() else { return nil }
            if isFirst, let named = namedSeparator(record) {
                separator = named
                continue
            }
            if record.fields.contains(where: { !$0.allSatisfy(Self.isBlank) }) { return record }
            if isFirst { separator = known }
        }
    }

    private mutating func readRecord() throws -> Record? {
        var record = Record(line: line, fields: [], isMalformed: false)
        var field: [UInt8] = []
        var size = 0
        var isEmpty = true
        while let byte = try read() {
            isEmpty = false
            size += 1
            guard size <= Self.recordBytes else { throw tooLong(record.line) }
            if byte == Self.quote, field.isEmpty {
                try readQuoted(&field, &record, &size)
            } else if byte == Self.feed {
                line += 1
                break
            } else if isSeparator(byte) {
                record.fields.append(field)
                field.removeAll()
            } else {
                field.append(byte)
            }
        }
        guard !isEmpty else { return nil }
        record.fields.append(field)
        return record
    }

    /// Takes what stands between a quote and its end, and goes on to the separator or line's end behind it.
    private mutating func readQuoted(_ field: inout [UInt8], _ record: inout Record, _ size: inout Int) throws {
        let begin = line
        while true {
            guard let byte = try read() else {
                throw CaseworkError(
                    .badFile,
                    "csv.quoteNeverEnds", ["line": "\(begin)"]
                )
            }
            size += 1
            guard size <= Self.recordBytes else { throw tooLong(begin) }
            if byte == Self.feed { line += 1 }
            guard byte == Self.quote else {
                field.append(byte)
                continue
            }
            guard let following = try read() else { break }
            guard following == Self.quote else {
                pushedBack = following
                break
            }
            size += 1
            field.append(byte)
        }
        while let byte = try read() {
            if byte == Self.feed || isSeparator(byte) {
                pushedBack = byte
                return
            }
            size += 1
            guard size <= Self.recordBytes else { throw tooLong(begin) }
            field.append(byte)
            if byte == 0x20 { continue }
            guard line == begin else {
                throw CaseworkError(
                    .badFile,
                    "csv.quoteMisplaced", ["line": "\(begin)"]
                )
            }
            record.isMalformed = true
        }
    }

    private func tooLong(_ line: Int) -> CaseworkError {
        CaseworkError(
            .badFile,
            "csv.lineTooLong", ["line": "\(line)"])
    }

    /// The next byte, with a line feed for whatever ends a line.
    private mutating func read() throws -> UInt8? {
        if let byte = pushedBack {
            pushedBack = nil
            return byte
        }
        let byte: UInt8?
        if let held = behindReturn {
            behindReturn = nil
            byte = held
        } else {
            byte = try next()
        }
        guard byte == UInt8(ascii: "\r") else { return byte }
        let following = try next()
        if following != Self.feed { behindReturn = .some(following) }
        return Self.feed
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }

    /// That of a line `sep=;`, which the separator may have split.
    private func namedSeparator(_ record: Record) -> UInt8? {
        let prefix = Array("sep=".utf8)
        if record.fields.count == 2, record.fields[0] == prefix, record.fields[1].isEmpty { return separator }
        guard record.fields.count == 1, record.fields[0].count == prefix.count + 1,
            record.fields[0].starts(with: prefix), let named = record.fields[0].last, named < 0x80
        else { return nil }
        return named
    }

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
