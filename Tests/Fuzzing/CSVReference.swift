/// Values separated by commas, semicolons or tabs, read in another way than the product does: all bytes at once.
enum CSVReference {
    struct Record {
        var line: Int
        var fields: [[UInt8]]
    }

    /// The records that are not empty; nil where a quote never ends.
    static func records(_ bytes: [UInt8]) -> [Record]? {
        var records: [Record] = []
        var separator: UInt8?
        var place = 0
        var line = 1
        while place < bytes.count {
            let start = place
            let isFirst = line == 1
            var fields: [[UInt8]] = []
            var field: [UInt8] = []
            var isOver = false
            while place < bytes.count, !isOver {
                let byte = bytes[place]
                place += 1
                switch byte {
                case UInt8(ascii: "\"") where field.isEmpty || isFirst && field == [0xEF, 0xBB, 0xBF]:
                    field = []
                    guard quoted(bytes, &place, &field) else { return nil }
                case UInt8(ascii: "\n"):
                    if field.last == UInt8(ascii: "\r") { field.removeLast() }
                    isOver = true
                case UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "\t"):
                    separator = separator ?? byte
                    if separator == byte {
                        fields.append(field)
                        field = []
                    } else {
                        field.append(byte)
                    }
                default: field.append(byte)
                }
            }
            if !fields.isEmpty || !field.isEmpty { records.append(Record(line: line, fields: fields + [field])) }
            for byte in bytes[start..<place] where byte == UInt8(ascii: "\n") { line += 1 }
        }
        return records
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
