public import Merge
public import SyncProtocol

/// What operators look up in a store: headers and counts, never what anybody wrote. None of it is asked by workstations, and
/// none of it changes anything.
///
/// A store implements it by itself: the rules have no part in it.
public protocol OperatorReads: Sendable {
    /// How each replica of a line stood when it was last heard of. Cost: one row for each.
    func replicas(of line: LineID) async throws -> [ReplicaSummary]
    /// When the commits at these positions were written, in milliseconds since 1970; nil where there is none.
    /// Cost: one row for each.
    func times(of line: LineID, at positions: [UInt64]) async throws -> [Int64?]
    /// Commits of the log, the latest first. Cost: reads the log backwards until so many were found.
    func commits(of line: LineID, matching query: LogQuery) async throws -> [LoggedCommit]
    /// What is held of one record; empty if nothing is. Cost: its rows.
    func changes(of record: RecordID, in line: LineID) async throws -> [HeldChangeSummary]
    /// Records with fields in which more than one write stands. Whether their values differ, only workstations can say.
    /// Cost: reads an index of the whole line, about a microsecond for each change.
    func concurrentRecords(of line: LineID) async throws -> [ConcurrentRecord]
}

/// Which commits of a log are wanted.
public struct LogQuery: Hashable, Sendable {
    /// Before this position; nil: from the end on.
    public var before: UInt64?
    /// Only those that came under one of these ids; nil: all.
    public var replicas: [ReplicaID]?
    /// Only those of which something of this record still stands; nil: all.
    public var record: RecordID?
    /// Only those written from this time on, and before that one: milliseconds since 1970.
    public var since: Int64?
    public var until: Int64?
    public var limit: Int

    public static let largestLimit = 10_000

    public init(
        before: UInt64? = nil, replicas: [ReplicaID]? = nil, record: RecordID? = nil, since: Int64? = nil,
        until: Int64? = nil, limit: Int = 20
    ) {
        self.before = before
        self.replicas = replicas
        self.record = record
        self.since = since
        self.until = until
        self.limit = limit
    }
}

/// A commit of the log, by its header.
public struct LoggedCommit: Hashable, Sendable {
    public var position: UInt64
    public var stamp: Stamp
    /// Who sent it, and under which number; nil where changes are handed out again, as after a healing.
    public var replica: ReplicaID?
    public var number: UInt64?
    /// Of its changes those that still stand, and the bytes of their sealed values.
    public var changes: Int
    public var sealedBytes: Int

    public init(
        position: UInt64, stamp: Stamp, replica: ReplicaID?, number: UInt64?, changes: Int, sealedBytes: Int
    ) {
        self.position = position
        self.stamp = stamp
        self.replica = replica
        self.number = number
        self.changes = changes
        self.sealedBytes = sealedBytes
    }
}

/// A change that a store holds, by its header.
public struct HeldChangeSummary: Hashable, Sendable {
    public var position: UInt64
    public var stamp: Stamp
    public var header: ChangeHeader
    /// The fields in which it stands.
    public var live: FieldMask
    public var sealedBytes: Int

    public init(position: UInt64, stamp: Stamp, header: ChangeHeader, live: FieldMask, sealedBytes: Int) {
        self.position = position
        self.stamp = stamp
        self.header = header
        self.live = live
        self.sealedBytes = sealedBytes
    }
}

/// A record with fields in which more than one write stands.
public struct ConcurrentRecord: Hashable, Sendable {
    public var record: RecordID
    public var collection: UInt32
    public var fields: FieldMask
    /// When the latest of those writes was made, in milliseconds since 1970: since then it is so.
    public var since: Int64

    public init(record: RecordID, collection: UInt32, fields: FieldMask, since: Int64) {
        self.record = record
        self.collection = collection
        self.fields = fields
        self.since = since
    }
}

extension ConcurrentRecord {
    /// From all that is held of a record; nil where no two writes stand in one field.
    init?(_ record: RecordID, _ changes: [HeldChangeSummary]) {
        let puts = changes.filter { $0.header.kind == .put }
        var (once, twice) = (FieldMask.empty, FieldMask.empty)
        for put in puts {
            twice = twice.union(once.intersection(put.live))
            once = once.union(put.live)
        }
        let rivals = puts.filter { !$0.live.intersection(twice).isEmpty }
        guard let latest = rivals.max(by: { $0.stamp < $1.stamp }) else { return nil }
        self.init(
            record: record, collection: latest.header.collection, fields: twice, since: latest.stamp.time.milliseconds)
    }
}
