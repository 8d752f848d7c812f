import Merge
import PostgreSQL
import SyncProtocol

/// The table `lease`.
enum LeaseRows {
    static let given = SQLStatement(
        """
        SELECT ordinal, start, amount FROM lease WHERE line = $1 AND replica = $2 AND ordinal > $3
        ORDER BY ordinal LIMIT $4
        """)
    /// All blocks of a line. At most 50,000.
    static let starts = SQLStatement("SELECT start FROM lease WHERE line = $1")
    static let contains = SQLStatement("SELECT start FROM lease WHERE line = $1 AND start = $2")
    static let insertion = SQLStatement(
        "INSERT INTO lease (line, start, amount, replica, ordinal) VALUES ($1, $2, $3, $4, $5)")
    static let statements = [given, starts, contains, insertion]

    /// Asks for the blocks of a replica behind an ordinal, in their order.
    static func sendGiven(
        to replica: ReplicaID, after ordinal: UInt64, line: LineID, _ connection: PostgreSQLConnection
    ) throws {
        try connection.send(given) {
            $0.add(line.bytes)
            $0.add(replica)
            $0.add(Int64(clamping: ordinal))
            $0.add(Int64(Limits.leases))
        }
    }

    static func decodeGiven(_ rows: Rows) -> [Lease] {
        rows.indices.map { Lease(ordinal: rows[$0].word(0), start: rows[$0].word(1), count: rows[$0].word(2)) }
    }

    static func insert(_ lease: Lease, replica: ReplicaID, line: LineID, _ connection: PostgreSQLConnection) throws {
        try connection.send(insertion) {
            $0.add(line.bytes)
            $0.add(word: lease.start)
            $0.add(word: lease.count)
            $0.add(replica)
            $0.add(word: lease.ordinal)
        }
    }
}
