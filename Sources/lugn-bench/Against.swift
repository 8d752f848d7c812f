import Commands
import Foundation
import JSON

/// Another build of this program and this one, by turns, a run of each at a time: what else the machine does meets both.
///
/// Each run is a process of its own, and measures its limit too. What is compared is Lugn's figure as a share of the limit of
/// the same run, where there is one: a machine that is slower for a minute is slower on both sides.
struct Against {
    let bench: Bench
    let other: String
    let isProcessorTime: Bool

    /// What all protections together may cost, as a factor.
    static let mostCost = 1.15

    struct Line {
        var name: String
        var unit: String
        /// The medians of Lugn's own figures.
        var before: Double
        var now: Double
        /// How many times the work of the other build, from the medians of both; above 1 is dearer.
        var cost: Double
        var isWithin: Bool { cost <= Against.mostCost }
    }

    func compare(_ workloads: [Workload], _ note: (String) -> Void) throws -> [Line] {
        guard FileManager.default.isExecutableFile(atPath: other) else {
            throw CommandFailure.wrongUsage(
                "'\(other)' is no program", action: "--against takes another build's lugn-bench")
        }
        return try workloads.map { workload in
            note("\(workload.name): \(workload.summary)")
            let line = try compare(workload)
            note("  \(Figures.fixed(line.cost, 2)) times the cost")
            return line
        }
    }

    private struct Run {
        var unit: String
        var figure: Double
        var ratio: Double?
    }

    private func compare(_ workload: Workload) throws -> Line {
        var before: [Run] = []
        var now: [Run] = []
        for number in 0..<bench.runs {
            if number % 2 == 0 { before.append(try run(other, workload)) }
            now.append(try run(Programs.own, workload))
            if number % 2 == 1 { before.append(try run(other, workload)) }
        }
        func median(_ runs: [Run], _ value: (Run) -> Double) -> Double { Measurement.median(runs.map(value)) ?? 0 }
        func compared(_ run: Run) -> Double { run.ratio ?? run.figure }
        let (old, new) = (median(before, compared), median(now, compared))
        let isRate = now[0].unit.hasSuffix("/s")
        return Line(
            name: workload.name, unit: now[0].unit, before: median(before, \.figure), now: median(now, \.figure),
            cost: isRate ? old / max(new, .leastNonzeroMagnitude) : new / max(old, .leastNonzeroMagnitude))
    }

    private func run(_ program: String, _ workload: Workload) throws -> Run {
        var arguments = [
            "--json", "--without-peers", "--runs", "1", "--rows", "\(bench.rows)", "--only", workload.name,
        ]
        if isProcessorTime { arguments.append("--processor-time") }
        let process = try ChildProcess(program, arguments, writingTo: bench.path("against"))
        try process.wait()
        let report = try JSONValue(parsing: process.output)
        guard let result = report["workloads"]?.array?.first, let unit = result["unit"]?.string,
            let figure = result["lugn"]?.number
        else { throw BenchError("\(program) measured nothing of \(workload.name)") }
        return Run(unit: unit, figure: figure, ratio: result["ratio"]?.number)
    }

    static func table(_ lines: [Line]) -> Table {
        var table = Table([
            .init("workload"), .init("unit"), .init("other build", .right), .init("this build", .right),
            .init("cost", .right), .init(""),
        ])
        for line in lines {
            table.addRow([
                line.name, line.unit, Figures.short(line.before), Figures.short(line.now), Figures.fixed(line.cost, 2),
                line.isWithin ? "" : "over \(Figures.fixed(mostCost, 2))",
            ])
        }
        return table
    }
}

extension JSONValue {
    fileprivate var number: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .decimal(let decimal): Double(decimal.text)
        default: nil
        }
    }
}
