import Commands
import Foundation
import Support

@main
enum Main {
    static func main() async {
        if Worker.isThis { exit(await Worker.main()) }
        await program.main()
    }
}

/// `lugn-bench`: what a row costs, against plain SQLite doing the same in the same run.
let program = Program(
    name: "lugn-bench", version: Release.version,
    summary: "Measures Lugn against plain SQLite writing the same rows, by turns, on this machine.",
    commands: [
        Command(
            "", summary: "Run the workloads.",
            details: """
                Each is run several times, by turns with its limit: plain SQLite with the same rows, the same order, the \
                same transactions and the same durability. Figures are medians; the ratio is what counts, since the \
                machine's own speed is in both. Run it alone: what else the machine does shows. docs/benchmarks.md says \
                what exactly each one does.
                """,
            options: [
                .list(
                    "only", "NAME,…", choices: (Workload.all + Workload.desks + Workload.databases).map(\.name),
                    "These workloads; otherwise all but desks-…, which want a machine for themselves."),
                .integer("rows", "N", in: 1_000...10_000_000, "Rows of each workload; 100,000 otherwise."),
                .integer("runs", "N", in: 1...1_000, "Runs of each; 5 otherwise."),
                .list("peer", "NAME=FILE", "Also measure another engine, by its loadable extension."),
                .value(
                    "store", "ADDRESS",
                    "A PostgreSQL database, which the workloads called database-… fill instead of the others."),
                .flag("without-peers", "Leave other engines out, SQLite's session extension too."),
                .flag(
                    "processor-time", "Count the processor's time in this process, not the wall's. For shared machines."
                ),
                .value(
                    "against", "BINARY",
                    "Compare with another build's lugn-bench, by turns; the exit code is 1 if anything costs over 1.15 of it."
                ),
                .flag("json", "Print one JSON document."),
                .flag("markdown", "Print the table of docs/benchmarks.md."),
            ],
            example:
                "lugn-bench --only insert-100,merge-new\nlugn-bench --rows 20000 --runs 3 --json\nlugn-bench --against ../before/lugn-bench --only accept,feed"
        ) { context in
            try await run(context)
        }
    ])

private func run(_ context: CommandContext) async throws {
    let folder = NSTemporaryDirectory() + "/lugn-bench-\(ProcessInfo.processInfo.processIdentifier)"
    let bench = Bench(
        rows: context.integer("rows") ?? 100_000, runs: context.integer("runs") ?? 5, folder: folder,
        peers: try peers(context), hasPeers: !context.flag("without-peers"), database: context.value("store"))
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    let signals = try TerminationSignals.install()
    Task {
        guard await signals.wait() != nil else { return }
        RunningChildren.shared.killAll()
        try? bench.remove(folder)
        exit(130)
    }
    let names = context.list("only")
    let own = Workload.all + (names.isEmpty ? [] : Workload.desks)
    let workloads = (bench.database == nil ? own : Workload.databases).filter {
        names.isEmpty || names.contains($0.name)
    }
    do {
        if let other = context.value("against") {
            try compare(workloads, bench, with: other, context)
        } else {
            try await measure(workloads, bench, context)
        }
    } catch {
        try bench.remove(folder)
        throw error
    }
    try bench.remove(folder)
}

private func measure(_ workloads: [Workload], _ bench: Bench, _ context: CommandContext) async throws {
    var report = Report()
    for workload in workloads {
        context.output.note("\(workload.name): \(workload.summary)")
        let measurement = try await workload.measure(bench)
        report.add(workload, measurement)
        context.output.note("  \(measurement.summary)")
    }
    if context.flag("json") {
        context.output.write(report.json(bench))
    } else if context.flag("markdown") {
        for line in report.markdownLines(bench) { context.output.print(line) }
    } else {
        context.output.print(Machine.description)
        for line in report.lines { context.output.print(line) }
    }
}

private func compare(
    _ workloads: [Workload], _ bench: Bench, with other: String, _ context: CommandContext
) throws {
    let against = Against(bench: bench, other: other, isProcessorTime: context.flag("processor-time"))
    // What two builds can be compared in: one process, one figure.
    let comparable = workloads.filter { $0.target.isOfOneFigure }
    let lines = try against.compare(comparable) { context.output.note($0) }
    context.output.print(Machine.description)
    for line in Against.table(lines).lines() { context.output.print(line) }
    let dearer = lines.filter { !$0.isWithin }.map(\.name)
    if !dearer.isEmpty {
        throw BenchError(
            "over \(Against.mostCost) times the cost of the other build: \(dearer.joined(separator: ", "))")
    }
}

private func peers(_ context: CommandContext) throws -> [String: String] {
    var peers: [String: String] = [:]
    for text in context.list("peer") {
        let parts = text.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, FileManager.default.fileExists(atPath: String(parts[1])) else {
            throw CommandFailure.wrongUsage("'\(text)' is no NAME=FILE of a file that exists", action: "See --help")
        }
        guard Bench.peerNames.contains(String(parts[0])) else {
            throw CommandFailure.wrongUsage(
                "'\(parts[0])' is none of the engines that can be loaded: \(Bench.peerNames.joined(separator: ", "))")
        }
        peers[String(parts[0])] = String(parts[1])
    }
    return peers
}
