import Simulation
import Support
import SyncProtocol
import Testing

/// Runs of the simulator that every change has to pass. Thousands more: `lugn-sim --seeds 1..5000 --jobs 2`.
@Suite("Simulation")
struct SimulationTests {
    /// A hundred, and those that once broke an invariant by the draw as it is now.
    static let seeds = Array(1...100) + [655, 783] as [UInt64]

    @Test("nothing is lost, doubled or different in any of a hundred histories of all faults", arguments: seeds)
    func histories(seed: UInt64) throws {
        let outcome = try Simulation(Script(seed: seed)).run()
        #expect(outcome.violation == nil, "lugn-sim --seeds \(seed) --trace")
        #expect(outcome.requests > 0)
    }

    @Test("a server put back to old backups is found out and refilled (I10)", arguments: [1, 2, 3, 4, 5] as [UInt64])
    func restores(seed: UInt64) throws {
        let outcome = try Simulation(Script(seed: seed, faults: [.restores, .network, .erasures])).run()
        #expect(outcome.violation == nil, "lugn-sim --seeds \(seed) --faults network,restores,erasures --trace")
    }

    @Test("one seed is one run, to the byte", arguments: [3, 14, 15] as [UInt64])
    func determinism(seed: UInt64) throws {
        let first = try Simulation(Script(seed: seed), keepsTrace: true).run()
        let second = try Simulation(Script(seed: seed), keepsTrace: true).run()
        #expect(first.trace == second.trace)
        #expect(first.traceHash == second.traceHash)
        #expect(!first.trace.isEmpty)
        #expect(try Simulation(Script(seed: seed + 1)).run().traceHash != first.traceHash)
    }

    @Test("runs side by side do not disturb each other")
    func jobs() async throws {
        let alone = try (1...4).map { try Simulation(Script(seed: $0)).run().writes }
        var campaign = Campaign(seeds: 1...4)
        campaign.jobs = 4
        let together = try await campaign.run()
        #expect(together.runs == 4)
        #expect(together.writes == alone.reduce(0, +))
        #expect(together.failures.isEmpty)
    }

    @Test("a range of runs reaches rare places")
    func marks() throws {
        Marks.record()
        for seed in 200...210 as ClosedRange<UInt64> { _ = try Simulation(Script(seed: seed)).run() }
        let reached = Marks.reached.filter { $0.count > 0 }.map(\.mark)
        #expect(reached.contains(.pageSplit))
        #expect(reached.contains(.repeatedCommit))
    }

    @Test("misfortunes have names, and names are read")
    func names() {
        #expect(Faults(names: "network,copies") == [.network, .copies])
        #expect(Faults(names: Faults.all.names) == .all)
        #expect(Faults(names: "usual") == .usual)
        #expect(Faults(names: "rain") == nil)
    }
}
