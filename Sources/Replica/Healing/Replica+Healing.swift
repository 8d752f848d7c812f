public import Merge
import SQLite
import Sealing
import Support
public import SyncProtocol

/// A request of a healing that offers records, and what is needed to understand its answer.
public struct HealingOffer: Sendable {
    public var request: HealRequest
    /// What did not fit.
    public var rest: [RecordRange]
    let acknowledged: UInt64
}

extension Replica {
    /// From now on nothing is read from the feed until ``finishHealing(begun:)``: differences are joined first.
    /// Local work goes on, and is sent.
    public func beginHealing() throws {
        try session { writer, state, link in
            if !state.isHealing { try beginHealing(writer, &state, &link) }
        }
    }

    public func isHealing() throws -> Bool { try mappingErrors { try readers.read { try ReplicaState($0).isHealing } } }

    /// The first request: asks where the server stands. Its `seen` is what this replica has seen, taken before anything
    /// is compared, so that it can only say too little: then a value too many stands as a conflict, and nothing is lost.
    public func healingRequest() throws -> HealRequest {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                let store = RecordStore(connection: connection, schema: schema, hasher: ItemHasher(Blake2b.hash128))
                // Where a refused commit was taken out, the tables do not show what had been seen.
                let seen = state.isRereading ? VersionVector() : try store.opened(link.seen)
                return HealRequest(
                    line: try SessionKeys(link).line, replica: state.replica, incarnation: link.incarnation, seen: seen)
            }
        }
    }

    /// Whether a healing's first request says more than is still true: a commit was put aside meanwhile, and what it had
    /// replaced does not stand here any more. Then it has to begin anew, and claims nothing.
    public func hasWithdrawn(since first: HealRequest) throws -> Bool {
        if first.seen.isEmpty { return false }
        return try mappingErrors { try readers.read { try ReplicaState($0).isRereading } }
    }

    /// A range in parts of equal count, with their sums.
    public func divide(_ range: RecordRange, into parts: Int) throws -> [ComparedRange] {
        try mappingErrors {
            try readers.read { try RangeWalk(connection: $0, schema: schema).divide(range, into: parts) }
        }
    }

    /// Everything in the ranges, sealed for the server, as far as it fits. Nil while there are unacknowledged writes:
    /// they are sent first, since only what the server knows can be joined.
    public func offer(
        _ ranges: [RecordRange], in healing: HealRequest, maximumBytes: Int = 2 << 20
    ) throws -> HealingOffer? {
        try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                guard try Outbox(connection: connection).isEmpty() else { return nil }
                var part = HealingPart(
                    connection: connection, schema: schema, keys: try SessionKeys(try Link(connection)),
                    replica: state.replica, limits: limits, maximumBytes: maximumBytes)
                let rest = try part.collect(ranges)
                var request = healing
                request.replica = state.replica
                request.parts = part.parts
                request.nonce = part.nonce
                return HealingOffer(request: request, rest: rest, acknowledged: state.acknowledged)
            }
        }
    }

    /// Takes in what the server holds of the offered records, in one transaction.
    ///
    /// Returns the ranges that are left, and how many changes came; nil if the replica moved on while the answer
    /// travelled, so that it is to be offered again.
    public func receive(
        _ response: HealResponse, to offer: HealingOffer
    ) throws -> (rest: [RecordRange], changes: Int)? {
        var changed: [RecordID] = []
        var hasErased = false
        let result = try session { writer, state, link -> ([RecordRange], Int)? in
            guard state.isHealing, state.replica == offer.request.replica, state.acknowledged == offer.acknowledged
            else { return nil }
            let applier = try PageApplier(writer.store, try SessionKeys(link), limits, state, link)
            try applier.run(response.page, &state)
            changed = applier.changed
            hasErased = applier.hasErased
            return (Self.rest(of: offer, response), applier.commitCount)
        }
        if !changed.isEmpty { observers.tell(.init(records: changed, origin: .received)) }
        cleanLog(hasErased: hasErased)
        return result
    }

    private static func rest(of offer: HealingOffer, _ response: HealResponse) -> [RecordRange] {
        var left = offer.request.parts.dropFirst(Int(response.joinedParts)).map(\.range)
        if let through = response.joinedThrough, !left.isEmpty { left[0].after = through }
        return left + offer.rest
    }

    /// Everything is compared and joined: the feed is read on from where the log stood when the healing began.
    ///
    /// - Parameter ended: the answer to the last request.
    public func finishHealing(begun: HealResponse, ended: HealResponse) throws {
        Marks.reach(.healed)
        try session { writer, state, link in
            guard state.isHealing else { return }
            if state.isRereading {
                try beginRereading(writer, &state, &link)
            } else {
                state.position = begun.cursor.position
                link.log = begun.cursor.log
                link.cursorCheck = begun.cursor.check
                link.seen.merge(begun.seen)
            }
            for time in begun.seen.times.values { state.receive(time) }
            link.seenAhead = VersionVector()
            link.horizon = state.position
            link.healedUnder = ended.incarnation
            link.healedThrough = ended.cursor.position
            try writer.connection.execute("DELETE FROM lugn_arrival; DELETE FROM lugn_context")
            state.isHealing = false
            link.heals += 1
        }
    }

    /// Compares the values in a page of the feed with those in the tables, in one transaction, and puts right those that
    /// differ under the same stamp: they were damaged here. Returns how many were compared, and whose were mended.
    public func checkValues(_ page: ArraySlice<UInt8>) throws -> (compared: Int, mended: [RecordID]) {
        let result = try session { writer, _, link in
            let check = ValueCheck(writer.store, try SessionKeys(link), limits)
            try check.run(page)
            return (check.comparedValues, check.mendedRecords)
        }
        if !result.1.isEmpty { observers.tell(.init(records: result.1, origin: .received)) }
        return result
    }

    /// If only the running fingerprint was wrong, puts it right; false if the tables themselves differ from the server's.
    public func repairFingerprint() throws -> Bool {
        try session { writer, state, _ in
            let scanned = try fingerprintByScan(writer.connection)
            defer { state.fingerprint = scanned }
            return scanned != state.fingerprint
        }
    }

    /// How many healings ran since the state was last found equal.
    public func healingCount() throws -> Int {
        try mappingErrors { try readers.read { try Link($0).heals } }
    }
}
