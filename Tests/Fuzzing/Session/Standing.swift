import ChangeLog
import Merge
import SyncProtocol

/// All that stands in the line, as a desk reads it from the feed; every page of it must be readable.
struct Standing {
    struct Row: Hashable {
        var position: UInt64
        var stamp: Stamp
        var nonce: [UInt8]
        var index: UInt64
        var header: ChangeHeader
        var sealed: ArraySlice<UInt8>

        var name: Name { Name(record: header.record, dot: stamp.dot) }
        /// For whoever looks into a violation.
        var words: String { "\(header) by \(stamp) at \(position), \(sealed.count) bytes" }
    }

    /// A record and a dot name one write.
    struct Name: Hashable {
        var record: RecordID
        var dot: Dot
    }

    private(set) var rows: [Row] = []
    private(set) var cursor = Cursor.start
    private(set) var head: UInt64 = 0
    /// As the server keeps it.
    private(set) var fingerprint = Fingerprint()
    /// What a desk holds that has read all of this.
    private(set) var reading = Reading()

    init(_ log: SQLiteChangeLog, _ device: Device) async throws {
        var request = SyncRequest(line: device.line, replica: ReplicaID(rawValue: 0), clock: 0, includeOwn: true)
        while true {
            let page = try await log.page(for: request, proven: 0, from: device)
            try read(page.bytes)
            head = page.head
            cursor = page.cursor
            if let sum = page.fingerprint { fingerprint = sum }
            guard page.more else { break }
            try hold(page.cursor.position > request.cursor.position, "the feed does not go on")
            request.cursor = page.cursor
        }
        var seen: Set<Row> = []
        for row in rows {
            var copy = row
            (copy.position, copy.nonce, copy.index, copy.sealed) = (0, [], 0, [])
            try hold(seen.insert(copy).inserted, "a change stands twice: \(row.words)")
            try hold(
                row.header.kind == .erase || row.stamp.time < .implausible, "a time that nobody follows was taken")
        }
    }

    private mutating func read(_ page: [UInt8]) throws {
        for commit in try FeedCommit.all(of: page) {
            try hold(commit.position > rows.last?.position ?? 0, "the feed is out of order")
            for change in commit.changes {
                rows.append(
                    Row(
                        position: commit.position, stamp: commit.stamp, nonce: commit.nonce, index: change.index,
                        header: change.header, sealed: change.sealed))
                try reading.join(change.header, commit.stamp)
            }
        }
    }

    func live(_ row: Row) -> FieldMask { reading.live(row.header, row.stamp) }
    func sum(_ range: RecordRange) -> RangeSum { reading.sum(range) }
    func stands(_ record: RecordID) -> Bool { reading.records.contains(record) && !reading.tombstones.contains(record) }
}
