public import Replica

/// The days that a report is about, the first and the last among them, as the calendar of the line has them.
public struct StatisticsPeriod: Hashable, Sendable {
    public let from: CalendarDate
    public let through: CalendarDate
    /// Of the line, in which the days are meant.
    public var time = LineTime.stockholm

    static let yearLimit = 100

    /// Errors: `badValue` where the last day comes before the first, or a hundred years after it.
    public init(from: CalendarDate, through: CalendarDate) throws(CaseworkError) {
        guard from <= through, through.year - from.year < Self.yearLimit else {
            throw CaseworkError(
                .badValue, "period")
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
        time.moments(from: from, through: through)
    }

    /// The months that the period touches, each cut to the period.
    var months: [(month: Month, moments: Range<Int64>)] {
        var month = Month(from)
        var months: [(Month, Range<Int64>)] = []
        while month.first <= through {
            let moments = time.moments(from: max(month.first, from), through: min(month.last, through))
            months.append((month, moments))
            if month.next == month { break }  // the calendar's last
            month = month.next
        }
        return months
    }
}
