import Commands
import JSON
import Simulation
import Support

@main
enum Main {
    static func main() async {
        await program.main()
    }
}

private let faultNames = Faults.named.map(\.name).joined(separator: ", ")

/// `lugn-sim`: many histories of a server and its workstations, each settled by one number.
let program = Program(
    name: "lugn-sim", version: Release.version,
    summary: "Runs a server and its workstations through simulated misfortunes, and checks that nothing is lost.",
    commands: [
        Command(
            "", summary: "Run a range of seeds.",
            details: """
                Every seed settles one run: how many workstations, what they write, which misfortunes, when. A run that \
                breaks an invariant is told with the command that repeats it exactly, and with the shortest list of \
                steps that still breaks it. The exit code is 1 then.

                Over 1000 seeds or more, with the usual misfortunes, it is also an error if a rare place in the \
                programs was never reached.
                """,
            options: [
                .value("seeds", "FROM..TO", "Which runs; one number for a single one.", required: true),
                .integer("steps", "N", in: 0...1_000_000, "Steps of each run; otherwise the seed's own choice."),
                .value("faults", "NAMES", "Which misfortunes: usual, all, or some of \(faultNames)."),
                .integer("jobs", "N", in: 1...256, "Runs at once; 1 otherwise."),
                .value(
                    "store", "ADDRESS",
                    "A PostgreSQL server that keeps the servers' stores, in schemas that each run makes and drops."),
                .flag("trace", "Print what happens, line by line; for a single seed."),
                .flag("json", "Print one JSON document."),
            ], example: "lugn-sim --seeds 1..1000 --jobs 2\nlugn-sim --seeds 42 --trace"
        ) { context in
            let request = try SimulationRequest(context)
            if context.flag("trace") { return try trace(request, context) }
            try await runAll(request, context)
        }
    ])

private func trace(_ request: SimulationRequest, _ context: CommandContext) throws {
    let script = Script(seed: request.seeds.lowerBound, faults: request.faults, steps: request.steps)
    let outcome = try Simulation(script, keepsTrace: true, database: request.database).run()
    context.output.print("\(script.setup)")
    for line in outcome.trace { context.output.print(line) }
    if let violation = outcome.violation { throw CommandFailure("seed \(script.seed) breaks \(violation)") }
}

private func runAll(_ request: SimulationRequest, _ context: CommandContext) async throws {
    Marks.record()
    let start = MonotonicClock.system.nowNanoseconds()
    var campaign = Campaign(seeds: request.seeds)
    campaign.faults = request.faults
    campaign.steps = request.steps
    campaign.jobs = request.jobs
    campaign.database = request.database
    let result = try await campaign.run { outcome in
        context.output.note("seed \(outcome.script.seed): \(outcome.violation?.description ?? "")")
    }
    let failures = try result.failures.prefix(3).map {
        try Shrinker { try Simulation($0, database: request.database).run() }.shrink($0)
    }
    let seconds = Double(MonotonicClock.system.elapsed(sinceNanoseconds: start) / .milliseconds(1)) / 1_000
    // Without some of the misfortunes some places cannot be reached.
    let isThorough = result.runs >= 1_000 && request.faults.isSuperset(of: .usual)
    let missed = isThorough ? Marks.reached.filter { $0.count == 0 }.map(\.mark.name) : []
    let report = SimulationReport(
        request: request, result: result, shrunk: failures, seconds: seconds, missed: missed)
    if context.flag("json") {
        context.output.write(report.json)
    } else {
        for line in report.lines { context.output.print(line) }
    }
    if !result.failures.isEmpty {
        throw CommandFailure("\(result.failures.count) of \(result.runs) runs broke an invariant")
    }
    if !missed.isEmpty { throw CommandFailure("no run reached \(missed.joined(separator: ", "))") }
}
