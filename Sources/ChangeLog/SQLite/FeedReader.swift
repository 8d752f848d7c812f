import Merge
import SQLite
import Support
import SyncProtocol

/// Reads a page of the feed: the live changes after a cursor, in log order, encoded as they are read.
///
/// One range scan; memory holds the page and one commit. A change's siblings are looked up only where it is contested.
struct FeedReader {
    let connection: Connection
    let limits: Limits

    func page(_ request: SyncRequest) throws -> FeedPage {
        guard let line = try LineState(connection, id: request.line) else {
            throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
        }
        let target = min(Int(min(request.pageBytes, UInt64(limits.pageBytes))), limits.pageBytes)
        var assembler = PageAssembler(target: target)
        let end = try scan(request, line, &assembler)
        let position = end ?? line.head
        guard let check = try line.check(at: position, connection) else {
            throw ChangeLogError(.unusable, "the store is damaged: a position of the log is missing")
        }
        return FeedPage(
            bytes: assembler.page.bytes, commitCount: assembler.commitCount,
            cursor: Cursor(log: line.log, position: position, check: check), head: line.head, more: end != nil,
            seen: try seen(from: request.cursor.position, through: position, line),
            fingerprint: end == nil ? line.fingerprint : nil)
    }

    /// Returns where the page ends; nil if it reaches the head.
    /// Appends what stands of one record, each change as a commit of its own.
    func append(record: RecordID, _ line: LineState, to assembler: inout PageAssembler) throws {
        let live = LiveChanges(connection: connection, line: line.ref, erasures: ErasureFlag())
        try connection.withStatement(
            """
            \(Self.selection) WHERE c.record = ?1 AND c.position >> \(LogKey.indexBits + LogKey.positionBits) = ?2
            ORDER BY c.position
            """
        ) { row in
            try row.bind(1, high: record.high, low: record.low)
            try row.bind(2, line.ref)
            while try row.step() {
                assembler.beginCommit(LogKey.position(ofChange: row.integer(0)), stamp(row), nonce: row.bytes(3))
                assembler.append(try change(row, live))
                assembler.endCommit()
            }
        }
    }

    private static let selection = """
        SELECT c.position, l.replica, l.time, l.nonce, c.record, c.collection, c.parent, c.kind, c.fields, c.live,
            c.contested, c.epoch, c.nonce_index, c.sealed, l.number
        FROM change c CROSS JOIN log l ON l.key = c.position >> \(LogKey.indexBits)
        """

    private func stamp(_ row: borrowing Statement) -> Stamp {
        Stamp(
            time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(2))),
            replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(1))))
    }

    private func scan(_ request: SyncRequest, _ line: LineState, _ assembler: inout PageAssembler) throws -> UInt64? {
        let live = LiveChanges(connection: connection, line: line.ref, erasures: ErasureFlag())
        let first = LogKey.change(line.ref, request.cursor.position + 1, 0)
        return try connection.withStatement(
            """
            \(Self.selection) WHERE c.position >= ? AND c.position < ? ORDER BY c.position
            """
        ) { row in
            try row.bind(1, first)
            try row.bind(2, LogKey.change(line.ref + 1, 0, 0))
            while try row.step() {
                let key = row.integer(0)
                let position = LogKey.position(ofChange: key)
                let stamp = stamp(row)
                let isReissued = row.isNull(14)
                if stamp.replica == request.replica, !request.includeOwn, !isReissued { continue }
                if position != assembler.position {
                    let finished = assembler.position
                    assembler.endCommit()
                    if assembler.isFull {
                        Marks.reach(.pageSplit)
                        return finished
                    }
                    assembler.beginCommit(position, stamp, nonce: row.bytes(3))
                }
                assembler.append(try change(row, live))
            }
            assembler.endCommit()
            return nil
        }
    }

    private func change(_ row: borrowing Statement, _ live: LiveChanges) throws -> FeedChange {
        guard let record = row.halves(4),
            let kind = ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(7)))
        else { throw ChangeLogError(.unusable, "the store is damaged: a change cannot be read") }
        let id = RecordID(high: record.high, low: record.low)
        let fields = FieldMask(rawValue: UInt64(bitPattern: row.integer(8)))
        let standing = FieldMask(rawValue: UInt64(bitPattern: row.integer(9)))
        let contested = FieldMask(rawValue: UInt64(bitPattern: row.integer(10)))
        var siblings: [StampVector.Entry] = []
        if !contested.isEmpty {
            let key = row.integer(0)
            let others = try live.rows(of: id).filter { $0.key != key }
            siblings = others.compactMap { other in
                let shared = other.live.intersection(standing)
                return shared.isEmpty ? nil : StampVector.Entry(stamp: other.stamp, fields: shared)
            }.sorted { $0.stamp > $1.stamp }
        }
        return FeedChange(
            index: UInt64(row.integer(12)),
            header: ChangeHeader(
                kind: kind, collection: UInt32(truncatingIfNeeded: row.integer(5)), record: id,
                parent: row.halves(6).map { RecordID(high: $0.high, low: $0.low) }, fields: fields,
                epoch: UInt32(truncatingIfNeeded: row.integer(11))),
            live: kind == .put ? standing : fields, siblings: siblings, sealed: row.bytes(13)[...])
    }

    /// Whose commits the page's range holds, live or not, and up to when.
    private func seen(from: UInt64, through: UInt64, _ line: LineState) throws -> VersionVector {
        try connection.withStatement(
            "SELECT replica, max(time) FROM log WHERE key > ? AND key <= ? AND number IS NOT NULL GROUP BY replica"
        ) { row in
            try row.bind(1, LogKey.commit(line.ref, from))
            try row.bind(2, LogKey.commit(line.ref, through))
            var vector = VersionVector()
            while try row.step() {
                vector.include(
                    Stamp(
                        time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(1))),
                        replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(0)))))
            }
            // After a healing the line has seen writes that no commit here tells of; so has whoever has read all of it.
            // Not sooner: a replica in the middle would claim what it does not hold, and a healing believes such claims.
            if through == line.head, from < through { try includeHealed(line, &vector) }
            return vector
        }
    }

    private func includeHealed(_ line: LineState, _ vector: inout VersionVector) throws {
        try connection.withStatement("SELECT replica, seen_time FROM origin WHERE line = ? AND seen_time > last_time") {
            row in
            try row.bind(1, line.ref)
            while try row.step() {
                vector.include(
                    Stamp(
                        time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(1))),
                        replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(0)))))
            }
        }
    }
}

/// Builds the page, commit by commit: a commit's head says how many changes follow, so that they are encoded first.
struct PageAssembler {
    private(set) var page = CBORWriter()
    private(set) var commitCount = 0
    private(set) var position: UInt64 = 0
    private var changes = CBORWriter()
    private var changeCount = 0
    private var stamp = Stamp(time: .zero, replica: ReplicaID(rawValue: 0))
    private var nonce: [UInt8] = []
    private let target: Int

    init(target: Int) { self.target = target }

    /// Enough for one page, with at least one commit in it.
    var isFull: Bool { commitCount > 0 && page.bytes.count >= target }

    mutating func beginCommit(_ position: UInt64, _ stamp: Stamp, nonce: [UInt8]) {
        self.position = position
        self.stamp = stamp
        self.nonce = nonce
        changes = CBORWriter(reusing: changes.bytes)
        changeCount = 0
    }

    mutating func append(_ change: FeedChange) {
        changes.feedChange(change)
        changeCount += 1
    }

    mutating func endCommit() {
        guard changeCount > 0 else { return }
        page.feedCommitHead(position: position, stamp: stamp, nonce: nonce, changeCount: changeCount)
        page.bytes.append(contentsOf: changes.bytes)
        commitCount += 1
        changeCount = 0
    }
}
