import Merge
import Replica

extension Workload {
    /// New records, in transactions of a hundred and of one.
    static let inserting = [
        Workload(
            name: "insert-100", summary: "new records, 100 per transaction", target: .ratioAtLeast(0.70)
        ) { bench in
            try await insert(bench, rows: bench.rows, perTransaction: 100, key: nil)
        },
        Workload(
            name: "insert-1", summary: "new records, one per transaction", target: .ratioAtLeast(0.80)
        ) { bench in
            try await insert(bench, rows: max(1, bench.rows / 50), perTransaction: 1, key: nil, hasPeers: true)
        },
        // With the keys that other engines are measured with.
        Workload(
            name: "insert-100-random", summary: "the same with random ids, 100 per transaction",
            target: .ratioAtLeast(0.70)
        ) { bench in
            try await insert(bench, rows: bench.rows, perTransaction: 100, key: Keys.random, hasPeers: true)
        },
    ]

    private static func insert(
        _ bench: Bench, rows: Int, perTransaction size: Int, key: (@Sendable (Int) -> RecordID)?,
        hasPeers: Bool = false
    ) async throws -> Measurement {
        let parts = Bench.parts(rows, of: size)
        var peers = hasPeers ? bench.peersInserting(parts, key: key ?? Keys.ordered) : []
        if bench.hasPeers {
            peers.append(
                PeerRun(name: PlainOutbox.name) { _ in
                    let plain = try PlainOutbox(bench.fresh("outbox") + "/plain.db")
                    return try plain.fill(parts, key: key ?? Keys.ordered).rate(rows)
                })
        }
        return try await bench.interleave(unit: "rows/s", peers: peers) { run in
            let plain = try PlainEntries(bench.fresh("plain") + "/plain.db")
            return try plain.fill(parts, key: key ?? Keys.ordered).rate(rows)
        } lugn: { run in
            let replica = try Replica(path: bench.fresh("lugn") + "/replica.db", schema: Entries.schema)
            return try replica.fill(rows, perTransaction: size, key: key).watch.rate(rows)
        }
    }
}
