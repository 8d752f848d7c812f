import Foundation
import SimulatedDisk
import Testing

/// Every fault at every call of every chapter: nothing that was confirmed is lost, nothing acknowledged is forgotten.
///
/// A failure names its run, such as `work/powerCut/first/12/1`: chapter, kind, computer, call and seed. To repeat it
/// alone, give that name in `LUGN_POWER_REPLAY`; a beginning of it repeats all runs that begin so. `LUGN_POWER_SEEDS`
/// is the number of loss patterns for each power cut.
@Suite("Power loss and failing disks (I2, I4)")
struct PowerLossTests {
    static let seeds = UInt64(ProcessInfo.processInfo.environment["LUGN_POWER_SEEDS"] ?? "") ?? 2
    static let replay = ProcessInfo.processInfo.environment["LUGN_POWER_REPLAY"] ?? ""

    struct Case: Sendable, CustomStringConvertible {
        var chapter: Chapter
        var kind: FaultKind
        var description: String { "\(chapter)/\(kind)" }
    }
    static let cases = Story.chapters.flatMap { chapter in FaultKind.allCases.map { Case(chapter: chapter, kind: $0) } }

    @Test("nothing confirmed is lost, whatever fails at whichever call", arguments: cases)
    func everyCall(_ it: Case) async throws {
        let playing = try await Rehearsal.shared.playing(it.chapter)
        let start = ContinuousClock.now
        var runs = 0
        for machine in Machine.allCases {
            let count = try await Rehearsal.shared.callCount(it.chapter, machine, it.kind.calls)
            for seed in 0..<(it.kind == .powerCut ? Self.seeds : 1) {
                for call in 1..<count + 1 {
                    let name = "\(it)/\(machine)/\(call)/\(seed)"
                    guard name.hasPrefix(Self.replay) else { continue }
                    let plan = it.kind.plan(machine, call: call, seed: seed)
                    guard let problems = await playing.run(plan) else {
                        Issue.record("\(name): the call never came")
                        continue
                    }
                    for problem in problems { Issue.record("\(name): \(problem)") }
                    runs += 1
                }
            }
        }
        if ProcessInfo.processInfo.environment["LUGN_POWER_REPORT"] != nil {
            print("\(it): \(runs) runs, \(ContinuousClock.now - start)")
        }
    }
}
