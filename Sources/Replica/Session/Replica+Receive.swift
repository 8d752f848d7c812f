import Merge
import SQLite
import Support
public import SyncProtocol

extension Replica {
    /// Takes in an answer, in one transaction: first what the server holds, which leaves the outbox; only then what it
    /// refused; then the page, together with the cursor.
    ///
    /// An answer that is repeated, late, or meant for an identity that this replica no longer has changes nothing it
    /// should not. Errors: `badAnswer` if the page is not one; then nothing was changed.
    public func receive(_ response: SyncResponse, to outgoing: Outgoing) throws -> Receipt {
        let wall = environment.wallMilliseconds()
        var changed: [RecordID] = []
        var hasErased = false
        let receipt = try session { writer, state, link in
            var receipt = Receipt()
            let request = outgoing.request
            guard state.replica == request.replica else {
                receipt.isMoreToDo = true
                return receipt
            }
            if try isOutdated(response, request, writer, state, link) {
                Marks.reach(.outdatedAnswer)
                receipt.isMoreToDo = true
                return receipt
            }
            let held = try acknowledge(response, request, writer, &state, &link, &receipt)
            if held == .outdated {
                receipt.isMoreToDo = true
                return receipt
            }
            switch response.outcome {
            case _ where held == .different || response.outcome == .forked || response.heldNumber > state.number:
                let old = state.replica
                believeOnly(response, state, &link)
                try fork(for: response.incarnation, writer, &state, &link)
                receipt.events.append(.forked(from: old, to: state.replica))
                receipt.isMoreToDo = true
            case .clock where !isUnvouched(response, state, link):
                let before = state.clockOffsetMilliseconds
                try restamp(writer, &state, &link, serverTime: response.serverTime, wall: wall)
                receipt.events.append(.clockCorrected(byMilliseconds: state.clockOffsetMilliseconds - before))
                receipt.isMoreToDo = true
            case .refused(let number, let reason):
                if try setAside(number, reason, by: response, writer, &state, &link, wall: wall) {
                    receipt.events.append(.setAside(number: number, reason: reason))
                }
                receipt.isMoreToDo = true
            case .renew:
                believeOnly(response, state, &link)
                try renew(for: response.incarnation, writer, &state, &link)
                receipt.events.append(.renewed)
                receipt.isMoreToDo = true
            case .diverged:
                try diverge(for: response.incarnation, writer, &state, &link)
                receipt.events.append(.diverged)
                receipt.isMoreToDo = true
            case _ where isUnvouched(response, state, link):
                // What was joined stands in the log beyond the cursor. Until that has been read, only that process of the
                // server is known to have it: this one may have been put back to before.
                try diverge(for: response.incarnation, writer, &state, &link)
                receipt.events.append(.unvouched)
                receipt.isMoreToDo = true
            default:
                try correctClock(response, wall, &state)
                try takeLeases(response, writer, &link)
                if link.formerly == request.formerly { link.formerly = nil }
                if request.wantsNoPage {
                    receipt.isMoreToDo = true
                    return receipt
                }
                // The server hands out no page while it holds more under this name than was sent: whose it is, the next
                // request shows. Another process may have moved the cursor meanwhile: then this page is not the next one.
                guard
                    response.heldNumber <= state.acknowledged,
                    request.cursor.position == state.position, request.cursor.check == link.cursorCheck,
                    request.cursor.log == link.log, request.includeOwn == state.isRereading, !state.isHealing
                else {
                    Marks.reach(.outdatedAnswer)
                    receipt.isMoreToDo = true
                    return receipt
                }
                let applier = try PageApplier(writer.store, try SessionKeys(link), limits, state, link)
                try applier.run(response.page, &state)
                receipt.applied = applier.commitCount
                changed = applier.changed
                if applier.hasErased { hasErased = true }
                if applier.unopenedCount > 0 { receipt.events.append(.unopened(count: applier.unopenedCount)) }
                try moveCursor(to: response, writer, &state, &link)
                try conclude(response, request, writer, &state, &link, wall, &receipt)
            }
            return receipt
        }
        if !changed.isEmpty { observers.tell(.init(records: changed, origin: .received)) }
        cleanLog(hasErased: hasErased)
        return receipt
    }

    /// Empties the write-ahead log where erased content may stand in it.
    func cleanLog(hasErased: Bool) { writer.withLock { $0.cleanLog(hasErased: hasErased) } }

    /// Whether another process of the server answers than the only one that is known to have what stands here.
    private func isUnvouched(_ response: SyncResponse, _ state: ReplicaState, _ link: Link) -> Bool {
        link.healedThrough > state.position && response.incarnation != link.healedUnder && !state.isHealing
    }

    private enum Held { case same, different, outdated }

    /// Takes out of the outbox what the server holds, and says whether it holds anything else under our numbers.
    private func acknowledge(
        _ response: SyncResponse, _ request: SyncRequest, _ writer: Writer, _ state: inout ReplicaState,
        _ link: inout Link, _ receipt: inout Receipt
    ) throws -> Held {
        var held = Held.same
        for (commit, digest) in zip(request.commits, response.heldDigests) {
            if commit.digest != digest {
                held = .different
                break
            }
            guard commit.number == state.acknowledged + 1 else { continue }
            // Stamps may have been corrected by another process since the request was made: then the digest it had is
            // not this commit's any more, and the server is asked again.
            guard try outboxTime(commit.number, writer) == commit.time.rawValue else {
                Marks.reach(.outdatedAnswer)
                held = .outdated
                break
            }
            state.acknowledged = commit.number
            state.acknowledgedTime = commit.time
            state.received = max(state.received, commit.time)
            link.acknowledgedDigest = digest
            link.seen.include(Stamp(time: commit.time, replica: state.replica))
            receipt.acknowledged += 1
        }
        // Whatever comes behind them, these are held: sent again under another id they would stand beside what has
        // replaced them.
        if receipt.acknowledged > 0 {
            try writer.connection.withStatement("DELETE FROM lugn_outbox WHERE number <= ?") { statement in
                try statement.bind(1, Int64(bitPattern: state.acknowledged))
                try statement.run()
            }
            try writer.connection.execute(
                "DELETE FROM lugn_context WHERE base NOT IN (SELECT base FROM lugn_outbox)")
        }
        return held
    }

    /// Whether an answer that calls this replica a copy, or its clock wrong, speaks of a state that is past: a request that
    /// was long on its way, while another process exchanged more. The next answer will tell.
    private func isOutdated(
        _ response: SyncResponse, _ request: SyncRequest, _ writer: Writer, _ state: ReplicaState, _ link: Link
    ) throws -> Bool {
        if response.outcome == .clock {
            // These commits have been taken since, or given other times, which the server may hold by now: what waits
            // now may be on its way with the times that it has.
            let waiting = request.commits.filter { $0.number > state.acknowledged }
            return try waiting.isEmpty
                || waiting.contains { try outboxTime($0.number, writer) != $0.time.rawValue }
        }
        let isDifferent = zip(request.commits, response.heldDigests).contains { $0.digest != $1 }
        guard isDifferent || response.outcome == .forked, response.heldNumber <= state.number else { return false }
        guard
            request.acknowledged == state.acknowledged, request.acknowledgedDigest == link.acknowledgedDigest,
            // What was written since may be what the server holds beyond it.
            !request.commits.isEmpty || state.number == state.acknowledged
        else { return true }
        return try request.commits.contains { try outboxTime($0.number, writer) != $0.time.rawValue }
    }

    private func outboxTime(_ number: UInt64, _ writer: Writer) throws -> UInt64? {
        try writer.connection.withStatement("SELECT time FROM lugn_outbox WHERE number = ?") { row in
            try row.bind(1, Int64(bitPattern: number))
            return try row.step() ? UInt64(bitPattern: row.integer(0)) : nil
        }
    }

    /// Follows the server's clock. Differences of half a second are the network's, and left alone.
    private func correctClock(_ response: SyncResponse, _ wall: Int64, _ state: inout ReplicaState) throws {
        let offset = response.serverTime - wall
        if abs(offset - state.clockOffsetMilliseconds) > 500 {
            state.clockOffsetMilliseconds = abs(offset) > 500 ? offset : 0
        }
    }

    private func moveCursor(
        to response: SyncResponse, _ writer: Writer, _ state: inout ReplicaState, _ link: inout Link
    ) throws {
        guard response.cursor.position >= state.position else {
            throw ReplicaError(.badAnswer, "the server's answer goes back in its log; nothing was changed")
        }
        if response.cursor.position != state.position, try !Outbox(connection: writer.connection).isEmpty() {
            try writer.store.keepSeen(try writer.store.opened(link.seen), at: state.position)
        }
        state.position = response.cursor.position
        link.log = response.cursor.log
        link.cursorCheck = response.cursor.check
        if state.position >= link.healedThrough { link.healedThrough = 0 }
        // Changes that were handed out again stand later in the log than their commits: only at its end has everything
        // been seen that a page's vector tells of.
        link.seenAhead.merge(response.seen)
        for time in response.seen.times.values { state.receive(time) }
        if response.more {
            // While catching up nobody edits what was on the screen before: no arrivals are kept.
            if !link.isFirstSyncDone || state.isRereading { link.horizon = state.position }
        } else {
            if !link.isFirstSyncDone || state.isRereading { link.horizon = state.position }
            if state.isRereading { link.seen = VersionVector() }
            link.seen.merge(link.seenAhead)
            link.seenAhead = VersionVector()
            state.isRereading = false
            link.isFirstSyncDone = true
            try forgetOldArrivals(writer, state, &link)
        }
    }

    /// Keeps the positions of the latest commits only.
    private func forgetOldArrivals(_ writer: Writer, _ state: ReplicaState, _ link: inout Link) throws {
        let kept: UInt64 = 20_000
        guard state.position > link.horizon + 2 * kept else { return }
        link.horizon = state.position - kept
        try writer.connection.withStatement("DELETE FROM lugn_arrival WHERE position <= ?") { statement in
            try statement.bind(1, Int64(bitPattern: link.horizon))
            try statement.run()
        }
    }

    /// With equal cursors and an empty outbox, both sides hold the same writes, or say that they do not.
    private func conclude(
        _ response: SyncResponse, _ request: SyncRequest, _ writer: Writer, _ state: inout ReplicaState,
        _ link: inout Link, _ wall: Int64, _ receipt: inout Receipt
    ) throws {
        let isEverythingSent = try Outbox(connection: writer.connection).isEmpty()
        receipt.position = state.position
        link.lastSync = wall
        receipt.isMoreToDo = response.more || !isEverythingSent
        guard !response.more, isEverythingSent, let fingerprint = response.fingerprint,
            response.cursor.position == response.head
        else { return }
        receipt.isVerified = fingerprint == state.fingerprint
        link.verified = receipt.isVerified
        link.verifiedAt = wall
        if receipt.isVerified == true {
            link.heals = 0
        } else {
            receipt.events.append(.differs)
        }
        // The server learns how this replica stands with the next request.
        let wasKnown = request.cursor.position == state.position && request.fingerprint == state.fingerprint
        receipt.isMoreToDo = !wasKnown
    }
}
