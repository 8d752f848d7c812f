import Merge
import SQLite
import Support
import SyncProtocol

/// Takes in one request's commits, inside the caller's savepoint.
///
/// Commits are taken in order, up to the first that cannot be; what was taken stays. The answer says, whatever the
/// outcome, what is held of the replica.
struct Acceptor {
    let connection: Connection
    let device: Device
    let limits: Limits
    let bound: ClockBound
    let incarnation: Incarnation
    let now: Int64
    let erasures: ErasureFlag

    func run(_ request: SyncRequest) throws -> Acceptance {
        guard request.line == device.line, var line = try LineState(connection, id: request.line) else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        try device.checkStanding(connection)
        var origin = try origin(request, line)
        let headBefore = line.head
        origin.ancestry = try trusted(request.ancestry, line)
        note(request, line, &origin)
        var outcome = try standing(request, line, origin)
        if outcome == .done { outcome = try succeed(request, line, &origin) }
        if outcome == .done { outcome = try take(request, &line, &origin) }
        var leases: [Lease] = []
        if outcome == .done { leases = try LeaseOffice(connection: connection).serve(request.leases, &line, &origin) }
        try line.save(connection)
        try origin.save(connection)
        return Acceptance(
            outcome: outcome, heldNumber: origin.lastNumber, heldDigests: try heldDigests(request, line, origin),
            leases: leases, desk: origin.desk, hasAdvanced: line.head != headBefore, head: line.head)
    }

    // MARK: Who is asking

    private func origin(_ request: SyncRequest, _ line: LineState) throws -> OriginState {
        var origin =
            try OriginState.find(request.replica, line: line.ref, connection)
            ?? OriginState.create(request.replica, line: line.ref, connection)
        guard origin.device == nil || origin.device == device.reference else {
            throw ChangeLogError(.wrongDevice, "this replica is another device's; nothing was changed")
        }
        origin.device = device.reference
        return origin
    }

    /// Earlier identities are believed only of the same device: otherwise one could claim to have seen, and so replace,
    /// what another wrote.
    private func trusted(_ ancestry: Ancestry, _ line: LineState) throws -> Ancestry {
        Ancestry(
            try ancestry.parents.filter { parent in
                try OriginState.find(parent.replica, line: line.ref, connection)?.device == device.reference
            })
    }

    private func note(_ request: SyncRequest, _ line: LineState, _ origin: inout OriginState) {
        origin.lastSeen = now
        origin.cursor = min(request.cursor.position, line.head)
        origin.pending = request.pending
        origin.oldestPending = request.oldestPending
        origin.clockOffset = now.subtractingReportingOverflow(request.clock).partialValue
        origin.schema = request.schema
        if request.pending > 0 {
            origin.verified = nil
        } else if request.cursor.position == line.head, let fingerprint = request.fingerprint {
            origin.verified = fingerprint == line.fingerprint
        }
    }

    /// How the replica stands before anything of it is taken.
    private func standing(_ request: SyncRequest, _ line: LineState, _ origin: OriginState) throws
        -> SyncResponse.Outcome
    {
        // A replica that heals has no cursor in this log; it says with each commit what it had seen.
        guard request.acknowledged <= origin.lastNumber,
            try request.wantsNoPage || line.contains(request.cursor, connection)
        else { return .diverged }
        if let digest = try digest(request.acknowledged, line, origin), digest != request.acknowledgedDigest {
            return .forked
        }
        if let first = request.commits.first {
            guard first.number == request.acknowledged + 1 else {
                return .refused(number: first.number, reason: .malformed)
            }
        } else if origin.lastNumber > request.acknowledged {
            // It says that everything of its own is acknowledged, and there is more: somebody else's, under its name.
            return .forked
        }
        return .done
    }

    /// A replica that took a new id keeps its leased numbers and its small number, if it is the first to go on from the
    /// old one: a second one is a copy of it.
    private func succeed(
        _ request: SyncRequest, _ line: LineState, _ origin: inout OriginState
    ) throws -> SyncResponse.Outcome {
        guard let formerly = request.formerly, formerly != request.replica else { return .done }
        var old =
            try OriginState.find(formerly, line: line.ref, connection)
            ?? OriginState.create(formerly, line: line.ref, connection)
        if old.successor == origin.replica { return .done }
        guard old.device == nil || old.device == device.reference, old.successor == nil else {
            // The id it took will not be heard of again: nothing was ever accepted under it.
            if origin.lastNumber == 0 { origin.successor = formerly }
            return .forked
        }
        old.device = device.reference
        old.successor = origin.replica
        if origin.leasesGiven == 0 {
            try connection.withStatement("UPDATE lease SET origin = ? WHERE origin = ?") { row in
                try row.bind(1, origin.ref)
                try row.bind(2, old.ref)
                try row.run()
            }
            origin.leasesGiven = old.leasesGiven
            if origin.desk == 0 { origin.desk = old.desk }
        }
        try old.save(connection)
        return .done
    }

    // MARK: Commits

    private func take(
        _ request: SyncRequest, _ line: inout LineState, _ origin: inout OriginState
    ) throws -> SyncResponse.Outcome {
        let highest = line.highestTime
        for commit in request.commits {
            if commit.number <= origin.lastNumber {
                // Where a healing has left a gap it cannot be told whose commit this was: a new identity is always safe.
                guard try digest(commit.number, line, origin) == commit.digest else { return .forked }
                Marks.reach(.repeatedCommit)
                continue
            }
            // An id is good for one incarnation: whatever a restored server forgot, nobody goes on under a name that
            // somebody else has used.
            if request.incarnation != incarnation { return .renew }
            // A replica that heals may have received times that this log has lost, and can write no lower ones; they come
            // with the healing.
            let received = request.wantsNoPage ? commit.context?.latest ?? .zero : .zero
            let latest = bound.latestAccepted(nowMilliseconds: now, highestAccepted: max(highest, received))
            if commit.time > latest { return .clock }
            if request.wantsNoPage, commit.context == nil {
                return .refused(number: commit.number, reason: .malformed)
            }
            switch try inspect(commit, line, origin) {
            case .failure(let refusal): return .refused(number: commit.number, reason: refusal.reason)
            case .success(let rows): try take(commit, rows, &line, &origin)
            }
        }
        return .done
    }

    private struct Refusal: Error { let reason: SyncResponse.Reason }

    /// What stands of each record that a commit changes; or why it can never be taken. Looked at before anything of it
    /// is applied, so that a commit is taken whole or not at all.
    private func inspect(
        _ commit: SealedCommit, _ line: LineState, _ origin: OriginState
    ) throws -> Result<[[LiveChanges.Row]], Refusal> {
        func refuse(_ reason: SyncResponse.Reason) -> Result<[[LiveChanges.Row]], Refusal> {
            .failure(Refusal(reason: reason))
        }
        if commit.changes.count > limits.commitChanges { return refuse(.tooManyChanges) }
        if commit.changes.reduce(0, { $0 + $1.sealed.count + 64 }) > limits.commitBytes { return refuse(.tooLarge) }
        if commit.time <= origin.lastTime || commit.number != origin.lastNumber + 1 { return refuse(.malformed) }
        let live = LiveChanges(connection: connection, line: line.ref, erasures: erasures)
        guard hasEachRecordOnce(commit) else { return refuse(.malformed) }
        var known: [[LiveChanges.Row]] = []
        known.reserveCapacity(commit.changes.count)
        for change in commit.changes {
            let rows = try live.rows(of: change.header.record)
            guard live.isConsistent(change.header, rows) else { return refuse(.malformed) }
            known.append(rows)
        }
        return .success(known)
    }

    private func hasEachRecordOnce(_ commit: SealedCommit) -> Bool {
        // New records mostly come in ascending order, and need no set.
        if zip(commit.changes, commit.changes.dropFirst()).allSatisfy({ $0.header.record < $1.header.record }) {
            return true
        }
        var records: Set<RecordID> = []
        records.reserveCapacity(commit.changes.count)
        return commit.changes.allSatisfy { records.insert($0.header.record).inserted }
    }

    private func take(
        _ commit: SealedCommit, _ known: [[LiveChanges.Row]], _ line: inout LineState, _ origin: inout OriginState
    ) throws {
        let stamp = Stamp(time: commit.time, replica: origin.replica)
        let position = try line.append(
            connection, stamp: stamp, number: commit.number, base: commit.base, nonce: commit.nonce,
            digest: commit.digest)
        let live = LiveChanges(connection: connection, line: line.ref, erasures: erasures)
        let ancestry = origin.ancestry
        for (index, change) in commit.changes.enumerated() {
            // A commit changes a record once: what was known before it is still so, unless an erasure took it away.
            let rows = erasures.isSet ? try live.rows(of: change.header.record) : known[index]
            try live.apply(
                change, stamp: stamp, position: position, index: index, rows: rows, fingerprint: &line.fingerprint
            ) { row in
                if row.stamp.replica == stamp.replica || ancestry.includes(row.stamp) { return true }
                return commit.context?.contains(row.stamp) ?? (row.position <= commit.base)
            }
        }
        origin.lastNumber = commit.number
        origin.lastDigest = commit.digest
        origin.lastTime = commit.time
        origin.seenTime = max(origin.seenTime, commit.time)
        line.highestTime = max(line.highestTime, commit.time)
    }

    // MARK: Digests

    /// The digest of a replica's commit; nil where a healing has left a gap.
    private func digest(_ number: UInt64, _ line: LineState, _ origin: OriginState) throws -> [UInt8]? {
        if number == 0 { return [UInt8](repeating: 0, count: SealedCommit.digestBytes) }
        if number == origin.lastNumber { return origin.lastDigest }
        return try connection.withStatement(
            "SELECT digest FROM log WHERE key >> \(LogKey.positionBits) = ? AND replica = ? AND number = ?"
        ) { row in
            try row.bind(1, line.ref)
            try row.bind(2, Int64(bitPattern: origin.replica.rawValue))
            try row.bind(3, Int64(number))
            return try row.step() ? row.optionalBytes(0) : nil
        }
    }

    private func heldDigests(_ request: SyncRequest, _ line: LineState, _ origin: OriginState) throws -> [[UInt8]] {
        var digests: [[UInt8]] = []
        for commit in request.commits where commit.number <= origin.lastNumber {
            guard let digest = try digest(commit.number, line, origin) else { break }
            digests.append(digest)
        }
        return digests
    }
}
