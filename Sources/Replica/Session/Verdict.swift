import Merge
import SyncProtocol

/// What an answer of the server means for a replica: a pure function of the answer, of the request it belongs to, and of
/// how the replica stands now, which may be otherwise than when the request was made. Applying it is plain.
///
/// The rules are those of docs/models, `desk.receive`, in its order:
/// 1. *Acknowledge*: commits leave the outbox from the first on, as far as the server holds each of them by its digest.
///    Whatever else the answer says, and however late it comes.
/// 2. *Fork*: the server holds another commit under one of this replica's numbers, or one under a number that this
///    replica never gave: somebody else goes on under the same id. Or it says so of the commit that is the last
///    acknowledged one now.
/// 3. *Clock*, *refused*: only if they speak of a commit that still waits, by its digest.
/// 4. *Diverged*: only if the request asked from where the cursor still stands, and nothing was acknowledged since.
/// 5. *Page*: joined whenever it comes, since joining does no harm; the cursor moves only from where it was asked,
///    and for the id that asked: of another one's own writes the page leaves others out.
/// 6. *Sums* count only where both sides speak of the same: the cursor moved to the log's end, nothing waits, and nothing
///    was acknowledged since the request.
struct Verdict: Equatable {
    enum Reaction: Equatable {
        case none
        case fork
        /// The first commit that waits, and with it all, gets a time that the server takes.
        case correctClock
        case setAside(number: UInt64, reason: SyncResponse.Reason)
        case heal
    }

    /// How many commits of the outbox the server holds.
    var acknowledged = 0
    var reaction = Reaction.none
    /// Whether the answer was made for the id that the replica has, and accepts what it sent.
    var isCurrent = false
    var movesCursor = false
    var compares = false
}

extension Verdict {
    /// What of a request counts when its answer comes.
    struct Request: Equatable {
        var replica: ReplicaID
        var cursor: Cursor
        var acknowledged: UInt64
    }

    /// How the replica stands when the answer comes.
    struct Facts: Equatable {
        var replica: ReplicaID
        var cursor: Cursor
        var acknowledged: UInt64
        var isHealing: Bool
        /// The digests of the commits that wait, from `acknowledged + 1` on.
        var waiting: [[UInt8]]
    }

    init(_ response: SyncResponse, to request: Request, _ facts: Facts) {
        movesCursor =
            response.page != nil && !facts.isHealing && request.cursor == facts.cursor
            && request.replica == facts.replica
        guard request.replica == facts.replica else { return }
        let held = Held(response, request)
        while acknowledged < facts.waiting.count,
            held.digest(facts.acknowledged + UInt64(acknowledged) + 1) == facts.waiting[acknowledged]
        {
            acknowledged += 1
        }
        let nowAcknowledged = facts.acknowledged + UInt64(acknowledged)
        let waiting = facts.waiting.dropFirst(acknowledged)
        if held.differs(from: waiting, after: nowAcknowledged) {
            reaction = .fork
        } else {
            reaction = Self.reaction(response.outcome, request, facts, nowAcknowledged, waiting)
        }
        isCurrent = reaction == .none && response.outcome == .done
        compares =
            isCurrent && movesCursor && waiting.isEmpty && acknowledged == 0
            && request.acknowledged == facts.acknowledged && !response.more && response.fingerprint != nil
            && response.cursor.position == response.head
    }

    private static func reaction(
        _ outcome: SyncResponse.Outcome, _ request: Request, _ facts: Facts, _ acknowledged: UInt64,
        _ waiting: ArraySlice<[UInt8]>
    ) -> Reaction {
        let isUnchanged = request.acknowledged == acknowledged
        switch outcome {
        case .done: return .none
        case .forked: return isUnchanged ? .fork : .none
        case .clock(let digest): return waiting.first == digest ? .correctClock : .none
        case .refused(let number, let digest, let reason):
            guard number > acknowledged, number - acknowledged <= UInt64(waiting.count),
                waiting[waiting.startIndex + Int(number - acknowledged - 1)] == digest
            else { return .none }
            return .setAside(number: number, reason: reason)
        // Sealed again with the key that the roster names, once that is here: nothing to do in the replica.
        case .epoch: return .none
        case .diverged:
            return isUnchanged && request.cursor == facts.cursor && !facts.isHealing ? .heal : .none
        }
    }
}

/// What a server says it holds of a replica.
private struct Held {
    let first: UInt64
    let digests: [[UInt8]]

    init(_ response: SyncResponse, _ request: Verdict.Request) {
        first = request.acknowledged + 1
        digests = response.heldDigests
    }

    func digest(_ number: UInt64) -> [UInt8]? {
        guard number >= first, number - first < UInt64(digests.count) else { return nil }
        return digests[Int(number - first)]
    }

    /// Whether it holds under a number beyond the acknowledged ones anything else than what waits under it.
    func differs(from waiting: ArraySlice<[UInt8]>, after acknowledged: UInt64) -> Bool {
        for (index, digest) in digests.enumerated() {
            let number = first + UInt64(index)
            if number <= acknowledged { continue }
            let place = Int(number - acknowledged - 1)
            if place >= waiting.count || waiting[waiting.startIndex + place] != digest { return true }
        }
        return false
    }
}
