/// The table of docs/benchmarks.md: what was measured, as it is written there.
struct MarkdownReport {
    struct Row {
        var workload: Workload
        var measurement: Measurement
        var holds: Bool
    }

    var rows: [Row]

    func lines(_ bench: Bench) -> [String] {
        let peers = peerNames
        let headings = ["workload", "unit", "limit", "Lugn", "ratio", "target"] + peers.map { "\($0), ratio" }
        let alignments = ["---", "---"] + [String](repeating: "---:", count: 4 + peers.count)
        var lines = [
            "\(Machine.description). \(Figures.short(Double(bench.rows))) rows, medians of \(bench.runs) runs.", "",
            line(headings), line(alignments),
        ]
        for row in rows {
            lines.append(line(cells(row, peers)))
            for detail in row.measurement.details {
                let held = row.workload.target.bound(of: detail.name)
                lines.append(
                    line(
                        [
                            "", detail.name, "", Figures.short(detail.value), "",
                            held.map { "≤ \(Figures.short($0))" } ?? "",
                        ]
                            + peers.map { _ in "" }))
            }
        }
        return lines
    }

    private var peerNames: [String] {
        var names: [String] = []
        for peer in rows.flatMap(\.measurement.peers) where !names.contains(peer.name) { names.append(peer.name) }
        return names
    }

    private func cells(_ row: Row, _ peers: [String]) -> [String] {
        let measurement = row.measurement
        var target = row.workload.target.tableText
        if !row.holds { target += target.isEmpty ? "missed" : ", missed" }
        return [
            "`\(row.workload.name)`", measurement.unit, short(Measurement.median(measurement.limit)),
            short(Measurement.median(measurement.lugn)), measurement.ratio.map { Figures.fixed($0, 2) } ?? "", target,
        ]
            + peers.map { name in
                measurement.peers.first { $0.name == name }.flatMap { measurement.share($0.figures) }.map {
                    Figures.fixed($0, 2)
                } ?? ""
            }
    }

    private func short(_ figure: Double?) -> String { figure.map(Figures.short) ?? "" }

    private func line(_ cells: [String]) -> String { "| " + cells.joined(separator: " | ") + " |" }
}
