import Casework
import Commands
import Merge
import Replica
import SyncClient

// How a workstation stands, and what a sync has met, as a counsellor reads it.

/// The status in sentences. What is old says so.
func sentences(_ status: ReplicaStatus, now: Int64, _ say: Say) -> [String] {
    var lines = [
        status.name.map { say("status.name", ["name": $0, "line": status.lineName ?? ""]) } ?? say("status.notJoined")
    ]
    lines.append(unsent(status, say))
    if let last = status.lastSync {
        let values = ["time": say.time(Timestamp(milliseconds: last)), "ago": span(now - last, say.words)]
        lines.append(say("status.lastSync", values))
    } else {
        lines.append(say("status.neverSynced"))
    }
    if status.line != nil, !status.isFirstSyncDone { lines.append(say("status.firstSync")) }
    switch status.isVerified {
    case true: lines.append(say("status.equal"))
    case false: lines.append(say("status.different"))
    default: lines.append(say("status.notCompared"))
    }
    lines += clockSentences(status, say.words)
    for (count, key) in [
        (status.conflicts, "status.conflicts"), (status.setAside, "status.setAside"),
        (status.unopened, "status.unopened"), (status.late, "status.late"),
    ] where count > 0 {
        lines.append(say(key, ["count": String(count)]))
    }
    return lines
}

private func unsent(_ status: ReplicaStatus, _ say: Say) -> String {
    if status.pending == 0 { return say("status.allSent") }
    let count = String(status.pending)
    guard let oldest = status.oldestPending else { return say("status.unsent", ["count": count]) }
    return say("status.unsentSince", ["count": count, "time": say.time(Timestamp(milliseconds: oldest))])
}

func span(_ milliseconds: Int64, _ words: Words) -> String {
    let seconds = max(0, milliseconds) / 1_000
    switch seconds {
    case ..<120: return "\(seconds) s"
    case ..<7_200: return "\(seconds / 60) min"
    case ..<172_800: return words("span.hours", ["count": String(seconds / 3_600)])
    default: return words("span.days", ["count": String(seconds / 86_400)])
    }
}

extension Receipt.Event {
    /// What happened, for a counsellor; nil where nobody needs to know.
    func sentence(_ words: Words) -> String? {
        switch self {
        case .forked(let from, let to):
            words("event.forked", ["from": from.description, "to": to.description])
        case .clockCorrected(let milliseconds): words("event.clock", ["by": span(abs(milliseconds), words)])
        case .setAside(let number, _): words("event.setAside", ["number": String(number)])
        case .diverged: words("event.diverged")
        case .healingRestarted: words("event.healingRestarted")
        case .healed: nil
        case .differs: words("event.differs")
        case .unopened(let count): words("event.unopened", ["count": String(count)])
        }
    }
}
