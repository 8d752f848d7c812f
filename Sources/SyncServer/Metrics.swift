import ChangeLog
import Support
import SyncProtocol

/// Counters for `/metrics`, in the text format of Prometheus. Numbers only: no name, no address, no id.
final class Metrics: Sendable {
    private struct Counters {
        var requests: [String: UInt64] = [:]
        var commitsAccepted: UInt64 = 0
        var commitsHandedOut: UInt64 = 0
        var outcomes: [String: UInt64] = [:]
    }
    private let counters = Lock(Counters())

    func answered(_ route: StaticString, _ status: Int) {
        counters.withLock { $0.requests["route=\"\(route)\",status=\"\(status)\"", default: 0] += 1 }
    }

    func accepted(_ request: SyncRequest, _ acceptance: Acceptance) {
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

    func text(waiting: Int, lines: [LineSummary]) -> String {
        let counters = counters.withLock { $0 }
        var text = "# TYPE lugn_requests_total counter\n"
        for (labels, count) in counters.requests.sorted(by: { $0.key < $1.key }) {
            text += "lugn_requests_total{\(labels)} \(count)\n"
        }
        text += "# TYPE lugn_commits_accepted_total counter\nlugn_commits_accepted_total \(counters.commitsAccepted)\n"
        text +=
            "# TYPE lugn_commits_handed_out_total counter\nlugn_commits_handed_out_total \(counters.commitsHandedOut)\n"
        text += "# TYPE lugn_refusals_total counter\n"
        for (outcome, count) in counters.outcomes.sorted(by: { $0.key < $1.key }) {
            text += "lugn_refusals_total{outcome=\"\(outcome)\"} \(count)\n"
        }
        text += "# TYPE lugn_waiting_requests gauge\nlugn_waiting_requests \(waiting)\n"
        text += "# TYPE lugn_log_head gauge\n# TYPE lugn_live_changes gauge\n"
        for (index, line) in lines.enumerated() {
            text += "lugn_log_head{line=\"\(index + 1)\"} \(line.head)\n"
            text += "lugn_live_changes{line=\"\(index + 1)\"} \(line.liveChanges)\n"
        }
        return text
    }
}
