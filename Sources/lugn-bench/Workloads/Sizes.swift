import Merge
import Replica
import SyncProtocol

extension Workload {
    static let sizes = [
        Workload(
            name: "wire", summary: "bytes per new record, sealed, all included: the larger of push and pull",
            target: .ratioAtMost(1.5)
        ) { bench in
            let line = try await BenchLine(folder: try bench.fresh("size"))
            let writer = try await line.replica()
            _ = try writer.fill(bench.rows, perTransaction: 100)
            let pushed = try writer.nextRequest(requestBytes: .max / 2).body.count
            try await line.sync(writer)
            let pulled = try await Feed(line, for: try await line.replica()).answers.reduce(0) { $0 + $1.count }
            var measurement = Measurement(unit: "bytes/row")
            let rows = Double(bench.rows)
            measurement.limit = [Double((0..<bench.rows).reduce(0) { $0 + Entry($1).valueBytes }) / rows]
            measurement.lugn = [Double(max(pushed, pulled)) / rows]
            measurement.details = [("push", Double(pushed) / rows), ("pull", Double(pulled) / rows)]
            return measurement
        },
        Workload(
            name: "disk", summary: "a replica's file, nothing waiting to be sent, vacuumed", target: .ratioAtMost(1.20)
        ) { bench in
            let folder = try bench.fresh("size")
            let line = try await BenchLine(folder: folder)
            var ids: [RecordID] = []
            do {
                let writer = try await line.replica(folder + "/replica.db")
                ids = try writer.fill(bench.rows, perTransaction: 100).ids
                try await line.sync(writer)
                _ = try PlainEntries(folder + "/plain.db").fill(Bench.parts(bench.rows, of: 100)) { ids[$0] }
            }
            for name in ["/replica.db", "/plain.db"] {
                try PlainDatabase(folder + name).execute("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)")
            }
            var measurement = Measurement(unit: "bytes/row")
            measurement.limit = [Double(try bench.size(of: folder + "/plain.db")) / Double(bench.rows)]
            measurement.lugn = [Double(try bench.size(of: folder + "/replica.db")) / Double(bench.rows)]
            return measurement
        },
    ]
}
