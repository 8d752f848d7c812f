public import Merge
import SQLite
import Sealing
import SyncProtocol
import Trust

/// A change that was sealed with a key of before, and came after this workstation had read the whole log under a newer one.
///
/// While keys and server are honest there is none: the server takes nothing under an older key. One shows that somebody who was
/// removed, or has their key, and the server, or one that was put back, have put it there. It counts as any other; what it replaced
/// or erased is kept aside until a lead has looked.
public struct LateChange: Sendable, Identifiable {
    public enum Kind: Sendable { case set, note, erasure }
    /// Of this workstation; others have marks of their own.
    public var id: String { "\(record)-\(dot)" }
    public var record: RecordID
    let dot: Dot
    public var kind: Kind
    /// Nil for one that this program does not know.
    public var collection: CollectionSchema?
    public var parent: RecordID?
    public var epoch: UInt32
    /// By its writer's clock, in milliseconds since 1970.
    public var writtenAt: Int64
    /// By this workstation's clock.
    public var metAt: Int64
    /// What was shown in the record before, by field.
    public var before: [(field: FieldDefinition, value: Value)]
    /// For an erasure: how many records it took away are kept here.
    public var heldCount: Int
    /// A lead has said that the erasure is not to be obeyed: what is held stays.
    public var isKept: Bool
    /// When what is held is destroyed, in milliseconds since 1970; nil where nothing is held, or a lead keeps it.
    public var destroyedAt: Int64?
}

extension Replica {
    /// How long what a late erasure took away is held.
    static let holdingMilliseconds: Int64 = 7 * 86_400_000

    /// All that no lead has dealt with here, the first one met first.
    public func lateChanges() throws -> [LateChange] {
        try mappingErrors {
            try readers.read { connection in
                let late = LateChanges(connection: connection)
                let kept = try members.membership(connection, Link(connection))?.roster.state.kept ?? []
                return try late.marks().map { mark in
                    let collection = schema.collection(mark.collection)
                    let heldCount = mark.kind == .erase ? try late.heldCount(root: mark.record) : 0
                    let isKept = kept.contains(mark.record)
                    return LateChange(
                        record: mark.record, dot: mark.dot, kind: LateChange.Kind(mark.kind), collection: collection,
                        parent: mark.parent, epoch: mark.epoch, writtenAt: mark.written, metAt: mark.met,
                        before: try before(mark, collection), heldCount: heldCount, isKept: isKept,
                        destroyedAt: heldCount > 0 && !isKept ? mark.met + Self.holdingMilliseconds : nil)
                }
            }
        }
    }

    /// Records of which something is late: nothing that follows from them by itself may destroy anything. Cost: a row, mostly.
    public func lateRecords() throws -> Set<RecordID> {
        try mappingErrors { try readers.read { try LateChanges(connection: $0).records() } }
    }

    /// Cost: a row, mostly.
    public func lateCount() throws -> Int {
        try mappingErrors { try readers.read { try LateChanges(connection: $0).count() } }
    }

    /// What stood, as it was shown: of each field the write with the greatest stamp.
    private func before(
        _ mark: LateChanges.Mark, _ collection: CollectionSchema?
    ) throws -> [(field: FieldDefinition, value: Value)] {
        guard let bytes = mark.before, let collection else { return [] }
        return try PlainChange.shown(PlainChange.decode(bytes, limits: limits), collection, limits)
    }

    /// A lead has looked at a late change: it stays as it is, and is not told of here any more. What an erasure took away is
    /// destroyed, unless the roster keeps it.
    public func accept(_ change: LateChange) throws {
        try session { session in
            try session.store.late.removeMark(change.record, change.dot)
            guard change.kind == .erasure, try !isKept(change.record, session) else { return }
            try session.store.late.destroy(root: change.record)
            session.store.noteDestroyed()
        }
    }

    /// Destroys what late erasures took away: seven days after they were met, if what day it is can be relied on; where a lead keeps it, once it has
    /// been written anew. To be called now and then.
    ///
    /// - Returns: of how many erasures. Cost: a row, mostly.
    @discardableResult
    public func destroyHeld() throws -> Int {
        let (marks, clock) = try mappingErrors {
            try readers.read { connection in
                let late = LateChanges(connection: connection)
                return (try late.roots().isEmpty ? [] : late.marks(), try DateClockTable(connection: connection).read())
            }
        }
        var now = Int64.min
        if case .success(let time) = clock.timeForErasing(at: clockReading()) { now = time }
        let erasures = marks.filter { $0.kind == .erase }
        if erasures.isEmpty { return 0 }
        return try session { session in
            var count = 0
            for mark in erasures {
                let isOver = mark.met + Self.holdingMilliseconds <= now
                let isKept = try isKept(mark.record, session)
                guard try session.store.late.heldCount(root: mark.record) > 0,
                    try isKept ? isWrittenAnew(mark, session) : isOver
                else { continue }
                try session.store.late.destroy(root: mark.record)
                session.store.noteDestroyed()
                count += 1
            }
            return count
        }
    }

    /// Whether some workstation has written it anew: what becomes of that is everybody's, and what is held here would outlive it.
    private func isWrittenAnew(_ mark: LateChanges.Mark, _ session: Session) throws -> Bool {
        guard
            let key = try members.membership(session.store.connection, session.link)?.keyring?.restoringKey(
                after: mark.epoch),
            let collection = schema.collection(mark.collection)
        else { return false }
        let id = mark.record.restored(by: key)
        return try session.store.isErased(id) || session.store.rows.exists(collection, id)
    }

    private func isKept(_ record: RecordID, _ session: Session) throws -> Bool {
        try members.membership(session.store.connection, session.link)?.roster.state.kept.contains(record) ?? false
    }
}

extension LateChange.Kind {
    init(_ kind: ChangeHeader.Kind) {
        switch kind {
        case .put: self = .set
        case .add: self = .note
        case .erase: self = .erasure
        }
    }
}

extension PlainChange {
    /// The values that are shown of changes of one record that stand.
    static func shown(
        _ changes: [PlainChange], _ collection: CollectionSchema, _ limits: Limits
    ) throws -> [(field: FieldDefinition, value: Value)] {
        var shown: [Int: (stamp: Stamp, value: Value)] = [:]
        for change in changes {
            var places: [ValuePlace] = []
            let bytes = Array(change.payload)
            _ = try ValueCodec.places(
                bytes, fields: change.header.fields, collection: collection, limits: limits, into: &places)
            for place in places where shown[place.field].map({ $0.stamp < change.stamp }) ?? true {
                shown[place.field] = (change.stamp, place.value(in: bytes, collection.field(place.field)?.type))
            }
        }
        return collection.fields.compactMap { field in shown[field.number].map { (field, $0.value) } }
    }
}
