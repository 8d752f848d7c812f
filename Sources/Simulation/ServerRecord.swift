import ChangeLog
import Merge
import SyncProtocol

/// What the server took, in maps: no number may be used twice, and none may be later than the clock allows.
final class ServerRecord: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.

    /// What a commit is called on its way.
    struct Name: Hashable {
        var replica: ReplicaID
        var number: UInt64
    }

    struct State {
        var digests: [Name: [UInt8]] = [:]
        var highest: Int64 = 0
        /// Writes that the server has confirmed to somebody.
        var known: Set<Int> = []
    }

    var state = State()
    private var latestNow: Int64 = 0
    /// The first thing that was wrong.
    private(set) var violation: Violation?
    private(set) var healings = 0

    func accepted(_ request: SyncRequest, _ acceptance: Acceptance, now: Int64) {
        latestNow = max(latestNow, now)
        for commit in request.commits where commit.number <= acceptance.heldNumber {
            let name = Name(replica: request.replica, number: commit.number)
            let stamp = commit.stamp
            if let known = state.digests[name] {
                // Held under another digest, it was not taken: the replica is told to fork.
                if known != commit.digest, acceptance.outcome == .done {
                    violation =
                        violation
                        ?? Violation("I9", "number \(name.number) of \(name.replica) was used for two commits")
                }
                continue
            }
            if acceptance.outcome == .forked { continue }
            // A server's own clock may have run ahead once; what it took then is a bound that moves by a second.
            guard stamp.time.milliseconds <= max(latestNow + 60_000, state.highest + 1_000) else {
                violation = violation ?? Violation("I8", "a stamp \(stamp) from the future was taken")
                return
            }
            state.digests[name] = commit.digest
            state.highest = max(state.highest, stamp.time.milliseconds)
        }
    }

    func healed(_ request: HealRequest) {
        healings += 1
        for item in request.parts.lazy.flatMap(\.items) {
            state.highest = max(state.highest, item.stamp.time.milliseconds)
        }
    }
}
