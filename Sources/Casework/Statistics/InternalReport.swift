import Replica
import SQLite

/// What the team looks back on each month, and takes to the commissioner: calls, kinds of case, organisations contacted,
/// meetings, lessons.
///
/// Calls are counted as everywhere: those of cases opened by mistake are in none of the numbers.
public struct InternalReport: Sendable {
    /// How often cases were referred to an organisation.
    public struct Referred: Hashable, Sendable {
        /// The entry's name; nil where the entry is not here any more.
        public var organisation: String?
        public var count: Int
    }

    public var month: Month
    /// Cases and contacts of the month.
    public var statistics: Statistics
    /// Its weeks, the first and the last cut to the month.
    public var weeks: [WeeklyContacts]
    /// `incomingCalls`, `outboundCalls`, `chats`, `otherContacts`, and what is known of them.
    public var calls: Tally
    /// Most often first.
    public var referred: [Referred]
    /// Organisations contacted, meetings and lessons, by day.
    public var activities: [Activity]
    public var team: TeamFigures
}

extension Casework {
    /// The internal report of a month. Cost: that of ``statistics(_:)``.
    public func internalReport(_ month: Month) throws -> InternalReport {
        let statistics = try statistics(StatisticsPeriod(month: month))
        let period = statistics.period
        let activities = try activities(from: period.from, through: period.through)
        let (weeks, calls, referred, team) = try replica.read { snapshot in
            let counter = StatisticsCounter(connection: snapshot.connection, period: period)
            return (
                try counter.contactsByWeek(), try counter.calls(statistics), try counter.referredOrganisations(),
                try counter.teamFigures(activities)
            )
        }
        return InternalReport(
            month: month, statistics: statistics, weeks: weeks, calls: calls, referred: referred,
            activities: activities, team: team)
    }
}

extension StatisticsCounter {
    func calls(_ statistics: Statistics) throws -> Tally {
        let channels: [(Channel, String)] = [
            (.phone, "incomingCalls"), (.outbound, "outboundCalls"), (.chat, "chats"),
        ]
        var counts: [String: Int] = [:]
        for (channel, word) in channels { counts[word] = statistics.channel[channel.rawValue].count }
        counts["otherContacts"] = (statistics.contactCount.count ?? 0) - counts.values.reduce(0, +)
        counts["outsideHours"] = statistics.openingHours["outside"].count
        // Other programs may have written what is no length; sums of that have no end.
        try rows(
            """
            SELECT coalesce(sum(minutes), 0) FROM contacts
            WHERE at >= ?1 AND at < ?2 AND minutes BETWEEN 0 AND \(ContactFields.minutesLimit)
                AND \(Self.countedCondition)
            """
        ) { counts["minutes"] = Int($0.integer(0)) }
        try rows(
            "SELECT count(*) FROM attempts WHERE at >= ?1 AND at < ?2 AND result IS 'noAnswer'"
        ) { counts["unansweredAttempts"] = Int($0.integer(0)) }
        return Tally(
            counts,
            words: channels.map(\.1) + ["otherContacts", "outsideHours", "minutes", "unansweredAttempts"], last: nil)
    }

    func referredOrganisations() throws -> [InternalReport.Referred] {
        var referred: [InternalReport.Referred] = []
        try rows(
            """
            SELECT directory.name, count(*) FROM referrals LEFT JOIN directory ON directory.id = referrals.entry
            WHERE referrals.at >= ?1 AND referrals.at < ?2 AND referrals.entry IS NOT NULL
                AND (referrals.parent IS NULL
                    OR referrals.parent NOT IN (SELECT id FROM cases WHERE \(Self.mistakeCondition)))
            GROUP BY referrals.entry ORDER BY count(*) DESC, referrals.entry
            """
        ) { referred.append(.init(organisation: $0.optionalText(0), count: Int($0.integer(1)))) }
        return referred.sorted { first, second in
            first.count != second.count
                ? first.count > second.count
                : SwedishOrder.isBefore(first.organisation ?? "", second.organisation ?? "")
        }
    }
}
