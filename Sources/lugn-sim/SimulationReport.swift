import JSON
import Simulation
import Support

/// What is told of a range of runs.
struct SimulationReport: Sendable {
    var request: SimulationRequest
    var result: Campaign.Result
    /// The first failures, with as few steps as break the same invariant.
    var shrunk: [Outcome]
    var seconds: Double
    /// Marks that no run reached.
    var missed: [String]

    private var perMinute: Int { seconds > 0 ? Int(Double(result.runs) * 60 / seconds) : 0 }

    var lines: [String] {
        var lines = result.failures.map { outcome in
            "seed \(outcome.script.seed) broke \(text(outcome)): \(request.command(seed: outcome.script.seed)) --trace"
        }
        for outcome in shrunk {
            lines.append("")
            lines.append("Seed \(outcome.script.seed), shortest form: \(text(outcome))")
            lines.append("  \(outcome.script.setup)")
            lines += outcome.script.steps.map { "  \($0)" }
        }
        lines.append(
            "\(result.runs) runs, \(result.requests) requests, \(result.writes) writes, \(perMinute) runs a minute")
        return lines
    }

    var json: JSONValue {
        [
            "runs": JSONValue(result.runs), "requests": JSONValue(result.requests), "writes": JSONValue(result.writes),
            "milliseconds": JSONValue(Int(seconds * 1_000)), "runsPerMinute": JSONValue(perMinute),
            "failures": .array(result.failures.map(failure)),
            "marks": .object(
                Marks.reached.map { JSONMember($0.mark.name, JSONValue($0.count)) }),
            "missedMarks": .array(missed.map { .string($0) }),
        ]
    }

    private func failure(_ outcome: Outcome) -> JSONValue {
        let short = shrunk.first { $0.script.seed == outcome.script.seed }
        return [
            "seed": JSONValue(outcome.script.seed), "invariant": .string(outcome.violation?.invariant ?? ""),
            "message": .string(outcome.violation?.message ?? ""),
            "command": .string(request.command(seed: outcome.script.seed)),
            "steps": .array((short?.script.steps ?? []).map { .string($0.description) }),
        ]
    }

    private func text(_ outcome: Outcome) -> String { outcome.violation?.description ?? "nothing" }
}
