import Merge
import SQLite
import SyncProtocol

/// Joins what a replica holds in ranges of records with what the line holds.
///
/// Each side has its siblings and a version vector of what it has seen. A sibling that only one side holds stays, unless
/// the other side has seen it and holds something in its place. Notes are united, erasures win. What the join changed is
/// handed out again under new positions; what the replica does not hold, it is told at once.
struct RecordJoiner {
    let connection: Connection
    let erasures: ErasureFlag
    /// What the line has seen, and what the replica has.
    let seen: VersionVector
    let theirs: VersionVector
    let nonce: [UInt8]
    private var assembler: PageAssembler

    init(
        connection: Connection, erasures: ErasureFlag, seen: VersionVector, theirs: VersionVector, nonce: [UInt8],
        pageBytes: Int
    ) {
        self.connection = connection
        self.erasures = erasures
        self.seen = seen
        self.theirs = theirs
        self.nonce = nonce
        assembler = PageAssembler(target: pageBytes)
    }

    var page: [UInt8] { assembler.page.bytes }
    var isFull: Bool { assembler.isFull }

    /// Joins a part in order of record, until it ends or the answer is full. Returns how far it came; nil for the end.
    mutating func join(_ part: HealPart, _ line: inout LineState) throws -> RecordID? {
        var offered: [RecordID: [HealItem]] = [:]
        for item in part.items { offered[item.change.header.record, default: []].append(item) }
        var rest = part.range
        while true {
            let known = try records(rest, line, limit: 1_000)
            // As many of the offered ones as lie in the stretch that was looked up.
            let stretch = RecordRange(after: rest.after, through: known.count < 1_000 ? rest.through : known.last)
            let ids = Set(known).union(offered.keys.filter(stretch.contains)).sorted()
            for id in ids {
                if isFull { return rest.after }
                try join(id, offered[id] ?? [], &line)
                rest.after = id
            }
            if known.count < 1_000 { return nil }
        }
    }

    // MARK: One record

    private mutating func join(_ id: RecordID, _ items: [HealItem], _ line: inout LineState) throws {
        let live = LiveChanges(connection: connection, line: line.ref, erasures: erasures)
        try take(id, items, live, &line)
        if try !isHeld(id, items, live) {
            try FeedReader(connection: connection, limits: Limits()).append(record: id, line, to: &assembler)
        }
    }

    /// Whether the replica holds exactly what the line now holds of the record.
    private func isHeld(_ id: RecordID, _ items: [HealItem], _ live: LiveChanges) throws -> Bool {
        let rows = try live.rows(of: id)
        guard let first = rows.first else { return true }
        guard let offered = items.first?.change.header, offered.kind == first.kind else { return false }
        if first.kind == .erase { return true }
        // What is said of another parent or collection was not taken, whatever its stamp and fields.
        guard items.allSatisfy({ $0.change.header.kind == first.kind && live.isConsistent($0.change.header, rows) })
        else { return false }
        return first.kind == .add || LiveChanges.vector(rows) == Self.vector(items)
    }

    private func take(_ id: RecordID, _ items: [HealItem], _ live: LiveChanges, _ line: inout LineState) throws {
        if let erasure = items.first(where: { $0.change.header.kind == .erase }) {
            guard try live.existence(of: id) != .erased else { return }
            let position = try reissue(erasure.stamp, &line)
            try live.erase(
                erasure.change, position: position, index: 0, nonceIndex: erasure.index, fingerprint: &line.fingerprint)
            return
        }
        let rows = try live.rows(of: id)
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
            let position = try reissue(note.stamp, &line)
            line.fingerprint.add(LiveChanges.hasher.note(id, collection: note.change.header.collection))
            try live.insert(
                note.change, position: position, index: 0, nonceIndex: note.index, live: .empty, contested: .empty)
            return
        }
        guard rows.first?.kind ?? .put == .put else { return }
        try joinFields(id, items, rows, live, &line)
    }

    private func joinFields(
        _ id: RecordID, _ items: [HealItem], _ rows: [LiveChanges.Row], _ live: LiveChanges, _ line: inout LineState
    ) throws {
        guard let offered = StampVector(unsorted: items.compactMap { entry($0, rows) }) else { return }
        let before = LiveChanges.vector(rows)
        let after = before.joined(with: offered, seen: seen, otherSeen: theirs)
        if before == after { return }
        guard let collection = rows.first?.collection ?? items.first?.change.header.collection else { return }
        line.fingerprint.subtract(LiveChanges.hash(id, collection, before))
        line.fingerprint.add(LiveChanges.hash(id, collection, after))
        let contested = after.contested
        try live.update(rows, to: after, contested: contested)
        var known: Set<Stamp> = []
        for row in rows {
            let standing = after.fields(of: row.stamp)
            if standing.isEmpty { continue }
            if standing.subtracting(row.fields).isEmpty {
                known.insert(row.stamp)
                try handOutAgain(row, &line)
            } else {
                try live.delete(row.key)
            }
        }
        for item in items where !known.contains(item.stamp) {
            let standing = after.fields(of: item.stamp)
            if standing.isEmpty { continue }
            let position = try reissue(item.stamp, &line)
            try live.insert(
                item.change, position: position, index: 0, nonceIndex: item.index, live: standing,
                contested: contested.intersection(standing))
        }
    }

    /// What an item offers. A record and a stamp name one change: where it is here already, its bytes are of some of its
    /// fields, and stand for those alone unless the item's are of all that stand.
    private func entry(_ item: HealItem, _ rows: [LiveChanges.Row]) -> StampVector.Entry? {
        var fields = item.change.header.fields
        if let known = rows.first(where: { $0.stamp == item.stamp }), !known.live.subtracting(fields).isEmpty {
            fields = fields.intersection(known.fields)
        }
        return fields.isEmpty ? nil : StampVector.Entry(stamp: item.stamp, fields: fields)
    }

    private static func vector(_ items: [HealItem]) -> StampVector? {
        StampVector(unsorted: items.map { .init(stamp: $0.stamp, fields: $0.change.header.fields) })
    }

    // MARK: The log

    /// A position of its own for a change that is handed out again or came by a healing.
    private func reissue(_ stamp: Stamp, nonce: [UInt8]? = nil, _ line: inout LineState) throws -> UInt64 {
        try line.append(connection, stamp: stamp, number: nil, base: 0, nonce: nonce ?? self.nonce, digest: nil)
    }

    private func handOutAgain(_ row: LiveChanges.Row, _ line: inout LineState) throws {
        let nonce = try connection.withStatement("SELECT nonce FROM log WHERE key = ?") { statement in
            try statement.bind(1, LogKey.commit(line.ref, row.position))
            return try statement.step() ? statement.bytes(0) : []
        }
        let position = try reissue(row.stamp, nonce: nonce, &line)
        try connection.withStatement("UPDATE change SET position = ?2 WHERE position = ?1") { statement in
            try statement.bind(1, row.key)
            try statement.bind(2, LogKey.change(line.ref, position, 0))
            try statement.run()
        }
    }

    private func records(_ range: RecordRange, _ line: LineState, limit: Int) throws -> [RecordID] {
        try connection.withStatement(
            """
            SELECT DISTINCT record FROM change
            WHERE position >> \(LogKey.indexBits + LogKey.positionBits) = ?1 \(range.condition("record"))
            ORDER BY record LIMIT \(limit)
            """
        ) { row in
            try row.bind(1, line.ref)
            try range.bind(to: row)
            var ids: [RecordID] = []
            while try row.step() {
                if let halves = row.halves(0) { ids.append(RecordID(high: halves.high, low: halves.low)) }
            }
            return ids
        }
    }
}

extension ChangeHeader {
    /// Whether both could have been written of one record.
    fileprivate func isOfSameRecord(_ other: ChangeHeader) -> Bool {
        kind == other.kind && collection == other.collection && parent == other.parent && record == other.record
    }
}
