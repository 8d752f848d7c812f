import Merge
import SQLite
import SyncProtocol

/// Joins a part of a replica's state with the server's, inside the caller's savepoint.
///
/// The healing model: each side has its siblings and a version vector of what it has seen. A sibling that only one side
/// holds stays unless the other side has seen it. What the join changed is handed out again under new positions, to its
/// own writer too.
struct Healer {
    let connection: Connection
    let device: Device
    let bound: ClockBound
    let now: Int64
    let limits: Limits
    let erasures: ErasureFlag

    func run(_ request: HealRequest) throws -> HealOutcome {
        guard request.line == device.line, var line = try LineState(connection, id: request.line) else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        try device.checkStanding(connection)
        try checkRanges(request)
        var origin =
            try OriginState.find(request.replica, line: line.ref, connection)
            ?? OriginState.create(request.replica, line: line.ref, connection)
        guard origin.device == nil || origin.device == device.reference else {
            throw ChangeLogError(.wrongDevice, "this replica is another device's; nothing was changed")
        }
        let latest = bound.latestAccepted(nowMilliseconds: now, highestAccepted: line.highestTime)
        // Only its own writes can still be given other times; everybody else's were accepted once, perhaps by a clock that
        // was ahead of this one.
        var times = request.items.filter { $0.stamp.replica == request.replica }.map(\.stamp.time)
        if let own = request.seen.times[request.replica] { times.append(own) }
        guard times.allSatisfy({ $0 <= latest }) else {
            return HealOutcome(response: .clock, hasAdvanced: false, head: line.head)
        }

        let headBefore = line.head
        let serverSeen = try vector(line)
        var offered: [RecordID: [HealItem]] = [:]
        for item in request.items { offered[item.change.header.record, default: []].append(item) }
        let known = try records(request.after, request.through, line)
        for record in Set(offered.keys).union(known).sorted() {
            try join(record, offered[record] ?? [], request, serverSeen, &line)
        }
        for item in request.items { line.highestTime = max(line.highestTime, item.stamp.time) }
        if request.through == nil { try finish(request, &origin, line) }
        origin.device = device.reference
        origin.lastSeen = now
        try origin.save(connection)
        try line.save(connection)
        return HealOutcome(response: .done, hasAdvanced: line.head != headBefore, head: line.head)
    }

    /// Ranges that the wire allows and the store or a reader of the feed does not: taken, they would stop everybody else.
    private func checkRanges(_ request: HealRequest) throws {
        guard request.acknowledged < Cursor.positionLimit,
            request.items.allSatisfy({ $0.index < UInt64(limits.commitChanges) })
        else {
            throw ChangeLogError(
                .malformed, "a part of a healing has at most \(limits.commitChanges) items; nothing was changed")
        }
    }

    // MARK: One record

    private func join(
        _ record: RecordID, _ items: [HealItem], _ request: HealRequest, _ serverSeen: VersionVector,
        _ line: inout LineState
    ) throws {
        let live = LiveChanges(connection: connection, line: line.ref, erasures: erasures)
        if let erasure = items.first(where: { $0.change.header.kind == .erase }) {
            guard try live.existence(of: record) != .erased else { return }
            let position = try reissue(erasure.stamp, request.nonce, &line)
            try live.erase(
                erasure.change, position: position, index: 0, nonceIndex: erasure.index, fingerprint: &line.fingerprint)
            return
        }
        let rows = try live.rows(of: record)
        let first = items.first?.change.header
        guard
            items.allSatisfy({
                live.isConsistent($0.change.header, rows) && first?.isOfSameRecord($0.change.header) == true
            })
        else { return }
        // Not before: what is offered with another parent than the record has must not take it along with that one.
        for item in items where try live.isGone(item.change.header, fingerprint: &line.fingerprint) { return }
        if let note = items.first(where: { $0.change.header.kind == .add }) {
            guard rows.isEmpty else { return }
            let position = try reissue(note.stamp, request.nonce, &line)
            line.fingerprint.add(LiveChanges.hasher.note(record, collection: note.change.header.collection))
            try live.insert(
                note.change, position: position, index: 0, nonceIndex: note.index, live: .empty, contested: .empty)
            return
        }
        guard rows.first?.kind ?? .put == .put else { return }
        try joinFields(record, items, rows, live, request, serverSeen, &line)
    }

    private func joinFields(
        _ record: RecordID, _ items: [HealItem], _ rows: [LiveChanges.Row], _ live: LiveChanges, _ request: HealRequest,
        _ serverSeen: VersionVector, _ line: inout LineState
    ) throws {
        let entries = items.compactMap { offeredEntry($0, rows) }
        guard let mine = StampVector(unsorted: entries) else { return }
        let before = LiveChanges.vector(rows)
        let after = before.joined(with: mine, seen: serverSeen, otherSeen: request.seen)
        if before == after { return }
        guard let collection = rows.first?.collection ?? items.first?.change.header.collection else { return }
        line.fingerprint.subtract(LiveChanges.hash(record, collection, before))
        line.fingerprint.add(LiveChanges.hash(record, collection, after))
        let contested = after.contested
        try live.update(rows, to: after, contested: contested)
        for row in rows where !after.fields(of: row.stamp).isEmpty { try handOutAgain(row, &line) }
        for item in items where before.fields(of: item.stamp).isEmpty {
            let standing = after.fields(of: item.stamp)
            if standing.isEmpty { continue }
            let position = try reissue(item.stamp, request.nonce, &line)
            try live.insert(
                item.change, position: position, index: 0, nonceIndex: item.index, live: standing,
                contested: contested.intersection(standing))
        }
    }

    /// What an item offers. A record and a stamp name one change: of one that is here, no more can stand than is here. Who
    /// offers more of it has not seen yet what replaced the rest.
    private func offeredEntry(_ item: HealItem, _ rows: [LiveChanges.Row]) -> StampVector.Entry? {
        var fields = item.change.header.fields
        if let known = rows.first(where: { $0.stamp == item.stamp }) { fields = fields.intersection(known.fields) }
        return fields.isEmpty ? nil : StampVector.Entry(stamp: item.stamp, fields: fields)
    }

    /// A position of its own for a change that is handed out again or came by a healing.
    private func reissue(_ stamp: Stamp, _ nonce: [UInt8], _ line: inout LineState) throws -> UInt64 {
        try line.append(connection, stamp: stamp, number: nil, base: 0, nonce: nonce, digest: nil)
    }

    private func handOutAgain(_ row: LiveChanges.Row, _ line: inout LineState) throws {
        let nonce = try connection.withStatement("SELECT nonce FROM log WHERE key = ?") { statement in
            try statement.bind(1, LogKey.commit(line.ref, row.position))
            return try statement.step() ? statement.bytes(0) : []
        }
        let position = try reissue(row.stamp, nonce, &line)
        try connection.withStatement("UPDATE change SET position = ?2 WHERE position = ?1") { statement in
            try statement.bind(1, row.key)
            try statement.bind(2, LogKey.change(line.ref, position, 0))
            try statement.run()
        }
    }

    // MARK: The line

    private func vector(_ line: LineState) throws -> VersionVector {
        try connection.withStatement("SELECT replica, seen_time FROM origin WHERE line = ?") { row in
            try row.bind(1, line.ref)
            var vector = VersionVector()
            while try row.step() {
                vector.include(
                    Stamp(
                        time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(1))),
                        replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(0)))))
            }
            return vector
        }
    }

    private func records(_ after: RecordID?, _ through: RecordID?, _ line: LineState) throws -> [RecordID] {
        var conditions = ["position >> \(LogKey.indexBits + LogKey.positionBits) = ?1", "kind = 0"]
        if after != nil { conditions.append("record > ?2") }
        if through != nil { conditions.append("record <= ?3") }
        let sql = "SELECT DISTINCT record FROM change WHERE \(conditions.joined(separator: " AND "))"
        return try connection.withStatement(sql) { row in
            try row.bind(1, line.ref)
            if let after { try row.bind(2, high: after.high, low: after.low) }
            if let through { try row.bind(3, high: through.high, low: through.low) }
            var ids: [RecordID] = []
            while try row.step() {
                if let halves = row.halves(0) { ids.append(RecordID(high: halves.high, low: halves.low)) }
            }
            return ids
        }
    }

    /// After the last part: what the replica has seen, the server now has; and the replica's numbers go on where they were.
    private func finish(_ request: HealRequest, _ origin: inout OriginState, _ line: LineState) throws {
        for stamp in request.seen.sorted {
            if stamp.replica == origin.replica {
                origin.seenTime = max(origin.seenTime, stamp.time)
                continue
            }
            var other =
                try OriginState.find(stamp.replica, line: line.ref, connection)
                ?? OriginState.create(stamp.replica, line: line.ref, connection)
            guard other.seenTime < stamp.time else { continue }
            other.seenTime = stamp.time
            try other.save(connection)
        }
        if request.acknowledged > origin.lastNumber {
            origin.lastNumber = request.acknowledged
            origin.lastDigest = request.acknowledgedDigest
        }
    }
}

extension ChangeHeader {
    /// Whether both could have been written of one record.
    fileprivate func isOfSameRecord(_ other: ChangeHeader) -> Bool {
        kind == other.kind && collection == other.collection && parent == other.parent && record == other.record
    }
}
