import ChangeLog
import Replica
import SimulatedDisk
import SyncClient

/// Plays a chapter with one fault and says what is wrong afterwards.
struct Playing {
    let chapter: Chapter
    let scene: Scene

    /// A play without a fault: how many calls of the kinds each disk has, and the scene at its end.
    func rehearse() async throws -> (world: World, problems: [String]) {
        let world = World(scene)
        try await chapter.play(world)
        return (world, world.failures.map { "without a fault: \($0)" })
    }

    /// - Returns: what is wrong; nil if the fault never came up.
    func run(_ plan: FaultPlan, lying: Bool = false) async -> [String]? {
        let world = World(scene)
        if lying { world.disk(plan.machine).setLying(true) }
        world.arm(plan)
        do {
            try await chapter.play(world)
        } catch is World.PowerGone {
        } catch {
            return ["the chapter failed: \(error)"]
        }
        guard world.disk(plan.machine).faultCount > 0 else { return nil }
        do {
            return try await problems(world, plan)
        } catch {
            return ["afterwards: \(type(of: error)): \(error)"]
        }
    }

    private func problems(_ world: World, _ plan: FaultPlan) async throws -> [String] {
        var problems = world.failures.compactMap { error in
            isOurs(error) ? nil : "an error that is nobody's: \(type(of: error)): \(error)"
        }
        world.disk(plan.machine).relieve()
        if !plan.isPowerCut {
            for machine in Machine.desks where world.isOn(machine) {
                problems += world.ledger.unsaved(in: try world.view(of: machine), of: machine)
            }
        }
        // Of the runs without a power cut, half go on as they are; the others meet one before they have synced again.
        let goesOn = !plan.isPowerCut && plan.call.isMultiple(of: 2)
        if goesOn {
            problems += try await world.recover()
            problems += try await world.problemsAfterSyncing().map { "without a restart: \($0)" }
        }
        cutPower(world, plan)
        problems += try await world.recover()
        for machine in Machine.allCases {
            problems += try await world.problems(at: machine, isServerWhole: !chapter.isDisaster)
        }
        if !goesOn { problems += try await world.problemsAfterSyncing() }
        if !chapter.isDisaster { problems += world.alarms.map { "a sync tells of loss: \($0)" } }
        return problems
    }

    /// Where the power was cut, that computer starts anew; with odd seeds, and after any other fault, they all do.
    private func cutPower(_ world: World, _ plan: FaultPlan) {
        let machines = plan.isPowerCut && plan.seed.isMultiple(of: 2) ? [plan.machine] : Machine.allCases
        for (index, machine) in machines.enumerated() {
            if !plan.isPowerCut || machine != plan.machine {
                world.disk(machine).cutPower(random: plan.seed &* 7_919 &+ plan.call &* 3 &+ UInt64(index))
            }
            world.stop(machine)
        }
    }

    private func isOurs(_ error: any Error) -> Bool {
        error is ReplicaError || error is SyncError || error is ChangeLogError
    }
}
