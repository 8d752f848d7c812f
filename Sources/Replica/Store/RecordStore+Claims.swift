import Merge
import Sealing
import SyncProtocol

/// The sums follow what the server says of a record as long as something of it does not open here; the tables do not.
extension RecordStore {
    /// Keeps a change that does not open, and counts it in the sum as the server does.
    func keepUnopened(_ unopened: Claims.Unopened) throws {
        noteClaims()
        try claims.keep(unopened)
        let header = unopened.change.header
        if header.kind == .erase {
            try claim(header.record, .erased)
            for id in try below(header) { try claim(id, .nothing) }
            return
        }
        try joinClaim(header, unopened.stamp, beginning: true)
    }

    /// Lets a record's claim follow a change; a record without one has none to follow, unless it begins.
    func joinClaim(_ header: ChangeHeader, _ stamp: Stamp, beginning: Bool = false) throws {
        guard let known = try claims.claim(header.record) ?? (beginning ? standing(header) : nil) else { return }
        var claim = known
        switch known {
        case .erased, .nothing: break
        case .note: break
        case .record(let collection, var state):
            if header.kind == .add {
                claim = .note(header.collection)
            } else {
                state.join(header.entry(stamp))
                claim = .record(collection, state)
            }
        }
        try self.claim(header.record, claim)
    }

    /// What a healing's answer says the server holds of records takes the place of what was believed of them. Where it
    /// says nothing of a record, it holds what was offered.
    func replaceClaims(in ranges: [RecordRange], by answers: [RecordID: Claims.Claim]) throws {
        guard hasClaims else { return }
        for (id, known) in try claims.all() where ranges.contains(where: { $0.contains(id) }) {
            if let answer = answers[id] {
                try claim(id, answer)
            } else if known != .nothing {
                sum.subtract(known.hash(id, hasher))
                sum.add(try tableHash(id))
                try claims.remove(id)
            }
        }
    }

    /// Whether something stands here that the server does not have, and that no healing has offered since: sums that are
    /// equal over the server's claims do not tell.
    func knowsBetter() throws -> Bool {
        guard hasClaims else { return false }
        return try claims.unoffered().contains { id, claim in
            switch claim {
            case .erased: return false
            case .nothing, .note:
                let here = try tableHash(id)
                return here != 0 && here != claim.hash(id, hasher)
            case .record(let number, let claimed):
                if try tombstones.contains(id) { return true }
                guard let collection = schema.collection(number), let here = try rows.state(collection, id) else {
                    return false
                }
                var joined = claimed
                joined.join(here)
                return joined != claimed
            }
        }
    }

    /// Opens again what did not open, with the keys and the schema that are here now; returns what opened.
    func openAgain(_ keys: SessionKeys) throws -> [FeedCommit] {
        var opened: [FeedCommit] = []
        var buffer: [UInt8] = []
        for unopened in try claims.unopened(limits: limits) {
            guard
                keys.sealer(epoch: unopened.change.header.epoch)?.open(
                    unopened.change.sealed, header: unopened.change.header, stamp: unopened.stamp,
                    nonce: unopened.nonce, index: unopened.change.index, into: &buffer) == true
            else { continue }
            try claims.removeUnopened(unopened)
            opened.append(
                FeedCommit(
                    position: unopened.position, stamp: unopened.stamp, nonce: unopened.nonce,
                    changes: [unopened.change]))
        }
        return opened
    }

    /// Ends the claims with which the tables agree.
    func settleClaims() throws {
        guard hasClaims else { return }
        for (id, claim) in try claims.all() where try tableHash(id) == claim.hash(id, hasher) {
            try claims.remove(id)
            try claims.removeUnopened(of: id)
        }
    }

    private func claim(_ id: RecordID, _ claim: Claims.Claim) throws {
        let old = try claims.claim(id)?.hash(id, hasher) ?? tableHash(id)
        sum.subtract(old)
        sum.add(claim.hash(id, hasher))
        try claims.set(id, claim)
    }

    /// What stands of the record here, as the beginning of a claim.
    private func standing(_ header: ChangeHeader) throws -> Claims.Claim {
        guard let collection = schema.collection(header.collection),
            let state = try rows.state(collection, header.record)
        else {
            if let parked = try parked.record(header.record) {
                return parked.isNote ? .note(parked.collection) : .record(parked.collection, parked.state)
            }
            return .record(header.collection, RecordState())
        }
        return collection.kind == .notes ? .note(collection.number) : .record(collection.number, state)
    }

    /// A record's share of the sum by the tables alone.
    private func tableHash(_ id: RecordID) throws -> UInt128 {
        if try tombstones.contains(id) { return hasher.tombstone(id) }
        for collection in schema.collections {
            if let state = try rows.state(collection, id) { return hash(collection, id, state) }
        }
        return try parked.record(id).map { $0.hash(hasher) } ?? 0
    }

    private func below(_ header: ChangeHeader) throws -> [RecordID] {
        var ids: [RecordID] = []
        for (collection, distance) in schema.descendants(of: header.collection) {
            ids += try rows.descendants(collection, of: header.record, distance: distance)
        }
        return ids + (try parked.descendants(of: header.record).map(\.id))
    }
}
