import Replica
import SQLite

/// What the team looks at beside calls and cases: its own offers, assessments, mails and reviews, and where nobody was found
/// to refer to.
public struct TeamFigures: Sendable {
    /// Where there was nobody to refer to: the line's main finding about those over 21.
    public struct Gap: Hashable, Sendable {
        /// ``AgeBand`` of the person concerned, as reports write it; `notRecorded`.
        public var age: String
        /// ``County``; nil where none was given.
        public var county: String?
        public var count: Int
    }

    /// By age, youngest first, and county, in the order of their codes.
    public var gaps: [Gap]
    /// Answers to the offer of research, of the cases opened in the month; `notAsked`.
    public var research: Tally
    /// Of the cases opened in the month.
    public var heardOf: Tally
    /// `assessed` and `notAssessed`, of the cases opened in the month that concern a child.
    public var assessments: Tally
    /// `assessmentsMade`, `remindersSent`, `reviewsMade` in the month.
    public var work: Tally
    /// By kind.
    public var activities: Tally
}

extension StatisticsCounter {
    func teamFigures(_ activities: [Activity]) throws -> TeamFigures {
        TeamFigures(
            gaps: try gaps(),
            research: Tally(
                try cases(by: "research_offer", null: "notAsked"), words: ResearchOffer.allCases.map(\.rawValue),
                last: "notAsked"),
            heardOf: Tally(try cases(by: "heard_of"), words: HeardOf.allCases.map(\.rawValue)),
            assessments: Tally(try assessments(), words: ["assessed", "notAssessed"], last: nil),
            work: Tally(
                [
                    "assessmentsMade": try measures(.assessment), "remindersSent": try reminders(),
                    "reviewsMade": try measures(.review),
                ], words: ["assessmentsMade", "remindersSent", "reviewsMade"], last: nil),
            activities: Tally(
                Dictionary(activities.map { ($0.kind, 1) }, uniquingKeysWith: +),
                words: ActivityKind.allCases.map(\.rawValue), last: nil))
    }

    private func gaps() throws -> [TeamFigures.Gap] {
        var gaps: [TeamFigures.Gap] = []
        try rows(
            """
            SELECT c.age, r.county, count(*) FROM referrals r LEFT JOIN cases c ON c.id = r.parent
            WHERE r.at >= ?1 AND r.at < ?2 AND r.outcome IS 'nobodyToReferTo'
                AND (r.parent IS NULL OR r.parent NOT IN (SELECT id FROM cases WHERE \(Self.mistakeCondition)))
            GROUP BY c.age, r.county
            """
        ) { row in
            let age = row.optionalText(0)
            let word = age.flatMap { AgeBand(rawValue: $0) }?.reportWord ?? age ?? Tally.notRecorded
            gaps.append(.init(age: word, county: row.optionalText(1), count: Int(row.integer(2))))
        }
        let ages = AgeBand.allCases.map(\.reportWord)
        let counties = County.allCases.map(\.rawValue)
        func order(_ gap: TeamFigures.Gap) -> (Int, Int, String) {
            let county = gap.county.flatMap { counties.firstIndex(of: $0) } ?? counties.count
            return (ages.firstIndex(of: gap.age) ?? ages.count, county, gap.county ?? "")
        }
        return gaps.sorted { order($0) < order($1) }
    }

    private func cases(by field: String, null: String = Tally.notRecorded) throws -> [String: Int] {
        try counts(
            """
            SELECT \(field), count(*) FROM cases
            WHERE opened_at >= ?1 AND opened_at < ?2 AND NOT \(Self.mistakeCondition) GROUP BY 1
            """, null: null)
    }

    private func assessments() throws -> [String: Int] {
        try counts(
            """
            SELECT iif(EXISTS (SELECT 1 FROM measures m WHERE m.parent = cases.id AND m.kind = 'assessment'),
                'assessed', 'notAssessed'), count(*) FROM cases
            WHERE opened_at >= ?1 AND opened_at < ?2 AND NOT \(Self.mistakeCondition)
                AND \(CaseworkSchema.concernsChildCondition) GROUP BY 1
            """, null: "notAssessed")
    }

    private func measures(_ kind: MeasureKind) throws -> Int {
        try days(
            """
            SELECT count(*) FROM measures WHERE kind = '\(kind.rawValue)' AND day >= ?1 AND day <= ?2
                AND \(Self.countedCondition)
            """)
    }

    /// A mail about several entries is one.
    private func reminders() throws -> Int {
        try days(
            "SELECT count(DISTINCT sent_on || ' ' || lower(address)) FROM reminders WHERE sent_on >= ?1 AND sent_on <= ?2"
        )
    }

    /// Of the period's days as `?1` and `?2`.
    private func days(_ sql: String) throws -> Int {
        try connection.withStatement(sql) { statement in
            try statement.bind(1, period.from.description)
            try statement.bind(2, period.through.description)
            return try statement.step() ? Int(statement.integer(0)) : 0
        }
    }
}
