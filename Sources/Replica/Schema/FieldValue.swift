public import Merge

/// A value as it stands in a column.
public enum Value: Hashable, Sendable {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case blob([UInt8])
    case reference(RecordID)
}

/// A Swift type that a field can have. Which one a field has is settled by its ``Field``.
public protocol FieldValue: Sendable {
    static var fieldType: FieldType { get }
    init?(_ value: Value)
    var fieldValue: Value { get }
}

extension String: FieldValue {
    public static var fieldType: FieldType { .text }
    public init?(_ value: Value) {
        guard case .text(let text) = value else { return nil }
        self = text
    }
    public var fieldValue: Value { .text(self) }
}

extension Int64: FieldValue {
    public static var fieldType: FieldType { .integer }
    public init?(_ value: Value) {
        guard case .integer(let number) = value else { return nil }
        self = number
    }
    public var fieldValue: Value { .integer(self) }
}

extension Double: FieldValue {
    public static var fieldType: FieldType { .real }
    public init?(_ value: Value) {
        switch value {
        case .real(let number): self = number
        case .integer(let number): self = Double(number)
        default: return nil
        }
    }
    public var fieldValue: Value { .real(self) }
}

extension Bool: FieldValue {
    public static var fieldType: FieldType { .boolean }
    public init?(_ value: Value) {
        guard case .integer(let number) = value else { return nil }
        self = number != 0
    }
    public var fieldValue: Value { .integer(self ? 1 : 0) }
}

extension [UInt8]: FieldValue {
    public static var fieldType: FieldType { .blob }
    public init?(_ value: Value) {
        guard case .blob(let bytes) = value else { return nil }
        self = bytes
    }
    public var fieldValue: Value { .blob(self) }
}

extension RecordID: FieldValue {
    public static var fieldType: FieldType { .reference }
    public init?(_ value: Value) {
        guard case .reference(let id) = value else { return nil }
        self = id
    }
    public var fieldValue: Value { .reference(self) }
}

/// A moment, in milliseconds since 1970, UTC.
public struct Timestamp: FieldValue, Hashable, Comparable {
    public var milliseconds: Int64
    public init(milliseconds: Int64) { self.milliseconds = milliseconds }
    public static func < (left: Self, right: Self) -> Bool { left.milliseconds < right.milliseconds }
    public static var fieldType: FieldType { .timestamp }
    public init?(_ value: Value) {
        guard case .integer(let number) = value else { return nil }
        milliseconds = number
    }
    public var fieldValue: Value { .integer(milliseconds) }
}

/// A calendar day without a time zone, `2017-02-01`.
public struct CalendarDate: FieldValue, Hashable, Comparable, CustomStringConvertible {
    public let year: Int
    public let month: Int
    public let day: Int

    /// Nil unless the day exists in the Gregorian calendar, years 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= Self.daysInMonth(year: year, month: month)
        else { return nil }
        self.year = year
        self.month = month
        self.day = day
    }

    /// Reads `YYYY-MM-DD`; anything else is nil.
    public init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].utf8.count == 4, parts[1].utf8.count == 2, parts[2].utf8.count == 2,
            parts.allSatisfy({ $0.utf8.allSatisfy { (48...57).contains($0) } }),
            let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2])
        else { return nil }
        self.init(year: year, month: month, day: day)
    }

    public static func daysInMonth(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }

    public static func < (left: Self, right: Self) -> Bool {
        (left.year, left.month, left.day) < (right.year, right.month, right.day)
    }

    public var description: String {
        func pad(_ number: Int, _ count: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: count - digits.count) + digits
        }
        return "\(pad(year, 4))-\(pad(month, 2))-\(pad(day, 2))"
    }

    public static var fieldType: FieldType { .date }
    public init?(_ value: Value) {
        guard case .text(let text) = value else { return nil }
        self.init(text)
    }
    public var fieldValue: Value { .text(description) }
}
