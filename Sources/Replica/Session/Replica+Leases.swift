import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

extension Replica {
    /// Takes the blocks of reference numbers that came with an answer; those received before change nothing.
    func takeLeases(_ response: SyncResponse, _ writer: Writer, _ link: inout Link) throws {
        if response.desk != 0 { link.desk = response.desk }
        for lease in response.leases where lease.ordinal == link.leasesReceived + 1 {
            try writer.connection.withStatement(
                "INSERT OR IGNORE INTO lugn_lease (start, count, used) VALUES (?, ?, 0)"
            ) { row in
                try row.bind(1, Int64(bitPattern: lease.start))
                try row.bind(2, Int64(bitPattern: lease.count))
                try row.run()
            }
            link.leasesReceived = lease.ordinal
            link.leasesHighest = max(link.leasesHighest, lease.start + lease.count)
        }
    }

    /// How many leased numbers are left.
    public func freeNumbers() throws -> Int {
        try read { snapshot in
            Int(
                try snapshot.query("SELECT coalesce(sum(count - used), 0) FROM lugn_lease") { $0.integer(0) }.first ?? 0
            )
        }
    }

    /// The key that scatters leased numbers, the same at every workstation of the line; nil before joining.
    public func referenceNumberKey() throws -> [UInt8]? {
        try lineKey()?.derived(for: .referenceNumbers)
    }
}

extension WriteTransaction {
    /// Takes the next leased number; nil when all are used. Undone with the transaction.
    public func takeLeasedNumber() throws -> UInt64? {
        let connection = snapshot.connection
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

    /// This replica's small number in its line, 0 if the server has not given it one.
    public func deskNumber() throws -> UInt64 {
        UInt64(try snapshot.connection.integer("SELECT desk FROM lugn_link") ?? 0)
    }

    /// The replica's random name, for what must be unique without asking anybody.
    public var replicaID: UInt64 { state.replica.rawValue }
}
