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

    /// Appends what stands of one record, each change as a commit of its own.
    func append(record: RecordID, _ line: LineState, to assembler: inout PageAssembler) throws {
        let live = LiveChanges(connection: connection, line: line.ref, erasures: ErasureFlag())
        try connection.withStatement(LogStatements.recordFeed) { row in
            try row.bind(1, high: record.high, low: record.low)
            try row.bind(2, line.ref)
            while try row.step() {
                let key = row.integer(0)
                assembler.begin(try head(ofChange: key))
                try append(row, key, live, to: &assembler)
                assembler.endCommit()
            }
        }
    }

    /// Returns where the page ends; nil if it reaches the head.
    private func scan(_ request: SyncRequest, _ line: LineState, _ assembler: inout PageAssembler) throws -> UInt64? {
        let live = LiveChanges(connection: connection, line: line.ref, erasures: ErasureFlag())
        return try connection.withStatement(LogStatements.feed) { row in
            try row.bind(1, LogKey.change(line.ref, request.cursor.position + 1, 0))
            try row.bind(2, LogKey.change(line.ref + 1, 0, 0))
            var position: UInt64?
            var isLeftOut = false
            while try row.step() {
                let key = row.integer(0)
                if LogKey.position(ofChange: key) != position {
                    let head = try head(ofChange: key)
                    position = head.position
                    // A replica has its own; what a healing hands out again it may have lost.
                    isLeftOut = head.stamp.replica == request.replica && !request.includeOwn && !head.isReissued
                    if !isLeftOut {
                        let finished = assembler.position
                        assembler.endCommit()
                        if assembler.isFull {
                            Marks.reach(.pageSplit)
                            return finished
                        }
                        assembler.begin(head)
                    }
                }
                if !isLeftOut { try append(row, key, live, to: &assembler) }
            }
            assembler.endCommit()
            return nil
        }
    }

    /// The commit that a change belongs to. Looked up once for all of its changes.
    private func head(ofChange key: Int64) throws -> FeedCommitHead {
        try connection.withStatement(LogStatements.commitHead) { row in
            try row.bind(1, key >> LogKey.indexBits)
            guard try row.step() else { throw Self.damage }
            return FeedCommitHead(
                position: LogKey.position(ofChange: key),
                stamp: Stamp(
                    time: HybridTimestamp(rawValue: UInt64(bitPattern: row.integer(1))),
                    replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(0)))),
                nonce: row.bytes(2), isReissued: row.isNull(3))
        }
    }

    private static var damage: ChangeLogError {
        ChangeLogError(.unusable, "the store is damaged: a change cannot be read")
    }

    private func append(
        _ row: borrowing Statement, _ key: Int64, _ live: LiveChanges, to assembler: inout PageAssembler
    ) throws {
        guard let record = row.halves(1),
            let kind = ChangeHeader.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(4)))
        else { throw Self.damage }
        let id = RecordID(high: record.high, low: record.low)
        let fields = FieldMask(rawValue: UInt64(bitPattern: row.integer(5)))
        let standing = FieldMask(rawValue: UInt64(bitPattern: row.integer(6)))
        let contested = FieldMask(rawValue: UInt64(bitPattern: row.integer(7)))
        let siblings = contested.isEmpty ? [] : try self.siblings(of: id, key, standing, live)
        let header = ChangeHeader(
            kind: kind, collection: UInt32(truncatingIfNeeded: row.integer(2)), record: id,
            parent: row.halves(3).map { RecordID(high: $0.high, low: $0.low) }, fields: fields,
            epoch: UInt32(truncatingIfNeeded: row.integer(8)))
        assembler.append(
            index: UInt64(row.integer(9)), header: header, live: kind == .put ? standing : fields, siblings: siblings,
            sealedIn: row, column: 10)
    }

    private func siblings(
        of id: RecordID, _ key: Int64, _ standing: FieldMask, _ live: LiveChanges
    ) throws -> [StampVector.Entry] {
        try live.rows(of: id).compactMap { other in
            let shared = other.live.intersection(standing)
            return other.key == key || shared.isEmpty ? nil : .init(stamp: other.stamp, fields: shared)
        }.sorted { $0.stamp > $1.stamp }
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
