import Merge
import SQLite
import SyncProtocol

/// The table `lease`.
struct LeaseTable {
    let connection: Connection
    let line: Int64

    /// The blocks of a replica behind an ordinal, in their order.
    func given(to replica: ReplicaID, after ordinal: UInt64) throws -> [Lease] {
        try connection.withStatement(
            """
            SELECT ordinal, start, count FROM lease WHERE line = ? AND replica = ? AND ordinal > ?
            ORDER BY ordinal LIMIT \(Limits.leases)
            """
        ) { row in
            try row.bind(1, line)
            try row.bind(2, Int64(bitPattern: replica.rawValue))
            try row.bind(3, Int64(ordinal))
            var leases: [Lease] = []
            while try row.step() {
                leases.append(Lease(ordinal: row.word(0), start: row.word(1), count: row.word(2)))
            }
            return leases
        }
    }

    /// The starts of all blocks given. At most 50,000.
    func starts() throws -> Set<UInt64> {
        try connection.withStatement("SELECT start FROM lease WHERE line = ?") { row in
            try row.bind(1, line)
            var starts: Set<UInt64> = []
            while try row.step() { starts.insert(row.word(0)) }
            return starts
        }
    }

    func contains(start: UInt64) throws -> Bool {
        try connection.withStatement("SELECT 1 FROM lease WHERE line = ? AND start = ?") { row in
            try row.bind(1, line)
            try row.bind(2, Int64(start))
            return try row.step()
        }
    }

    func insert(_ lease: Lease, replica: ReplicaID) throws {
        try connection.withStatement(
            "INSERT INTO lease (line, start, count, replica, ordinal) VALUES (?, ?, ?, ?, ?)"
        ) { row in
            try row.bind(1, line)
            try row.bind(2, Int64(lease.start))
            try row.bind(3, Int64(lease.count))
            try row.bind(4, Int64(bitPattern: replica.rawValue))
            try row.bind(5, Int64(lease.ordinal))
            try row.run()
        }
    }
}
