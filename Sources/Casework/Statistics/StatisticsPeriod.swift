public import Replica

/// The days that a report is about, the first and the last among them, as the calendar in Sweden has them.
public struct StatisticsPeriod: Hashable, Sendable {
    public let from: CalendarDate
    public let through: CalendarDate

    static let yearLimit = 100

    /// Errors: `badValue` where the last day comes before the first, or a hundred years after it.
    public init(from: CalendarDate, through: CalendarDate) throws(CaseworkError) {
        guard from <= through, through.year - from.year < Self.yearLimit else {
            throw CaseworkError(
                .badValue, "a report goes from a day to the same or a later one, within a hundred years")
        }
        self.from = from
        self.through = through
    }

    /// A whole month.
    public init(month: Month) {
        from = month.first
        through = month.last
    }

    /// From the first moment on, up to the last and not at it.
    var moments: Range<Int64> {
        StockholmTime.moment(from, minute: 0).milliseconds..<StockholmTime.moment(through, minute: 1_440).milliseconds
    }

    /// The months that the period touches, each cut to the period.
    var months: [(month: Month, moments: Range<Int64>)] {
        var month = Month(from)
        var months: [(Month, Range<Int64>)] = []
        while month.first <= through {
            let start = StockholmTime.moment(max(month.first, from), minute: 0).milliseconds
            let end = StockholmTime.moment(min(month.last, through), minute: 1_440).milliseconds
            months.append((month, start..<end))
            if month.next == month { break }  // the calendar's last
            month = month.next
        }
        return months
    }
}
