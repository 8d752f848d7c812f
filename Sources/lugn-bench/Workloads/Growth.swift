extension Workload {
    /// What a row costs with a tenth of the rows, with the rows and with ten times as many.
    ///
    /// Each detail is how much dearer a row became for Lugn since the smallest size, divided by how much dearer it became
    /// for the workload's own limit: 1 where both grow alike.
    static let growth = Workload(
        name: "growth", summary: "how a row's cost grows with the rows that there are, against plain SQLite's",
        target: .detailsAtMost(
            Dictionary(uniqueKeysWithValues: names.flatMap { [("\($0) ×10", 1.2), ("\($0) ×100", 1.2)] }))
    ) { bench in
        var measurement = Measurement(unit: "× plain's growth")
        // The same at all sizes: how large a transaction is makes a row cheaper, and is not what is asked here.
        let requestRows = bench.rows / 20
        for workload in all where names.contains(workload.name) {
            // Small amounts vary more from run to run, and cost less.
            let small = try await costs(
                workload, bench, rows: bench.rows / 10, runs: bench.runs * 4, requestRows: requestRows)
            for (name, factor) in [("×10", 1), ("×100", 10)] {
                let large = try await costs(
                    workload, bench, rows: bench.rows * factor, runs: bench.runs, requestRows: requestRows)
                measurement.details.append(
                    ("\(workload.name) \(name)", (large.lugn / small.lugn) / (large.limit / small.limit)))
            }
        }
        return measurement
    }

    private static let names = ["insert-100", "update-100", "merge-new", "accept", "feed"]

    /// Seconds a row, of both sides.
    private static func costs(
        _ workload: Workload, _ bench: Bench, rows: Int, runs: Int, requestRows: Int
    ) async throws -> (lugn: Double, limit: Double) {
        var bench = bench
        bench.rows = rows
        bench.runs = runs
        bench.hasPeers = false
        bench.requestRows = max(1, requestRows)
        let measurement = try await workload.measure(bench)
        guard let lugn = Measurement.median(measurement.lugn), let limit = Measurement.median(measurement.limit) else {
            throw BenchError("\(workload.name) has no limit to grow with")
        }
        return (1 / lugn, 1 / limit)
    }
}
