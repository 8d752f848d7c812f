import Merge
import PostgreSQL
import SyncProtocol

/// The table `replica`.
enum ReplicaRows {
    private enum Column: Int, RowColumn {
        case line, replica, device, lastNumber, lastDigest, desk, leasesGiven, lastSeen, position, pending
        case oldestPending, clockOffset, schemaVersion, verified, agreed, program, setAside, unopened, numbersLeft
    }

    static let find = SQLStatement(
        "SELECT \(Column.list()) FROM replica WHERE line = $1 AND replica = ANY($2::bigint[])")
    static let all = SQLStatement("SELECT \(Column.list()) FROM replica WHERE line = $1 ORDER BY desk, replica")
    /// When each device was last heard of.
    static let seen = SQLStatement("SELECT device, max(last_seen) FROM replica WHERE line = $1 GROUP BY device")
    /// What was proven equal was so with other rows.
    static let forgetting = SQLStatement("UPDATE replica SET verified = NULL, agreed = NULL WHERE line = $1")
    static let saving = SQLStatement(
        """
        INSERT INTO replica (\(Column.list())) VALUES (\(Column.parameters))
        ON CONFLICT (line, replica) DO UPDATE SET \(Column.replacements(keys: 2))
        """)
    static let statements = [find, all, seen, saving, forgetting]

    static func send(_ replicas: [ReplicaID], line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(find) {
            $0.add(line.bytes)
            $0.add(words: replicas.map(\.rawValue))
        }
    }

    static func decode(_ rows: Rows) -> [ReplicaID: ReplicaState] {
        Dictionary(rows.indices.map { rows[$0] }.map(decode).map { ($0.replica, $0) }) { first, _ in first }
    }

    static func all(line: LineID, _ connection: PostgreSQLConnection) throws -> [ReplicaState] {
        let rows = try connection.run(all) { $0.add(line.bytes) }
        return rows.indices.map { decode(rows[$0]) }
    }

    static func save(_ replica: ReplicaState, line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(saving) {
            $0.add(line.bytes)
            $0.add(replica.replica)
            $0.add(replica.device)
            $0.add(word: replica.lastNumber)
            $0.add(replica.lastDigest)
            $0.add(word: replica.desk)
            $0.add(word: replica.leasesGiven)
            $0.add(replica.lastSeen)
            $0.add(word: replica.cursor)
            $0.add(word: replica.pending)
            $0.add(replica.oldestPending)
            $0.add(replica.clockOffset)
            $0.add(word: replica.schema)
            $0.add(replica.verified)
            $0.add(word: replica.agreed)
            $0.add(replica.condition.program)
            $0.add(word: replica.condition.setAside)
            $0.add(word: replica.condition.unopened)
            $0.add(word: replica.condition.numbersLeft)
        }
    }

    private static func decode(_ row: Row) -> ReplicaState {
        ReplicaState(
            // Stored, that is all that it says here.
            ref: 1, replica: ReplicaID(rawValue: row.word(Column.replica)), device: row.integer(Column.device),
            lastNumber: row.word(Column.lastNumber), lastDigest: row.bytes(Column.lastDigest),
            desk: row.word(Column.desk), leasesGiven: row.word(Column.leasesGiven),
            lastSeen: row.integer(Column.lastSeen), cursor: row.word(Column.position),
            pending: row.word(Column.pending), oldestPending: row.optionalInteger(Column.oldestPending),
            clockOffset: row.integer(Column.clockOffset), schema: row.word(Column.schemaVersion),
            verified: row.isNull(Column.verified) ? nil : row.boolean(Column.verified.rawValue),
            agreed: row.optionalWord(Column.agreed),
            condition: ReplicaCondition(
                program: row.text(Column.program), setAside: row.word(Column.setAside),
                unopened: row.word(Column.unopened), numbersLeft: row.word(Column.numbersLeft)))
    }
}
