import Merge
import SQLite
import Support
import SyncProtocol

extension Replica {
    /// The replica takes a new identity: somebody else has gone on writing under its old one.
    ///
    /// It names the old one and the last write there that is truly its own past, gives its unacknowledged commits the new
    /// name, and goes on. Nothing is lost; what both copies had unsent arrives twice and counts once.
    func fork(_ writer: Writer, _ state: inout ReplicaState, _ link: inout Link) throws {
        Marks.reach(.fork)
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
        link.ancestry.append(Stamp(time: state.acknowledgedTime, replica: old))
        state.replica = new
        state.number = UInt64(changes.count)
        state.acknowledged = 0
        state.acknowledgedTime = .zero
        link.acknowledgedDigest = [UInt8](repeating: 0, count: SealedCommit.digestBytes)
        // The other copy may be using the same leased numbers.
        try writer.connection.execute("DELETE FROM lugn_lease")
        link.leasesReceived = 0
        link.desk = 0
        link.verified = nil
    }

    /// The clock was wrong: the unacknowledged commits get times that the server takes, in order, above everything this
    /// replica ever received or had acknowledged, and not above the server's time where that is possible.
    func restamp(
        _ writer: Writer, _ state: inout ReplicaState, _ link: inout Link, serverTime: Int64, wall: Int64
    ) throws {
        Marks.reach(.restamp)
        state.clockOffsetMilliseconds = serverTime - wall
        let now = HybridTimestamp(milliseconds: serverTime)
        var latest = state.received
        var changes: [PendingRestamp.Change] = []
        try Outbox(connection: writer.connection).forEach { commit in
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
