import Merge
import Replica

extension Workload {
    static let updating = [
        Workload(
            name: "update-100", summary: "single-field edits of all records in random order, 100 per transaction",
            target: .ratioAtLeast(0.65)
        ) { bench in
            let order = Keys.shuffled(bench.rows)
            let folder = try bench.fresh("update")
            let parts = Bench.parts(bench.rows, of: 100)
            let line = try await BenchLine(folder: folder)
            var ids: [RecordID] = []
            do {
                let replica = try await line.replica(folder + "/base.db")
                ids = try replica.fill(bench.rows, perTransaction: 100).ids
                try await line.sync(replica)
                let plain = try PlainEntries(folder + "/plain-base.db")
                _ = try plain.fill(parts) { ids[$0] }
            }
            let edited = order.map { ids[$0] }
            return try await bench.interleave(
                unit: "rows/s", peers: bench.peersUpdating(ids, edited, parts)
            ) { run in
                try bench.copy(folder + "/plain-base.db", to: folder + "/plain.db")
                return try PlainEntries(folder + "/plain.db").edit(edited, parts, round: run).rate(bench.rows)
            } lugn: { run in
                try bench.copy(folder + "/base.db", to: folder + "/replica.db")
                let replica = try Replica(path: folder + "/replica.db", schema: Entries.schema)
                return try replica.edit(edited, perTransaction: 100, round: run).rate(bench.rows)
            }
        }
    ]
}
