import Merge
import Sealing
import SyncProtocol

/// What a desk makes of the feed, change by change: every change whole, joined with what it has. The server's word for what
/// stands where is not asked.
struct Reading {
    /// By which the other changes of a record have to go.
    private var headers: [RecordID: ChangeHeader] = [:]
    private(set) var states: [RecordID: RecordState] = [:]
    private(set) var tombstones: Set<RecordID> = []
    private static let hasher = ItemHasher(Blake2b.hash128)

    mutating func join(_ header: ChangeHeader, _ stamp: Stamp) throws {
        let record = header.record
        if header.kind == .erase {
            tombstones.insert(record)
            let gone = headers.values.lazy.filter { $0.record == record || $0.path.contains(record) }.map(\.record)
            for record in Array(gone) {
                headers[record] = nil
                states[record] = nil
            }
            return
        }
        guard !tombstones.contains(record), !header.path.contains(where: tombstones.contains) else { return }
        try hold(headers[record]?.isOfSameRecord(as: header) ?? true, "two changes of one record contradict each other")
        if headers[record] == nil { headers[record] = header }
        if header.kind == .put { states[record, default: RecordState()].join(header.entry(stamp)) }
    }

    mutating func join(_ page: [UInt8]) throws {
        for commit in try FeedCommit.all(of: page) {
            for change in commit.changes { try join(change.header, commit.stamp) }
        }
    }

    /// What stands in a range, summed up as a healing compares it.
    func sum(_ range: RecordRange = .all) -> RangeSum {
        var sum = RangeSum()
        for (record, header) in headers where range.contains(record) {
            if header.kind == .add {
                sum.add(Self.hasher.note(record, collection: header.collection))
            } else if let state = states[record] {
                sum.add(Self.hasher.record(record, collection: header.collection, entries: state.entries))
            }
        }
        for record in tombstones where range.contains(record) { sum.add(Self.hasher.tombstone(record)) }
        return sum
    }

    /// Everything that is read of, with ranges that hold just one each.
    var records: Set<RecordID> { Set(headers.keys).union(tombstones) }

    /// The fields in which a change stands.
    func live(_ header: ChangeHeader, _ stamp: Stamp) -> FieldMask {
        states[header.record]?.fields(of: stamp.dot).intersection(header.fields) ?? .empty
    }
}

extension RecordRange {
    init(only record: RecordID) { self.init(after: record.predecessor, through: record) }
}

extension FeedCommit {
    /// A page's commits; whatever a server hands out can be read.
    static func all(of page: [UInt8]) throws -> [FeedCommit] {
        var commits: [FeedCommit] = []
        var reader = CBORReader(page)
        while !reader.isAtEnd {
            do throws(ProtocolError) { commits.append(try reader.feedCommit(limits: SessionTemplate.limits)) } catch {
                throw Violation("a page cannot be read by anybody: \(error)")
            }
        }
        return commits
    }
}
