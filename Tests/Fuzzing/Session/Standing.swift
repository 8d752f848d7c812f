import ChangeLog
import Merge
import Sealing
import SyncProtocol

/// All that stands in the line, as a desk reads it from the feed; every page of it must be readable.
struct Standing {
    struct Row: Hashable {
        var position: UInt64
        var stamp: Stamp
        var nonce: [UInt8]
        var index: UInt64
        var header: ChangeHeader
        var live: FieldMask
        var siblings: [StampVector.Entry]
        var sealed: ArraySlice<UInt8>

        var name: Name { Name(record: header.record, stamp: stamp) }
        /// For whoever looks into a violation.
        var words: String { "\(header) by \(stamp) at \(position), live \(live), \(sealed.count) bytes" }
    }

    /// A record and a stamp name one change.
    struct Name: Hashable {
        var record: RecordID
        var stamp: Stamp
    }

    private(set) var rows: [Row] = []
    private(set) var head: UInt64 = 0
    /// As the server keeps it.
    private(set) var fingerprint = Fingerprint()
    /// Everybody's latest write.
    private(set) var vector = VersionVector()

    init(_ log: SQLiteChangeLog, _ device: Device) throws {
        var request = SyncRequest(line: device.line, replica: ReplicaID(rawValue: 0), clock: 0, includeOwn: true)
        while true {
            let page = try log.page(for: request, from: device)
            try read(page.bytes)
            vector.merge(page.seen)
            head = page.head
            if let sum = page.fingerprint { fingerprint = sum }
            guard page.more else { break }
            try hold(page.cursor.position > request.cursor.position, "the feed does not go on")
            request.cursor = page.cursor
        }
        try hold(Set(rows.map(\.name)).count == rows.count, "a change stands twice")
        try hold(computedFingerprint == fingerprint, "the fingerprint is not that of what stands")
        for row in rows { try hold(siblings(of: row) == row.siblings, "a change has other siblings than stand") }
    }

    private mutating func read(_ page: [UInt8]) throws {
        var reader = CBORReader(page)
        var last: UInt64 = rows.last?.position ?? 0
        while !reader.isAtEnd {
            let commit: FeedCommit
            do throws(ProtocolError) { commit = try reader.feedCommit(limits: SessionTemplate.limits) } catch {
                throw Violation("the feed cannot be read by anybody: \(error)")
            }
            try hold(commit.position > last, "the feed is out of order")
            last = commit.position
            for change in commit.changes {
                rows.append(
                    Row(
                        position: commit.position, stamp: commit.stamp, nonce: commit.nonce, index: change.index,
                        header: change.header, live: change.live, siblings: change.siblings, sealed: change.sealed))
                vector.include(commit.stamp)
            }
        }
    }

    /// What stands in a range, summed up as a healing compares it.
    func sum(_ range: RecordRange) -> RangeSum { Self.sum(rows.filter { range.contains($0.header.record) }) }

    private var computedFingerprint: Fingerprint { Self.sum(rows).fingerprint }

    private static func sum(_ rows: [Row]) -> RangeSum {
        let hasher = ItemHasher(Blake2b.hash128)
        var sum = RangeSum()
        for (record, rows) in Dictionary(grouping: rows, by: \.header.record) {
            let puts = rows.filter { $0.header.kind == .put }
            if let first = puts.first {
                let entries = puts.map { StampVector.Entry(stamp: $0.stamp, fields: $0.live) }
                let sorted = entries.sorted { $0.stamp > $1.stamp }
                sum.add(hasher.record(record, collection: first.header.collection, entries: sorted))
            }
            for row in rows where row.header.kind == .add {
                sum.add(hasher.note(record, collection: row.header.collection))
            }
            for row in rows where row.header.kind == .erase { sum.add(hasher.tombstone(record)) }
        }
        return sum
    }

    private func siblings(of row: Row) -> [StampVector.Entry] {
        guard row.header.kind == .put else { return [] }
        return rows.filter { $0.header.record == row.header.record && $0.stamp != row.stamp }
            .map { StampVector.Entry(stamp: $0.stamp, fields: $0.live.intersection(row.live)) }
            .filter { !$0.fields.isEmpty }.sorted { $0.stamp > $1.stamp }
    }
}
