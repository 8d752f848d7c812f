import SQLite
import Support
import SyncProtocol

/// Leases blocks of reference numbers, and gives each replica a small number of its own.
struct LeaseOffice {
    let connection: Connection

    /// Numbers in a block. Small, since a fork throws away what is left of one.
    static let blockSize: UInt64 = 20
    /// How many numbers there are: six digits.
    static let numberCount: UInt64 = 1_000_000
    /// Blocks given at once, at most.
    static let blocksAtOnce: UInt64 = 50
    static let lastDesk: UInt64 = 4_999

    /// Sends again what was lost with an answer, and as many new blocks as are wanted and left.
    func serve(_ state: LeaseState, _ line: inout LineState, _ origin: inout OriginState) throws -> [Lease] {
        if origin.desk == 0, line.nextDesk <= Self.lastDesk {
            origin.desk = line.nextDesk
            line.nextDesk += 1
        }
        // A restored server has forgotten leases that replicas hold: it goes on above all of them.
        // A word beyond all numbers is no such lease, and believing it would leave nobody any.
        if state.highest <= Self.numberCount { line.nextNumber = max(line.nextNumber, state.highest) }
        if state.received <= Self.numberCount / Self.blockSize {
            origin.leasesGiven = max(origin.leasesGiven, state.received)
        }
        var leases = try given(after: state.received, origin)
        guard leases.isEmpty else {
            Marks.reach(.leaseSentAgain)
            return leases
        }
        for _ in 0..<min(state.wanted, Self.blocksAtOnce) {
            guard line.nextNumber + Self.blockSize <= Self.numberCount else { break }
            origin.leasesGiven += 1
            let lease = Lease(ordinal: origin.leasesGiven, start: line.nextNumber, count: Self.blockSize)
            line.nextNumber += Self.blockSize
            try connection.withStatement(
                "INSERT OR REPLACE INTO lease (origin, ordinal, start, count) VALUES (?, ?, ?, ?)"
            ) { row in
                try row.bind(1, origin.ref)
                try row.bind(2, Int64(lease.ordinal))
                try row.bind(3, Int64(lease.start))
                try row.bind(4, Int64(lease.count))
                try row.run()
            }
            leases.append(lease)
        }
        return leases
    }

    private func given(after ordinal: UInt64, _ origin: OriginState) throws -> [Lease] {
        try connection.withStatement(
            "SELECT ordinal, start, count FROM lease WHERE origin = ? AND ordinal > ? ORDER BY ordinal LIMIT 100"
        ) { row in
            try row.bind(1, origin.ref)
            try row.bind(2, Int64(ordinal))
            var leases: [Lease] = []
            while try row.step() {
                leases.append(
                    Lease(ordinal: UInt64(row.integer(0)), start: UInt64(row.integer(1)), count: UInt64(row.integer(2)))
                )
            }
            return leases
        }
    }
}
