public import Replica

/// A calendar month, `2017-02`.
public struct Month: Hashable, Comparable, Sendable, CustomStringConvertible {
    public let first: CalendarDate

    public init(_ day: CalendarDate) { first = CalendarDate.known(day.year, day.month, 1) }

    /// Reads `YYYY-MM`. Errors: `badValue`.
    public init(parsing text: String) throws(CaseworkError) {
        guard text.utf8.count == 7, let day = CalendarDate(text + "-01") else {
            throw CaseworkError(.badValue, "month")
        }
        first = day
    }

    public var last: CalendarDate {
        CalendarDate.known(first.year, first.month, CalendarDate.daysInMonth(year: first.year, month: first.month))
    }

    public var next: Month { Month(last.adding(days: 1)) }

    public static func < (left: Self, right: Self) -> Bool { left.first < right.first }

    public var description: String { String(first.description.prefix(7)) }
}
