/// Values separated by commas, semicolons or tabs, read in another way than the product does: all bytes at once.
enum CSVReference {
    struct Record {
        var line: Int
        var fields: [[UInt8]]
        var isMalformed: Bool
    }

    /// The records that are not blank; nil where a quote never ends, or is not closed as it should be on another line.
    static func records(_ bytes: [UInt8]) -> [Record]? {
        let bytes = lineFeeds(bytes)
        var records: [Record] = []
        var separator: UInt8?
        var place = 0
        var line = 1
        while place < bytes.count {
            let start = place
            let separatorBefore = separator
            var record = Record(line: line, fields: [], isMalformed: false)
            var field: [UInt8] = []
            var isOver = false
            while place < bytes.count, !isOver {
                let byte = bytes[place]
                place += 1
                switch byte {
                case UInt8(ascii: "\"") where field.isEmpty:
                    let begin = place
                    guard quoted(bytes, &place, &field) else { return nil }
                    let isOneLine = !bytes[begin..<place].contains(UInt8(ascii: "\n"))
                    while place < bytes.count, !endsField(bytes[place], separator) {
                        if bytes[place] != UInt8(ascii: " ") {
                            guard isOneLine else { return nil }
                            record.isMalformed = true
                        }
                        field.append(bytes[place])
                        place += 1
                    }
                case UInt8(ascii: "\n"): isOver = true
                case _ where endsField(byte, separator):
                    separator = byte
                    record.fields.append(field)
                    field = []
                default: field.append(byte)
                }
            }
            record.fields.append(field)
            for byte in bytes[start..<place] where byte == UInt8(ascii: "\n") { line += 1 }
            let isBlank = record.fields.allSatisfy { $0.allSatisfy { $0 == 0x20 || (9...13).contains($0) } }
            if record.line == 1, let named = named(record, separator) {
                separator = named
            } else if !isBlank {
                records.append(record)
            } else if record.line == 1 {
                separator = separatorBefore
            }
        }
        return records
    }

    private static func lineFeeds(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        for (place, byte) in bytes.enumerated() {
            if byte == 0x0A, place > 0, bytes[place - 1] == 0x0D { continue }
            result.append(byte == 0x0D ? 0x0A : byte)
        }
        return result
    }

    private static func endsField(_ byte: UInt8, _ separator: UInt8?) -> Bool {
        byte == UInt8(ascii: "\n") || separator.map { $0 == byte } ?? ",;\t".utf8.contains(byte)
    }

    private static func named(_ record: Record, _ separator: UInt8?) -> UInt8? {
        let text = record.fields.map { String(decoding: $0, as: UTF8.self) }
        if text == ["sep=", ""] { return separator }
        guard text.count == 1, record.fields[0].count == 5, text[0].hasPrefix("sep="), record.fields[0][4] < 0x80 else {
            return nil
        }
        return record.fields[0][4]
    }

    /// Takes a quoted field's content; false if its quote never ends.
    private static func quoted(_ bytes: [UInt8], _ place: inout Int, _ field: inout [UInt8]) -> Bool {
        while place < bytes.count {
            let byte = bytes[place]
            place += 1
            if byte == UInt8(ascii: "\"") {
                guard place < bytes.count, bytes[place] == byte else { return true }
                place += 1
            }
            field.append(byte)
        }
        return false
    }
}
