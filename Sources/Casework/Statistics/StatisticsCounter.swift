import Replica
import SQLite

/// The queries behind ``Statistics``. Valid as long as the snapshot whose connection it is given.
struct StatisticsCounter {
    let connection: Connection
    let period: StatisticsPeriod

    /// On a row of `cases`: it was opened by mistake.
    static let mistakeCondition = "(status IS 'closed' AND closing_reason IS 'mistake')"
    /// On a row below a case: the case was not opened by mistake. Also true where there is none.
    static let countedCondition = """
        (parent IS NULL OR parent NOT IN (SELECT id FROM cases WHERE \(mistakeCondition)))
        """

    struct CaseCounts {
        var count = 0
        var children = 0
        var concern: [String: Int] = [:]
        var caller: [String: Int] = [:]
        var age: [String: Int] = [:]
    }

    func cases() throws -> CaseCounts {
        let any = CaseFields.concernFields.map { "coalesce(\($0.1.definition.name), 0)" }
        var result = CaseCounts()
        try rows(
            """
            SELECT caller, age, count(*), sum(\(CaseworkSchema.concernsChildCondition)),
                sum(NOT (\(any.joined(separator: " OR ")))), \(any.map { "sum(\($0))" }.joined(separator: ", "))
            FROM cases WHERE opened_at >= ?1 AND opened_at < ?2 AND NOT \(Self.mistakeCondition) GROUP BY caller, age
            """
        ) { row in
            let count = Int(row.integer(2))
            result.count += count
            result.children += Int(row.integer(3))
            result.caller[row.optionalText(0) ?? Tally.notRecorded, default: 0] += count
            let age = row.optionalText(1)
            let word = age.flatMap { AgeBand(rawValue: $0) }?.reportWord ?? age
            result.age[word ?? Tally.notRecorded, default: 0] += count
            result.concern[Tally.notRecorded, default: 0] += Int(row.integer(4))
            for (index, field) in CaseFields.concernFields.enumerated() {
                result.concern[field.0.rawValue, default: 0] += Int(row.integer(5 + index))
            }
        }
        return result
    }

    func contactsByMonth() throws -> [Statistics.MonthlyContacts] {
        try period.months.map { month, moments in
            var counts = try contactKinds(moments)
            func take(_ kind: ContactKind) -> Figure { Figure(counts.kinds.removeValue(forKey: kind.rawValue) ?? 0) }
            return Statistics.MonthlyContacts(
                month: month, opening: take(.opening), repeat: take(.repeat), withoutCase: take(.withoutCase),
                outbound: Figure(counts.outbound), other: Figure(counts.kinds.values.reduce(0, +)))
        }
    }

    /// How many contacts there were between two moments, by kind, and how many of them the helpline made.
    func contactKinds(_ moments: Range<Int64>) throws -> (kinds: [String: Int], outbound: Int) {
        var kinds: [String: Int] = [:]
        var outbound = 0
        try rows(
            """
            SELECT coalesce(kind, ''), count(*), sum(channel IS 'outbound') FROM contacts
            WHERE at >= ?1 AND at < ?2 AND \(Self.countedCondition) GROUP BY kind
            """, moments
        ) { row in
            kinds[row.text(0), default: 0] += Int(row.integer(1))
            outbound += Int(row.integer(2))
        }
        return (kinds, outbound)
    }

    /// - Parameters:
    ///   - expression: SQL, on a row of `contacts`.
    ///   - null: the word for contacts where it is null.
    func contacts(by expression: String, null: String = Tally.notRecorded) throws -> [String: Int] {
        try counts(
            """
            SELECT \(expression), count(*) FROM contacts WHERE at >= ?1 AND at < ?2 AND \(Self.countedCondition)
            GROUP BY 1
            """, null: null)
    }

    func referrals() throws -> [String: Int] {
        try counts(
            """
            SELECT outcome, count(*) FROM referrals WHERE at >= ?1 AND at < ?2 AND \(Self.countedCondition) GROUP BY 1
            """, null: "open")
    }

    func closings() throws -> [String: Int] {
        try counts(
            """
            SELECT closing_reason, count(*) FROM cases WHERE closed_at >= ?1 AND closed_at < ?2 AND status IS 'closed'
            GROUP BY 1
            """, null: Tally.notRecorded)
    }

    func concernReports() throws -> Int {
        try connection.withStatement(
            """
            SELECT count(*) FROM measures WHERE kind = 'concernReport' AND day >= ? AND day <= ?
                AND \(Self.countedCondition)
            """
        ) { statement in
            try statement.bind(1, period.from.description)
            try statement.bind(2, period.through.description)
            return try statement.step() ? Int(statement.integer(0)) : 0
        }
    }

    func mistakes() throws -> Statistics.Mistakes {
        var cases = 0
        var contacts = 0
        try rows(
            "SELECT count(*) FROM cases WHERE opened_at >= ?1 AND opened_at < ?2 AND \(Self.mistakeCondition)"
        ) { cases = Int($0.integer(0)) }
        try rows(
            "SELECT count(*) FROM contacts WHERE at >= ?1 AND at < ?2 AND NOT \(Self.countedCondition)"
        ) { contacts = Int($0.integer(0)) }
        return Statistics.Mistakes(cases: Figure(cases), contacts: Figure(contacts))
    }

    func undated() throws -> Int {
        Int(try connection.integer("SELECT count(*) FROM cases WHERE opened_at IS NULL") ?? 0)
    }

    func lineName() throws -> String? {
        try connection.text("SELECT name FROM settings WHERE name <> '' ORDER BY id LIMIT 1")
    }

    // MARK: Helpers

    /// A query of a word and a count, of the period's moments as `?1` and `?2`.
    func counts(_ sql: String, null: String) throws -> [String: Int] {
        var counts: [String: Int] = [:]
        try rows(sql) { counts[$0.optionalText(0) ?? null, default: 0] += Int($0.integer(1)) }
        return counts
    }

    func rows(
        _ sql: String, _ moments: Range<Int64>? = nil, _ body: (borrowing Statement) throws -> Void
    ) throws {
        let moments = moments ?? period.moments
        try connection.withStatement(sql) { statement in
            try statement.bind(1, moments.lowerBound)
            try statement.bind(2, moments.upperBound)
            while try statement.step() { try body(statement) }
        }
    }
}
