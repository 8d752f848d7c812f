import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// One write transaction of the session: it owns the replica's state and link while an answer is taken in.
final class Session {
    let store: RecordStore
    let environment: Replica.Environment
    let reading: ClockReading
    var wall: Int64 { reading.wall }
    var state: ReplicaState
    var link: Link
    var clock: DateClock
    private let clockBefore: DateClock
    /// Records that changed in the tables.
    var changed: [RecordID] = []
    var receipt = Receipt()

    private let members: MembershipCache

    init(_ store: RecordStore, _ environment: Replica.Environment, _ members: MembershipCache) throws {
        self.store = store
        self.members = members
        self.environment = environment
        reading = ClockReading(wall: environment.wallMilliseconds(), boot: environment.boot())
        state = try ReplicaState(store.connection)
        link = try Link(store.connection)
        clock = try DateClockTable(connection: store.connection).read()
        clockBefore = clock
        try store.begin(state)
    }

    /// Writes the state back; the last thing of the transaction.
    func finish() throws {
        try store.finishErasures()
        state.fingerprint = store.sum
        try state.save(store.connection)
        try link.save(store.connection)
        if clock != clockBefore { try DateClockTable(connection: store.connection).save(clock) }
    }

    /// Errors: `notJoined`, `removed`, `waitsForKey`.
    func keys() throws -> SessionKeys { try SessionKeys(members.membership(store.connection, link)) }

    // MARK: An answer

    /// Takes in an answer: what it acknowledges first, then what it asks for, then its page with the cursor, then the sums.
    ///
    /// - Parameter epoch: of the newest key when the request was made; 0 where there was none.
    func receive(_ response: SyncResponse, to request: Verdict.Request, epoch: UInt32 = 0) throws {
        let verdict = Verdict(response, to: request, try facts(response, request))
        try acknowledge(verdict.acknowledged)
        try react(to: verdict.reaction, response)
        if verdict.isCurrent {
            followClock(response.serverTime)
            try Leases(connection: store.connection).receive(response.leases, &link)
            if response.desk != 0 { link.desk = response.desk }
        }
        if let page = response.page { try apply(page) }
        if verdict.movesCursor {
            moveCursor(response)
        } else if response.page != nil {
            Marks.reach(.outdatedAnswer)
        }
        // The server knew of the key before it was asked: whatever it took under an older one was before its log's end.
        if verdict.movesCursor, !response.more, !state.isHealing {
            link.caughtUpEpoch = max(link.caughtUpEpoch, UInt64(epoch))
        }
        receipt.position = state.position
        try conclude(response, verdict, request)
    }

    private func facts(_ response: SyncResponse, _ request: Verdict.Request) throws -> Verdict.Facts {
        var facts = Verdict.Facts(
            replica: state.replica, cursor: link.cursor(state), acknowledged: state.acknowledged,
            isHealing: state.isHealing, waiting: [])
        var digest = link.acknowledgedDigest
        for (number, stamp) in try store.outbox.stamps() {
            digest = CommitDigest.digest(previous: digest, replica: state.replica, number: number, stamp: stamp)
            facts.waiting.append(digest)
        }
        return facts
    }

    /// The server holds the first commits of the outbox: they leave it. Their values stand in the tables already.
    private func acknowledge(_ count: Int) throws {
        if count == 0 { return }
        for (number, stamp) in try store.outbox.stamps().prefix(count) {
            link.acknowledgedDigest = CommitDigest.digest(
                previous: link.acknowledgedDigest, replica: state.replica, number: number, stamp: stamp)
            state.acknowledged = number
            clock.hear(logTime: stamp.time.milliseconds)
        }
        try store.outbox.remove(through: state.acknowledged)
        try store.outboxHasChanged()
        receipt.acknowledged = count
    }

    private func react(to reaction: Verdict.Reaction, _ response: SyncResponse) throws {
        switch reaction {
        case .none: return
        case .fork: try fork()
        case .correctClock: try correctClock(response.serverTime)
        case .setAside(let number, let reason): try setAside(number, reason)
        case .heal:
            receipt.events.append(.diverged)
            try beginHealing()
        }
        receipt.isMoreToDo = true
    }

    private func apply(_ page: ArraySlice<UInt8>) throws {
        let applier = PageApplier(self, try keys())
        try applier.run(page)
        receipt.applied = applier.commitCount
        if applier.unopenedCount > 0 { receipt.events.append(.unopened(count: applier.unopenedCount)) }
    }

    private func moveCursor(_ response: SyncResponse) {
        if response.cursor != link.cursor(state) { receipt.hasProgressed = true }
        link.move(to: response.cursor, &state)
        if !response.more { link.isFirstSyncDone = true }
    }

    // MARK: Sums

    /// With equal cursors and an empty outbox, both sides hold the same writes, or say that they do not.
    private func conclude(_ response: SyncResponse, _ verdict: Verdict, _ request: Verdict.Request) throws {
        if state.isHealing {
            receipt.isMoreToDo = true
            return
        }
        link.lastSync = wall
        let isEverythingSent = !store.hasPending
        // The next request compares, and tells the server how this replica stands.
        if response.more || !isEverythingSent || !verdict.isCurrent || !verdict.movesCursor
            || request.cursor != link.cursor(state) || request.acknowledged != state.acknowledged
        {
            receipt.isMoreToDo = true
        }
        guard verdict.compares, isEverythingSent, let theirs = response.fingerprint else { return }
        let isEqual = try theirs == store.sum || theirs == mendedSum()
        receipt.isVerified = isEqual
        link.verified = isEqual
        link.verifiedAt = wall
        if isEqual, try !store.knowsBetter() {
            link.heals = 0
        } else if link.heals < Self.healingLimit {
            receipt.events.append(.differs)
            receipt.isMoreToDo = true
            try beginHealing()
        }
    }

    /// Healings in a row that left a difference, after which it is only reported.
    private static let healingLimit: Int64 = 5

    /// The running sum may be what is wrong; then nothing needs to travel.
    private func mendedSum() throws -> Fingerprint {
        try store.addUpAnew()
        return store.sum
    }

    // MARK: Identity

    /// Somebody else has gone on writing under this replica's id.
    private func fork() throws {
        Marks.reach(.fork)
        let old = state.replica
        try takeNewID()
        receipt.events.append(.forked(from: old, to: state.replica))
    }

    /// Goes on under a new id, with the same commits. Dots and times stay: an id only numbers what is sent. What is leased
    /// to the old one is given up, since a copy of this file may be using it.
    func takeNewID() throws {
        var new = state.replica
        while new == state.replica { new = ReplicaID(rawValue: environment.randomWord()) }
        state.replica = new
        try store.outbox.renumber(after: state.acknowledged)
        try store.outboxHasChanged()
        state.number -= state.acknowledged
        state.acknowledged = 0
        link.acknowledgedDigest = CommitDigest.start
        link.verified = nil
        try Leases(connection: store.connection).drop(&link)
    }

    /// From now on nothing is read from the feed until all differences are joined. It begins under a new id, since the
    /// server may know less of the old one than this replica does.
    func beginHealing() throws {
        try takeNewID()
        state.isHealing = true
    }

    /// The feed is read on from where the log stood when the healing began.
    func finishHealing(start: Cursor) {
        Marks.reach(.healed)
        link.move(to: start, &state)
        link.verified = nil
        link.heals += 1
        state.isHealing = false
        receipt.events.append(.healed)
    }
}
