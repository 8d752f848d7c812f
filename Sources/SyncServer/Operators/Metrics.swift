import ChangeLog
import Support
import SyncProtocol

/// What a server counts while it runs. Numbers only: no name, no address, no id.
final class Metrics: Sendable {
    struct Traffic: Sendable {
        var requestBytes: UInt64 = 0
        var responseBytes: UInt64 = 0
    }
    struct Counters: Sendable {
        /// By route and status, as labels.
        var requests: [String: UInt64] = [:]
        var traffic: [String: Traffic] = [:]
        var commitsAccepted: UInt64 = 0
        var commitsHandedOut: UInt64 = 0
        var outcomes: [String: UInt64] = [:]
        var problems: [String: UInt64] = [:]
        var healings: UInt64 = 0
        var joins: UInt64 = 0
        var scrubs: UInt64 = 0
        var damaged: UInt64 = 0
        /// How often the store was found to be another one, or an older state of itself.
        var storeReplacements: UInt64 = 0
    }
    private let counters = Lock(Counters())
    let history: DayHistory
    /// Per route, how long requests were worked on; waiting for news is not work.
    private let work = Lock<[String: DurationHistogram]>([:])

    init(clock: WallClock) { history = DayHistory(clock: clock) }

    var current: Counters { counters.withLock { $0 } }
    var workTimes: [(route: String, times: DurationHistogram)] {
        work.withLock { work in work.sorted { $0.key < $1.key }.map { ($0.key, $0.value) } }
    }

    func answered(_ route: StaticString, _ status: Int) {
        history.note { $0.requests &+= 1 }
        counters.withLock { $0.requests["route=\"\(route)\",status=\"\(status)\"", default: 0] += 1 }
    }

    func carried(_ route: StaticString, requestBytes: Int, responseBytes: Int) {
        history.note { $0.bytes &+= UInt64(requestBytes + responseBytes) }
        counters.withLock { counters in
            counters.traffic["\(route)", default: Traffic()].requestBytes += UInt64(requestBytes)
            counters.traffic["\(route)", default: Traffic()].responseBytes += UInt64(responseBytes)
        }
    }

    func worked(_ route: StaticString, _ duration: Duration) {
        let histogram = work.withLock { work in
            if let known = work["\(route)"] { return known }
            let made = DurationHistogram()
            work["\(route)"] = made
            return made
        }
        histogram.add(duration)
    }

    func refused(_ problem: Problem) { counters.withLock { $0.problems[problem.name, default: 0] += 1 } }
    func beganHealing() { counters.withLock { $0.healings += 1 } }
    /// All of a line was looked over, or it was mended.
    func scrubbed(damaged: Int) {
        counters.withLock { counters in
            counters.scrubs += 1
            counters.damaged += UInt64(damaged)
        }
    }

    func storeReplaced() { counters.withLock { $0.storeReplacements += 1 } }
    func joined() { counters.withLock { $0.joins += 1 } }

    func accepted(_ request: SyncRequest, _ acceptance: Acceptance) {
        history.note(request.line) { $0.commits &+= UInt32(acceptance.heldDigests.count) }
        counters.withLock { counters in
            counters.commitsAccepted += UInt64(acceptance.heldDigests.count)
            if acceptance.outcome != .done { counters.outcomes[Self.name(acceptance.outcome), default: 0] += 1 }
        }
    }

    func handedOut(_ page: FeedPage) {
        counters.withLock { $0.commitsHandedOut += UInt64(page.commitCount) }
    }

    private static func name(_ outcome: SyncResponse.Outcome) -> String {
        switch outcome {
        case .done: "done"
        case .forked: "forked"
        case .clock: "clock"
        case .refused: "refused"
        case .diverged: "diverged"
        case .epoch: "epoch"
        }
    }
}
