import Merge
import Support
import SyncProtocol

extension Session {
    /// Follows the server's clock. Differences of half a second are the network's, and left alone.
    func followClock(_ serverTime: Int64) {
        clock.hear(serverTime, at: reading)
        let offset = serverTime - wall
        if abs(offset - state.clockOffset) > 500 { state.clockOffset = abs(offset) > 500 ? offset : 0 }
    }

    /// A time was too far ahead: all commits that wait get times that the server takes, in their order. What they replace
    /// they name, so that they need not be later than that.
    func correctClock(_ serverTime: Int64) throws {
        Marks.reach(.restamp)
        clock.hear(serverTime, at: reading)
        let before = state.clockOffset
        state.clockOffset = serverTime - wall
        try restampWaiting(atMost: HybridTimestamp(milliseconds: serverTime))
        receipt.events.append(.clockCorrected(byMilliseconds: state.clockOffset - before))
    }

    /// Gives what waits times up to this one, in their order.
    func restampWaiting(atMost now: HybridTimestamp) throws {
        var latest = HybridTimestamp.zero
        for (number, stamp) in try store.outbox.stamps() {
            latest = max(HybridTimestamp(rawValue: latest.rawValue + 1), min(stamp.time, now))
            if latest != stamp.time { try store.outbox.setTime(number, latest) }
        }
        state.clock = latest
        try relayWaiting()
    }

    /// Lays every record anew that something in the outbox writes.
    private func relayWaiting() throws {
        var seen: Set<RecordID> = []
        var headers: [ChangeHeader] = []
        try store.outbox.forEach { commit in
            for change in try commit.changes(store.limits) where change.header.kind != .erase {
                if seen.insert(change.header.record).inserted { headers.append(change.header) }
            }
            return true
        }
        for header in headers { try relay(header) }
    }

    private func relay(_ header: ChangeHeader) throws {
        guard let collection = store.schema.collection(header.collection) else { return }
        switch header.kind {
        case .erase: return
        case .put: try store.relay(collection, header.record)
        case .add:
            // A note's time is told to nobody but whoever reads it.
            guard let state = try store.rows.state(collection, header.record), let entry = state.entries.first,
                let number = try store.pendingNumber(entry.stamp.dot), let commit = try store.outbox.commit(number)
            else { return }
            let new = RecordState(RecordState.Entry(stamp: commit.stamp, fields: entry.fields))
            try store.rows.setState(collection, header.record, new)
        }
    }
}
