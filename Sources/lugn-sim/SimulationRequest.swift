import Commands
import Simulation

/// What a command line asks for.
struct SimulationRequest: Sendable {
    var seeds: ClosedRange<UInt64>
    var steps: Int?
    var faults = Faults.usual
    var jobs: Int
    /// A PostgreSQL server for the servers' stores.
    var database: String?

    init(_ context: CommandContext) throws {
        let text = try context.require("seeds")
        let parts = text.split(separator: ".", omittingEmptySubsequences: true).map { UInt64($0) }
        guard let first = parts.first, let from = first, let last = parts.last, let to = last, from <= to,
            parts.count <= 2, text == "\(from)" || text == "\(from)..\(to)"
        else {
            throw CommandFailure.wrongUsage("'\(text)' is no range of seeds", action: "Give it as 1..1000, or as 42")
        }
        seeds = from...to
        steps = context.integer("steps")
        jobs = context.integer("jobs") ?? 1
        database = context.value("store")
        guard let names = context.value("faults") else { return }
        guard let faults = Faults(names: names) else {
            throw CommandFailure.wrongUsage("'\(names)' are no misfortunes", action: "See lugn-sim --help")
        }
        self.faults = faults
    }

    /// The command that runs one seed in the same way.
    func command(seed: UInt64) -> String {
        var command = "lugn-sim --seeds \(seed)"
        if let steps { command += " --steps \(steps)" }
        if faults != .usual { command += " --faults \(faults.names)" }
        if let database { command += " --store '\(database)'" }
        return command
    }
}
