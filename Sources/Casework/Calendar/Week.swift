public import Replica

/// A week by its number, `2017-W07` (ISO 8601): from Monday to Sunday, and of the year in which its Thursday lies.
public struct Week: Hashable, Comparable, Sendable, CustomStringConvertible {
    /// Monday.
    public let first: CalendarDate
    /// The year that the week is counted in, which may be another than that of some of its days.
    public let year: Int
    /// 1 to 53.
    public let number: Int

    /// The week that a day lies in.
    public init(_ day: CalendarDate) {
        first = day.adding(days: 1 - day.weekday.rawValue)
        let thursday = first.adding(days: 3)
        year = thursday.year
        number = (thursday.dayNumber - CalendarDate.known(thursday.year, 1, 1).dayNumber) / 7 + 1
    }

    /// Reads `2017-W07`, `2017-v7`. Errors: `badValue`, also for week 53 of a year that has 52.
    public init(parsing text: String) throws(CaseworkError) {
        let parts = text.lowercased().split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 2, parts[0].utf8.count == 4, let mark = parts[1].first, mark == "w" || mark == "v",
            parts[1].utf8.count <= 3, (parts[0] + parts[1].dropFirst()).utf8.allSatisfy({ (48...57).contains($0) }),
            let year = Int(parts[0]), (1...9_998).contains(year), let number = Int(parts[1].dropFirst()), number > 0
        {
            // The 4th of January is always in the first week.
            let week = Week(CalendarDate.known(year, 1, 4).adding(days: (number - 1) * 7))
            if week.year == year {
                self = week
                return
            }
        }
        throw CaseworkError(.badValue, "week")
    }

    /// Sunday.
    public var last: CalendarDate { first.adding(days: 6) }

    public static func < (left: Self, right: Self) -> Bool { left.first < right.first }

    public var description: String {
        func pad(_ number: Int, _ width: Int) -> String {
            let digits = String(number)
            return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
        }
        return "\(pad(year, 4))-W\(pad(number, 2))"
    }
}
