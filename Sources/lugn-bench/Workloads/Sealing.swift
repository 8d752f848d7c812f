import Replica
import SyncProtocol

extension Workload {
    static let sealing = [
        Workload(
            name: "seal", summary: "sealing and encoding the outbox of insert-100", target: .atLeast(400_000)
        ) { bench in
            let line = try await BenchLine(folder: try bench.fresh("seal"))
            let replica = try await line.replica()
            _ = try replica.fill(bench.rows, perTransaction: 100)
            var measurement = Measurement(unit: "rows/s")
            for _ in 0..<bench.runs {
                var watch = Stopwatch()
                let bytes = try watch.time { try replica.nextRequest(requestBytes: .max / 2).body }
                measurement.lugn.append(watch.rate(bench.rows))
                measurement.details = [("bytes per row", Double(bytes.count) / Double(bench.rows))]
            }
            return measurement
        }
    ]
}
