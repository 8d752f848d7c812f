import SQLite
import Support
import SyncProtocol

/// Blocks of leased reference numbers, and how many of each are used. Owner of `lugn_lease`.
struct Leases {
    let connection: Connection

    static let definition = """
        CREATE TABLE lugn_lease (start INTEGER PRIMARY KEY, count INTEGER NOT NULL, used INTEGER NOT NULL) STRICT;
        """

    /// Takes the next number; nil when all are used.
    func take() throws -> UInt64? {
        let next = try connection.withStatement(
            "SELECT start, start + used FROM lugn_lease WHERE used < count ORDER BY start LIMIT 1"
        ) { row in try row.step() ? (row.integer(0), row.integer(1)) : nil }
        guard let (start, number) = next else {
            Marks.reach(.leasesUsedUp)
            return nil
        }
        try connection.withStatement("UPDATE lugn_lease SET used = used + 1 WHERE start = ?") { row in
            try row.bind(1, start)
            try row.run()
        }
        return UInt64(number)
    }

    func free() throws -> Int {
        Int(try connection.integer("SELECT coalesce(sum(count - used), 0) FROM lugn_lease") ?? 0)
    }

    /// Takes in the blocks that came with an answer; those received before change nothing.
    func receive(_ leases: [Lease], _ link: inout Link) throws {
        for lease in leases where lease.ordinal == link.leasesReceived + 1 {
            try connection.withStatement(
                "INSERT OR IGNORE INTO lugn_lease (start, count, used) VALUES (?, ?, 0)"
            ) { row in
                try row.bind(1, Int64(lease.start))
                try row.bind(2, Int64(lease.count))
                try row.run()
            }
            link.leasesReceived = lease.ordinal
            link.leasesHighest = max(link.leasesHighest, lease.start + lease.count)
        }
    }

    /// Gives up what is left: a copy of this file may be using the same numbers.
    func drop(_ link: inout Link) throws {
        try connection.execute("DELETE FROM lugn_lease")
        link.leasesReceived = 0
        link.desk = 0
    }
}
