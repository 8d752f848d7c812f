import Merge
import SQLite
import Support
import SyncProtocol

extension Replica {
    /// Somebody else has gone on writing under this replica's id: it takes a new one, and leaves to the other whatever
    /// both may be using.
    func fork(
        for incarnation: Incarnation, _ writer: Writer, _ state: inout ReplicaState, _ link: inout Link
    ) throws {
        Marks.reach(.fork)
        try takeNewID(for: incarnation, writer, &state, &link)
        try dropLeases(writer, &link)
    }

    /// The server is another process than the one that the replica's id was drawn for: it takes a new id, and goes on
    /// from the old one with everything that it has.
    func renew(
        for incarnation: Incarnation, _ writer: Writer, _ state: inout ReplicaState, _ link: inout Link
    ) throws {
        Marks.reach(.renew)
        let old = state.replica
        try takeNewID(for: incarnation, writer, &state, &link)
        // Two steps that the server does not know of are one too many: who else took the first one cannot be told.
        if link.formerly == nil { link.formerly = old } else { try dropLeases(writer, &link) }
    }

    /// With its id the replica gives up the number by which a server that was put back is found out to lack its commits.
    /// They stand in the log up to where it ends now: until the cursor is there, only this process of the server is known
    /// to have them.
    func believeOnly(_ response: SyncResponse, _ state: ReplicaState, _ link: inout Link) {
        guard state.acknowledged > 0, response.head > state.position else { return }
        vouch(response, state, &link)
    }

    /// Up to where the log ends now, only the server process that answers is known to have what was read of it: another
    /// one, that was put back, is healed first. An older word of another process stands.
    func vouch(_ response: SyncResponse, _ state: ReplicaState, _ link: inout Link) {
        // An answer that was only made up for a commit that the server could not read says nothing of the server.
        let incarnation = response.incarnation == .none ? link.incarnation : response.incarnation
        if link.healedThrough > state.position, link.healedUnder != incarnation { return }
        link.healedUnder = incarnation
        link.healedThrough = max(link.healedThrough, response.head, state.position)
    }

    /// It names the old id and the last write there that is truly its own past, gives its unacknowledged commits the new
    /// name, and goes on. Nothing is lost.
    private func takeNewID(
        for incarnation: Incarnation, _ writer: Writer, _ state: inout ReplicaState, _ link: inout Link
    ) throws {
        let old = state.replica
        var new = ReplicaID(rawValue: environment.randomWord())
        while new == old { new = ReplicaID(rawValue: environment.randomWord()) }
        var changes: [PendingRestamp.Change] = []
        try Outbox(connection: writer.connection).forEach { commit in
            changes.append(
                .init(
                    oldNumber: commit.number, number: UInt64(changes.count + 1),
                    old: Stamp(time: commit.time, replica: old), new: Stamp(time: commit.time, replica: new)))
            return true
        }
        try PendingRestamp(store: writer.store, limits: limits).run(changes, &state)
        if state.acknowledged > 0 {
            link.ancestry.append(Stamp(time: state.acknowledgedTime, replica: old), limit: Self.ancestryLimit)
        }
        state.replica = new
        state.number = UInt64(changes.count)
        state.acknowledged = 0
        state.acknowledgedTime = .zero
        link.acknowledgedDigest = [UInt8](repeating: 0, count: SealedCommit.digestBytes)
        link.incarnation = incarnation
        link.verified = nil
    }

    /// How many earlier ids are named. Writes of older ones lie before the cursor; were one forgotten too early, a
    /// conflict too many would be shown.
    private static let ancestryLimit = 16

    /// The other copy may be using the same numbers.
    private func dropLeases(_ writer: Writer, _ link: inout Link) throws {
        try writer.connection.execute("DELETE FROM lugn_lease")
        link.leasesReceived = 0
        link.desk = 0
        link.formerly = nil
    }

    /// The server's log is not the one that was read. Positions tell nothing any more: what unacknowledged commits had
    /// seen is said by version vectors, and the differences are to be joined before anything is read.
    func diverge(
        for incarnation: Incarnation, _ writer: Writer, _ state: inout ReplicaState, _ link: inout Link
    ) throws {
        try beginHealing(writer, &state, &link)
        try renew(for: incarnation, writer, &state, &link)
    }

    func beginHealing(_ writer: Writer, _ state: inout ReplicaState, _ link: inout Link) throws {
        try giveContexts(writer, state, link)
        state.isHealing = true
        link.seenAhead = VersionVector()
        link.verified = nil
    }

    /// Lets each unacknowledged commit say itself what it had seen: its base means nothing without a cursor that proves
    /// which log it is in.
    func giveContexts(_ writer: Writer, _ state: ReplicaState, _ link: Link) throws {
        try writer.connection.withStatement(
            """
            UPDATE lugn_outbox SET context = coalesce(
                context, (SELECT seen FROM lugn_context WHERE lugn_context.base = lugn_outbox.base),
                CASE WHEN base = ?1 THEN ?2 END, zeroblob(0))
            """
        ) { row in
            try row.bind(1, Int64(bitPattern: state.position))
            try row.bind(2, StampList.encode(try writer.store.opened(link.seen).sorted))
            try row.run()
        }
    }

    /// The clock was wrong: the unacknowledged commits get times that the server takes, in order, above everything this
    /// replica ever received or had acknowledged, and not above the server's time where that is possible.
    ///
    /// While the data are compared with the server, above what each commit says to have seen, instead of all that was
    /// received: of a lost log that may be more than this server can know of, and it would call the clock wrong for ever.
    func restamp(
        _ writer: Writer, _ state: inout ReplicaState, _ link: inout Link, serverTime: Int64, wall: Int64
    ) throws {
        Marks.reach(.restamp)
        state.clockOffsetMilliseconds = serverTime - wall
        let now = HybridTimestamp(milliseconds: serverTime)
        var latest = state.isHealing ? state.acknowledgedTime : state.received
        var changes: [PendingRestamp.Change] = []
        try Outbox(connection: writer.connection).forEach { commit in
            if state.isHealing, let seen = commit.context?.latest { latest = max(latest, seen) }
            latest = max(HybridTimestamp(rawValue: latest.rawValue + 1), min(commit.time, now))
            changes.append(
                .init(
                    oldNumber: commit.number, number: commit.number,
                    old: Stamp(time: commit.time, replica: state.replica),
                    new: Stamp(time: latest, replica: state.replica)))
            return true
        }
        try PendingRestamp(store: writer.store, limits: limits).run(changes, &state)
        state.clock = HybridLogicalClock(latest: max(latest, state.received))
    }
}
