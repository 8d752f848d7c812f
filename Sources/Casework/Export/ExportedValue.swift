import JSON
import Merge
import Replica
import SQLite
import Support

/// A field's value as exports write it: moments in RFC 3339, days as `2017-02-01`, references as ids.
enum ExportedValue {
    /// Nil for null.
    static func json(_ row: borrowing Statement, _ index: Int, _ type: FieldType) -> JSONValue? {
        if row.isNull(index) { return nil }
        switch type {
        case .text, .date: return .string(row.text(index))
        case .integer: return .integer(row.integer(index))
        case .boolean: return .bool(row.integer(index) != 0)
        case .timestamp:
            let milliseconds = row.integer(index)
            return moments.contains(milliseconds)
                ? .string(UTCTime.rfc3339(milliseconds: milliseconds)) : .integer(milliseconds)
        case .reference:
            return row.halves(index).map { .string(RecordID(high: $0.high, low: $0.low).description) }
        case .real: return .integer(Int64(bitPattern: row.real(index).bitPattern))
        case .blob: return .array(row.bytes(index).map { JSONValue($0) })
        }
    }

    /// What can be said as a day and a time: years 1 to 9999.
    private static let moments: Range<Int64> = -62_135_596_800_000..<253_402_300_800_000

    static func text(_ value: JSONValue?) -> String {
        switch value {
        case nil, .null?: ""
        case .string(let text)?: text
        case .integer(let number)?: String(number)
        case .bool(let truth)?: truth ? "true" : "false"
        case let other?: other.text
        }
    }

    /// The value that was written so; nil for what is none of the type.
    static func value(_ json: JSONValue, _ type: FieldType) -> Value? {
        switch (type, json) {
        case (_, .null): return .null
        case (.text, .string(let text)): return .text(text)
        case (.date, .string(let text)): return CalendarDate(text).map { .text($0.description) }
        case (.integer, .integer(let number)), (.timestamp, .integer(let number)): return .integer(number)
        case (.boolean, .bool(let truth)): return .integer(truth ? 1 : 0)
        case (.timestamp, .string(let text)): return milliseconds(text).map { .integer($0) }
        case (.reference, .string(let text)): return RecordID(text).map { .reference($0) }
        case (.real, .integer(let bits)): return .real(Double(bitPattern: UInt64(bitPattern: bits)))
        case (.blob, .array(let numbers)):
            let bytes = numbers.compactMap { $0.integer.flatMap { UInt8(exactly: $0) } }
            return bytes.count == numbers.count ? .blob(bytes) : nil
        default: return nil
        }
    }

    /// Reads what ``UTCTime/rfc3339(milliseconds:)`` writes, and nothing else.
    private static func milliseconds(_ text: String) -> Int64? {
        let bytes = Array(text.utf8)
        guard bytes.count == 24, let day = CalendarDate(String(text.prefix(10))) else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            bytes[range].reduce(0) { sum, byte in
                guard let sum, (48...57).contains(byte) else { return nil }
                return sum * 10 + Int64(byte - 48)
            }
        }
        guard let hour = number(11..<13), let minute = number(14..<16), let second = number(17..<19),
            let thousandths = number(20..<23)
        else { return nil }
        let time = ((hour * 60 + minute) * 60 + second) * 1_000 + thousandths
        let result = Int64(day.dayNumber) * 86_400_000 + time
        return UTCTime.rfc3339(milliseconds: result) == text ? result : nil
    }
}
