public import Merge
import SQLite
import SyncProtocol

/// A change that only this workstation has: its commit waits to be sent, or was put aside.
public struct WaitingChange: Sendable {
    public enum Kind: Sendable {
        /// Fields of a record were set.
        case put
        /// A note was added.
        case add
        case erase
    }
    /// The commit's number. The numbers of what waits and of what was put aside are apart.
    public var commit: UInt64
    /// By this computer's clock, in milliseconds since 1970.
    public var writtenAt: Int64
    public var kind: Kind
    /// The number of the collection.
    public var collection: UInt32
    public var record: RecordID
    /// What stands above the record, the nearest first.
    public var path: [RecordID]
    /// The names of the fields that were written, as far as this schema knows them.
    public var fields: Set<String>
    /// What was written, by the names of fields; empty where only the fields were asked for.
    public var values: [String: Value]
}

extension Replica {
    /// The changes that wait to be sent, in their order, without their values.
    ///
    /// - Parameter limit: of commits.
    ///
    /// Cost: a look at the header of each change.
    public func waitingChanges(limit: Int = 50) throws -> [WaitingChange] {
        try mappingErrors {
            try readers.read { connection in
                var found: [WaitingChange] = []
                var count = 0
                try Outbox(connection: connection).forEach { commit in
                    count += 1
                    found += try waiting(commit, withValues: false)
                    return count < limit
                }
                return found
            }
        }
    }

    /// The changes of commits that were put aside with their values, the latest commit first.
    public func setAsideChanges() throws -> [WaitingChange] {
        try mappingErrors {
            try readers.read { try SetAside(connection: $0).commits().flatMap { try waiting($0, withValues: true) } }
        }
    }

    /// Throws away what was put aside, its words too. False where there is no such commit.
    @discardableResult
    public func discardSetAside(_ number: UInt64) throws -> Bool {
        try session { session in
            guard try session.store.setAside.remove(number) else { return false }
            try session.store.rows.mergeFullTexts()
            return true
        }
    }

    private func waiting(_ commit: Outbox.Commit, withValues: Bool) throws -> [WaitingChange] {
        try commit.changes(limits).map { change in
            WaitingChange(
                commit: commit.number, writtenAt: commit.stamp.time.milliseconds, kind: Self.kind(change.header.kind),
                collection: change.header.collection, record: change.header.record, path: change.header.path,
                fields: fields(change.header), values: withValues ? try values(change) : [:])
        }
    }

    private static func kind(_ kind: ChangeHeader.Kind) -> WaitingChange.Kind {
        switch kind {
        case .put: .put
        case .add: .add
        case .erase: .erase
        }
    }

    private func fields(_ header: ChangeHeader) -> Set<String> {
        guard let collection = schema.collection(header.collection) else { return [] }
        return Set(collection.fields.filter { header.fields.contains($0.number) }.map(\.name))
    }

    private func values(_ change: PlainChange) throws -> [String: Value] {
        guard change.header.kind != .erase, let collection = schema.collection(change.header.collection) else {
            return [:]
        }
        let bytes = Array(change.payload)
        var places: [ValuePlace] = []
        _ = try ValueCodec.places(
            bytes, fields: change.header.fields, collection: collection, limits: limits, into: &places)
        var values: [String: Value] = [:]
        for place in places {
            guard let field = collection.field(place.field) else { continue }
            values[field.name] = place.value(in: bytes, field.type)
        }
        return values
    }
}
