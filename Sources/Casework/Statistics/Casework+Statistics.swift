import Replica

extension Casework {
    /// Counts what the report of a period is made of, as of one moment, by aggregation in the database.
    ///
    /// Cost: one pass over the cases and a few over the period's contacts; memory does not grow with either.
    public func statistics(_ period: StatisticsPeriod) throws -> Statistics {
        let status = try replica.status()
        return try replica.read { snapshot in
            var period = period
            period.time = try LineSettings.time(snapshot)
            let counter = StatisticsCounter(connection: snapshot.connection, period: period)
            let cases = try counter.cases()
            let channels = try counter.contacts(by: "channel")
            return Statistics(
                period: period, cases: Figure(cases.count), children: Figure(cases.children),
                concern: Tally(cases.concern, words: Concern.allCases.map(\.rawValue)),
                caller: Tally(cases.caller, words: Caller.allCases.map(\.rawValue)),
                age: Tally(cases.age, words: AgeBand.allCases.map(\.reportWord)),
                contactCount: Figure(channels.values.reduce(0, +)), contacts: try counter.contactsByMonth(),
                channel: Tally(channels, words: Channel.allCases.map(\.rawValue)),
                language: Tally(byFrequency: try counter.contacts(by: "language")),
                interpreting: Tally(
                    try counter.contacts(by: "interpreting", null: "none"),
                    words: ["none"] + Interpreting.allCases.map(\.rawValue), last: nil),
                request: Tally(try counter.contacts(by: "request"), words: Request.allCases.map(\.rawValue)),
                openingHours: Tally(
                    try counter.contacts(by: "CASE outside_hours WHEN 1 THEN 'outside' WHEN 0 THEN 'within' END"),
                    words: ["outside", "within"]),
                referrals: Tally(
                    try counter.referrals(), words: ReferralOutcome.allCases.map(\.rawValue), last: "open"),
                closings: Tally(try counter.closings(), words: ClosingReason.allCases.map(\.rawValue)),
                concernReports: Figure(try counter.concernReports()), mistakes: try counter.mistakes(),
                undated: Figure(try counter.undated()), desks: DeskKnowledge(status),
                lineName: try counter.lineName() ?? status.lineName,
                generatedAt: Timestamp(milliseconds: wallMilliseconds()))
        }
    }
}

extension AgeBand {
    /// The band as reports write it: `from18To21`.
    var reportWord: String {
        switch self {
        case .under18: "under18"
        case .from18To21: "from18To21"
        case .from22To25: "from22To25"
        case .over25: "over25"
        }
    }
}
