import Replica
import SQLite

/// The contacts of one week by its number, as far as it is in the period. For internal use: the published series is of months.
public struct WeeklyContacts: Hashable, Sendable {
    public var week: Week
    public var opening: Int
    public var `repeat`: Int
    public var withoutCase: Int
    /// Calls that the helpline made; they are among the others.
    public var outbound: Int
    /// Of a kind that only a newer version knows, or none.
    public var other: Int
}

extension Casework {
    /// The contacts of a period, week by week, in the line's time. Cost: one pass over the period's contacts.
    public func contactsByWeek(_ period: StatisticsPeriod) throws -> [WeeklyContacts] {
        try replica.read { snapshot in
            var period = period
            period.time = try LineSettings.time(snapshot)
            return try StatisticsCounter(connection: snapshot.connection, period: period).contactsByWeek()
        }
    }
}

extension StatisticsCounter {
    func contactsByWeek() throws -> [WeeklyContacts] {
        try period.weeks.map { week, moments in
            var counts = try contactKinds(moments)
            func take(_ kind: ContactKind) -> Int { counts.kinds.removeValue(forKey: kind.rawValue) ?? 0 }
            return WeeklyContacts(
                week: week, opening: take(.opening), repeat: take(.repeat), withoutCase: take(.withoutCase),
                outbound: counts.outbound, other: counts.kinds.values.reduce(0, +))
        }
    }
}

extension StatisticsPeriod {
    /// The weeks that the period touches, each cut to the period.
    var weeks: [(week: Week, moments: Range<Int64>)] {
        var week = Week(from)
        var weeks: [(Week, Range<Int64>)] = []
        while week.first <= through {
            weeks.append((week, time.moments(from: max(week.first, from), through: min(week.last, through))))
            let next = Week(week.last.adding(days: 1))
            if next == week { break }  // the calendar's last
            week = next
        }
        return weeks
    }
}
