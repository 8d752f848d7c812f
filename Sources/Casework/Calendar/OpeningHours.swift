public import Replica

/// When the line is open: a weekly pattern for each season, days on which it is closed, in Swedish local time.
///
/// ```swift
/// let hours = OpeningHours(
///     [
///         try .init([.monday, .tuesday, .wednesday, .thursday, .friday], "09:00-12:00", "13:00-16:00"),
///         try .init([.monday, .wednesday, .friday], "18:00-22:00", from: CalendarDate("2017-08-28")),
///     ])
/// ```
///
/// Patterns add up: where two hold on a day, the line is open in the hours of both. To replace one, end it.
public struct OpeningHours: Hashable, Sendable {
    public var patterns: [Pattern]
    /// Days on which the line is closed, whatever the patterns say.
    public var closedDays: Set<CalendarDate>
    /// Whether the line is closed on public holidays, Midsummer Eve, Christmas Eve and New Year's Eve.
    public var isClosedOnHolidays: Bool

    public init(_ patterns: [Pattern], closedDays: Set<CalendarDate> = [], isClosedOnHolidays: Bool = true) {
        self.patterns = patterns
        self.closedDays = closedDays
        self.isClosedOnHolidays = isClosedOnHolidays
    }

    /// How far ahead ``nextOpening(after:)`` looks.
    private static let horizonDays = 400

    /// Whether the line is open: from the first minute of an interval on, up to the last and not at its end.
    public func isOpen(at moment: Timestamp) -> Bool {
        let date = StockholmTime.local(moment).date
        return intervals(on: date).contains { interval in
            // Moments and not minutes of the clock, for an hour in October comes twice.
            StockholmTime.moment(date, minute: interval.lowerBound) <= moment
                && moment < StockholmTime.moment(date, minute: interval.upperBound)
        }
    }

    /// Whether a contact at this moment was outside of the opening hours.
    public func isOutside(_ moment: Timestamp) -> Bool { !isOpen(at: moment) }

    /// Whether the line opens at all on this day.
    public func isOpen(on date: CalendarDate) -> Bool { !intervals(on: date).isEmpty }

    /// When the line opens the next time after this moment; nil if it does not in the 400 days to come.
    ///
    /// While it is open, that is the opening after this one. Where one interval meets the next, nothing opens.
    public func nextOpening(after moment: Timestamp) -> Timestamp? {
        let today = StockholmTime.local(moment).date
        for offset in 0...Self.horizonDays {
            let date = today.adding(days: offset)
            for interval in intervals(on: date) where !isContinuation(interval, date) {
                let opening = StockholmTime.moment(date, minute: interval.lowerBound)
                if opening > moment { return opening }
            }
        }
        return nil
    }

    /// An interval from midnight on continues one that went on to midnight.
    private func isContinuation(_ interval: Range<Int>, _ date: CalendarDate) -> Bool {
        interval.lowerBound == 0 && intervals(on: date.adding(days: -1)).last?.upperBound == 1_440
    }

    /// The hours of a day in minutes since midnight, in order, apart from each other.
    public func intervals(on date: CalendarDate) -> [Range<Int>] {
        guard !closedDays.contains(date), !isClosedOnHolidays || SwedishCalendar.holiday(on: date) == nil else {
            return []
        }
        let sorted = patterns.filter { $0.holds(on: date) }.flatMap(\.intervals)
            .sorted { $0.lowerBound < $1.lowerBound }
        return sorted.reduce(into: []) { result, interval in
            if let last = result.last, interval.lowerBound <= last.upperBound {
                result[result.count - 1] = last.lowerBound..<max(last.upperBound, interval.upperBound)
            } else {
                result.append(interval)
            }
        }
    }
}
