import Commands
import JSON
import SQLite

/// The table, and the document that programs read.
struct Report {
    private var workloads: [JSONValue] = []
    private var table = Table([
        .init("workload"), .init("unit"), .init("limit", .right), .init("Lugn", .right), .init("ratio", .right),
        .init("target", .right), .init(""),
    ])
    private(set) var missed: [String] = []
    private var rows: [MarkdownReport.Row] = []

    mutating func add(_ workload: Workload, _ measurement: Measurement) {
        let holds = workload.target.holds(measurement)
        if !holds { missed.append(workload.name) }
        let limit = Measurement.median(measurement.limit)
        let lugn = Measurement.median(measurement.lugn)
        table.addRow([
            workload.name, measurement.unit, limit.map(Figures.short) ?? "–", lugn.map(Figures.short) ?? "–",
            measurement.ratio.map { Figures.fixed($0, 2) } ?? "–", workload.target.tableText, holds ? "" : "missed",
        ])
        for (name, value) in measurement.details {
            let bound = workload.target.bound(of: name).map { "≤ \(Figures.short($0))" } ?? ""
            table.addRow(["  \(name)", "", "", Figures.short(value), "", bound, ""])
        }
        for peer in measurement.peers {
            table.addRow([
                "  \(peer.name)", measurement.unit, "",
                Measurement.median(peer.figures).map(Figures.short) ?? "–",
                measurement.share(peer.figures).map { Figures.fixed($0, 2) } ?? "–", "", "",
            ])
        }
        workloads.append(json(workload, measurement, holds: holds))
        rows.append(.init(workload: workload, measurement: measurement, holds: holds))
    }

    private func json(_ workload: Workload, _ measurement: Measurement, holds: Bool) -> JSONValue {
        [
            "name": .string(workload.name), "summary": .string(workload.summary), "unit": .string(measurement.unit),
            "limit": number(Measurement.median(measurement.limit)),
            "lugn": number(Measurement.median(measurement.lugn)),
            "ratio": number(measurement.ratio, places: 3),
            "peers": .object(
                measurement.peers.map { peer in
                    JSONMember(
                        peer.name,
                        [
                            "figure": number(Measurement.median(peer.figures)),
                            "ratio": number(measurement.share(peer.figures), places: 3),
                        ])
                }),
            "target": .string(workload.target.text), "holds": .bool(holds),
            "runs": [
                "limit": .array(measurement.limit.map { number($0) }),
                "lugn": .array(measurement.lugn.map { number($0) }),
            ],
            "details": .object(measurement.details.map { JSONMember($0.name, number($0.value)) }),
        ]
    }

    private func number(_ value: Double?, places: Int = 2) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .decimal(JSONDecimal(value, places: places))
    }

    var lines: [String] { table.lines() }

    func markdownLines(_ bench: Bench) -> [String] { MarkdownReport(rows: rows).lines(bench) }

    func json(_ bench: Bench) -> JSONValue {
        [
            "machine": Machine.json, "rows": JSONValue(bench.rows), "runs": JSONValue(bench.runs),
            "workloads": .array(workloads),
        ]
    }
}
