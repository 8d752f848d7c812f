public import Merge
import PostgreSQL
public import SyncProtocol

/// Reads of `log` and `change` that only operators ask for: by header, over much of a line.
enum LookupRows {
    static let commits = SQLStatement(
        """
        SELECT l.position, l.time, l.dot, l.replica, l.number, count(c.ordinal),
            coalesce(sum(length(c.sealed)), 0)::bigint
        FROM log l LEFT JOIN change c ON c.line = l.line AND c.position = l.position
        WHERE l.line = $1 AND l.position < $2 AND l.time >= $3 AND l.time < $4
            AND ($5::bigint[] IS NULL OR l.replica = ANY($5::bigint[]))
            AND ($6::uuid IS NULL OR l.position IN (
                SELECT r.position FROM change r WHERE r.line = $1 AND r.record = $6::uuid))
        GROUP BY l.line, l.position, l.time, l.dot, l.replica, l.number ORDER BY l.position DESC LIMIT $7
        """)
    /// Mostly a record has one row, and the index alone says so.
    static let several = SQLStatement(
        "SELECT c.record FROM change c WHERE c.line = $1 GROUP BY c.record HAVING count(*) > 1")
    static let statements = [commits, several]

    static func decodeCommit(_ row: Row) -> LoggedCommit {
        LoggedCommit(
            position: row.word(0),
            stamp: Stamp(time: HybridTimestamp(rawValue: row.word(1)), dot: Dot(rawValue: row.word(2))),
            replica: row.optionalWord(3).map(ReplicaID.init(rawValue:)), number: row.optionalWord(4),
            changes: Int(row.integer(5)), sealedBytes: Int(row.integer(6)))
    }

    static func time(_ milliseconds: Int64) -> Int64 {
        Int64(bitPattern: HybridTimestamp(milliseconds: min(max(milliseconds, 0), 1 << 46), counter: 0).rawValue)
    }

    static func decodeChanges(_ rows: Rows) -> [HeldChangeSummary] {
        rows.indices.compactMap { index in
            let row = rows[index]
            guard let header = ChangeRows.header(row) else { return nil }
            return unsafe HeldChangeSummary(
                position: row.word(ChangeRows.Column.position), stamp: ChangeRows.stamp(row), header: header,
                live: FieldMask(rawValue: row.word(ChangeRows.Column.live)),
                sealedBytes: row.withBytes(ChangeRows.Column.sealed.rawValue) { $0.count })
        }
    }
}

extension PostgreSQLChangeLog {
    public func commits(of line: LineID, matching query: LogQuery) async throws -> [LoggedCommit] {
        try await run { connection in
            let rows = try connection.run(LookupRows.commits) {
                $0.add(line.bytes)
                $0.add(query.before.map { Int64(clamping: $0) } ?? .max)
                $0.add(query.since.map(LookupRows.time) ?? .min)
                $0.add(query.until.map(LookupRows.time) ?? .max)
                if let replicas = query.replicas { $0.add(words: replicas.map(\.rawValue)) } else { $0.addNull() }
                $0.add(query.record)
                $0.add(Int64(min(max(query.limit, 1), LogQuery.largestLimit)))
            }
            return rows.indices.map { LookupRows.decodeCommit(rows[$0]) }
        }
    }

    public func changes(of record: RecordID, in line: LineID) async throws -> [HeldChangeSummary] {
        try await run { try Self.changes(of: record, in: line, $0) }
    }

    public func concurrentRecords(of line: LineID) async throws -> [ConcurrentRecord] {
        try await transaction(isWriting: false) { access in
            let rows = try access.connection.run(LookupRows.several) { $0.add(line.bytes) }
            return try rows.indices.compactMap { rows[$0].record(0) }.compactMap {
                try ConcurrentRecord($0, Self.changes(of: $0, in: line, access.connection))
            }
        }
    }

    private static func changes(
        of record: RecordID, in line: LineID, _ connection: PostgreSQLConnection
    ) throws -> [HeldChangeSummary] {
        let rows = try connection.run(ChangeRows.recordFeed) {
            $0.add(line.bytes)
            $0.add(record)
        }
        return LookupRows.decodeChanges(rows)
    }

    /// What was erased leaves the tables' files with it: PostgreSQL writes them anew.
    public func compact() async throws {
        try await run { connection in
            defer { connection.patienceMilliseconds = PostgreSQLConnection.usualPatienceMilliseconds }
            connection.patienceMilliseconds = 3_600_000
            _ = try connection.run(Session.unlimited)
            defer { _ = try? connection.run(Session.limited) }
            for table in StoreSchema.compactions { _ = try connection.run(table) }
        }
    }
}
