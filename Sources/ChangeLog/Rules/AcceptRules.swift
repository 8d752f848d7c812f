import Merge
import Sealing
import Support
import SyncProtocol

/// What becomes of a request's commits: the server's half of the session, over a ``WorkingSet`` and nothing else.
///
/// Commits are taken in order, up to the first that cannot be; what was taken stays. The answer says, whatever the outcome,
/// what is held of the replica.
struct AcceptRules {
    let limits: Limits
    let bound: ClockBound
    let now: Int64
    let random: RandomSource
    /// What a store has read of the replica.
    var facts: ReplicaFacts
    var replica: ReplicaState
    var set: WorkingSet
    private var digests: [UInt64: [UInt8]]
    private var proven: UInt64 = 0
    private var refusal: TermsRefusal?

    init(_ set: WorkingSet, facts: ReplicaFacts, limits: Limits, bound: ClockBound, now: Int64, random: RandomSource) {
        self.limits = limits
        self.bound = bound
        self.now = now
        self.random = random
        self.facts = facts
        self.set = set
        replica = facts.replica
        digests = facts.digests
    }

    mutating func decide(_ request: SyncRequest) -> Acceptance {
        let headBefore = set.line.head
        replica.note(request, set.line, now: now)
        proven = request.acknowledged
        let terms = set.line.terms
        if let minimum = terms.minimumProgram, terms.areTooNew(for: request.condition.program) {
            refusal = .tooOld(minimum: minimum)
        }
        var outcome = standing(request)
        if outcome == .done, refusal == nil { outcome = take(request.commits) }
        let leases = outcome == .done && refusal == nil ? lease(request.leases) : []
        return Acceptance(
            outcome: outcome, heldNumber: replica.lastNumber, heldDigests: heldDigests(after: request.acknowledged),
            leases: leases, desk: replica.desk, proven: proven, hasAdvanced: set.line.head != headBefore,
            head: set.line.head, refusal: refusal)
    }

    /// Whether anything is to be written of what was decided. Reads that change nothing write nothing.
    var changesAnything: Bool {
        !set.writes.isEmpty || replica.isWorthSaving(since: facts.isKnown ? facts.replica : nil)
    }

    // MARK: Steps

    /// How the replica stands before anything of it is taken.
    private func standing(_ request: SyncRequest) -> SyncResponse.Outcome {
        // A replica that heals asks for no page, and has no cursor in this log.
        guard request.wantsNoPage || facts.isCursorGood, request.acknowledged <= replica.lastNumber else {
            return .diverged
        }
        return digest(request.acknowledged) == request.acknowledgedDigest ? .done : .forked
    }

    private mutating func take(_ commits: [SealedCommit]) -> SyncResponse.Outcome {
        // By what was held before: a request cannot lift its own bound, commit by commit.
        let byClock = bound.latestAccepted(nowMilliseconds: now, highestAccepted: set.line.highestTime)
        let latest = min(byClock, HybridTimestamp(rawValue: HybridTimestamp.implausible.rawValue - 1))
        for commit in commits {
            if commit.number <= replica.lastNumber {
                guard digest(commit.number) == commit.digest else { return .forked }
                proven = max(proven, commit.number)
                Marks.reach(.repeatedCommit)
                // The digest covers what was taken, and not what is sent now.
                if commit.stamp.time <= latest, inspect(commit) == nil { join(commit, position: nil) }
                continue
            }
            guard commit.stamp.time <= latest else { return .clock(digest: commit.digest) }
            if let reason = commit.number == replica.lastNumber + 1 ? inspect(commit) : .malformed {
                return .refused(number: commit.number, digest: commit.digest, reason: reason)
            }
            // A newer one means that this server was put back: whoever knows it hands over the roster first.
            guard commit.changes.allSatisfy({ $0.header.epoch == set.line.epoch }) else { return .epoch }
            if let quota = set.line.terms.quotaBytes,
                set.line.terms.leaveNoRoom(for: commit, held: set.line.sealedBytes)
            {
                refusal = .noRoom(quotaBytes: quota)
                return .done
            }
            take(commit)
        }
        return .done
    }

    private mutating func take(_ commit: SealedCommit) {
        let entry = set.line.append(
            commit.stamp,
            commit: .init(replica: replica.replica, number: commit.number, digest: commit.digest),
            nonce: .bytes(commit.nonce))
        set.append(entry)
        set.line.highestTime = max(set.line.highestTime, commit.stamp.time)
        replica.lastNumber = commit.number
        replica.lastDigest = commit.digest
        digests[commit.number] = commit.digest
        proven = commit.number
        join(commit, position: entry.position)
    }

    private mutating func join(_ commit: SealedCommit, position: UInt64?) {
        var carrier = Carrier(stamp: commit.stamp, nonce: commit.nonce, position: position)
        for (index, change) in commit.changes.enumerated()
        where !set.join(change, index: index, nonceIndex: UInt64(index), by: &carrier) {
            set.handOutLesserTimes(of: change.header, stamp: commit.stamp)
        }
    }

    /// Why a commit can never be taken; looked at before anything of it is applied, so that it is taken whole or not at all.
    private func inspect(_ commit: SealedCommit) -> SyncResponse.Reason? {
        if commit.changes.count > limits.commitChanges { return .tooManyChanges }
        if commit.sizeBytes > limits.commitBytes { return .tooLarge }
        guard commit.hasEachRecordOnce, commit.changes.allSatisfy({ set.isConsistent($0.header) }) else {
            return .malformed
        }
        return nil
    }

    private mutating func lease(_ state: LeaseState) -> [Lease] {
        var office = LeaseRules(given: facts.givenBlocks, unreceived: facts.unreceived, random: random)
        let (leases, new) = office.decide(state, isNewReplica: !facts.isKnown, &replica, &set.line)
        for lease in new { set.append(lease, for: replica.replica) }
        // It said how many it had before this answer.
        replica.condition.numbersLeft &+= leases.reduce(0) { $0 &+ $1.count }
        return leases
    }

    // MARK: Digests

    /// The digest of a commit that is held; nil where the store has lost it.
    private func digest(_ number: UInt64) -> [UInt8]? {
        if number == 0 { return CommitDigest.start }
        return number == replica.lastNumber ? replica.lastDigest : digests[number]
    }

    /// Of what is held beyond what the replica knows of, also of what it did not send: so it finds a copy out.
    private func heldDigests(after acknowledged: UInt64) -> [[UInt8]] {
        var result: [[UInt8]] = []
        var number = acknowledged
        while number < replica.lastNumber, result.count < Limits.requestCommits {
            number += 1
            guard let digest = digest(number) else { break }
            result.append(digest)
        }
        return result
    }
}

/// What a store has read of a replica for a request.
struct ReplicaFacts: Sendable {
    /// As it stood; a fresh one if it is not known.
    var replica: ReplicaState
    var isKnown: Bool
    /// Whether the request's cursor stands in the log.
    var isCursorGood: Bool
    /// Of its commits from the acknowledged one on.
    var digests: [UInt64: [UInt8]] = [:]
    /// Its blocks beyond those that it has received.
    var unreceived: [Lease] = []
    /// The starts of the blocks given in this line: all of them if any are wanted.
    var givenBlocks: Set<UInt64> = []
}

extension SealedCommit {
    fileprivate var hasEachRecordOnce: Bool {
        // New records mostly come in ascending order, and need no set.
        if zip(changes, changes.dropFirst()).allSatisfy({ $0.header.record < $1.header.record }) { return true }
        var records: Set<RecordID> = []
        records.reserveCapacity(changes.count)
        return changes.allSatisfy { records.insert($0.header.record).inserted }
    }
}
