import Merge
import SQLite
import SyncProtocol

/// Reads of the tables `log` and `change` that only operators ask for: by header, over much of a line.
struct OperatorLookup {
    let connection: Connection
    let line: Int64

    func commits(_ query: LogQuery) throws -> [LoggedCommit] {
        let before = query.before.map { min($0, LogKey.lastPosition) } ?? LogKey.lastPosition
        return try connection.withStatement(
            """
            SELECT l.key, l.time, l.dot, l.replica, l.number, count(c.position), coalesce(sum(length(c.sealed)), 0)
            FROM log l LEFT JOIN change c
                ON c.position >= l.key << \(LogKey.indexBits) AND c.position < (l.key + 1) << \(LogKey.indexBits)
            WHERE l.key >= ?1 AND l.key < ?2 AND (?3 IS NULL OR l.time >= ?3) AND (?4 IS NULL OR l.time < ?4)
                \(condition(query))
            GROUP BY l.key ORDER BY l.key DESC LIMIT ?6
            """
        ) { row in
            try row.bind(1, LogKey.position(line, 1))
            try row.bind(2, LogKey.position(line, before))
            try row.bind(3, query.since.map(Self.time))
            try row.bind(4, query.until.map(Self.time))
            if let record = query.record { try row.bind(5, record) }
            try row.bind(6, Int64(min(max(query.limit, 1), LogQuery.largestLimit)))
            var commits: [LoggedCommit] = []
            while try row.step() {
                commits.append(
                    LoggedCommit(
                        position: UInt64(row.integer(0)) & LogKey.lastPosition, stamp: ChangeTable.stamp(row, 1),
                        replica: row.optionalInteger(3).map { ReplicaID(rawValue: UInt64(bitPattern: $0)) },
                        number: row.optionalInteger(4).map { UInt64(bitPattern: $0) },
                        changes: Int(row.integer(5)), sealedBytes: Int(row.integer(6))))
            }
            return commits
        }
    }

    /// The ids are numbers that the store gave itself: they may stand in the statement.
    private func condition(_ query: LogQuery) -> String {
        var condition = ""
        if let replicas = query.replicas {
            let list = replicas.map { String(Int64(bitPattern: $0.rawValue)) }.joined(separator: ", ")
            condition += " AND l.replica IN (\(list))"
        }
        if query.record != nil {
            condition += """
                 AND l.key IN (SELECT position >> \(LogKey.indexBits) FROM change WHERE record = ?5
                AND position >> \(LogKey.lineBits) = \(line))
                """
        }
        return condition
    }

    private static func time(_ milliseconds: Int64) -> Int64 {
        Int64(bitPattern: HybridTimestamp(milliseconds: min(max(milliseconds, 0), 1 << 46), counter: 0).rawValue)
    }

    func changes(of record: RecordID) throws -> [HeldChangeSummary] {
        let log = LogTable(connection: connection, line: line)
        var changes: [HeldChangeSummary] = []
        try ChangeTable(connection: connection, line: line).forEach(of: record) { row in
            let place = LogKey.place(ofChange: row.integer(ChangeTable.Column.position))
            guard let header = ChangeTable.header(row), let head = try log.head(at: place.position) else { return }
            changes.append(
                HeldChangeSummary(
                    position: place.position, stamp: head.stamp, header: header,
                    live: FieldMask(rawValue: row.word(ChangeTable.Column.live)),
                    sealedBytes: row.bytes(ChangeTable.Column.sealed).count))
        }
        return changes
    }

    func concurrentRecords() throws -> [ConcurrentRecord] {
        // Mostly a record has one row, and the index alone says so.
        let candidates = try connection.withStatement(
            """
            SELECT record FROM change WHERE position >> \(LogKey.lineBits) = ?1 GROUP BY record HAVING count(*) > 1
            """
        ) { row in
            try row.bind(1, line)
            var ids: [RecordID] = []
            while try row.step() { if let id = row.record(0) { ids.append(id) } }
            return ids
        }
        return try candidates.compactMap { try ConcurrentRecord($0, changes(of: $0)) }
    }
}
