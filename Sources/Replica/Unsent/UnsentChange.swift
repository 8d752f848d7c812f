public import Merge
import SQLite
import Sealing
import SyncProtocol

/// One change of what a removed workstation had not sent, for a lead to read before taking it in.
public struct UnsentChange: Sendable {
    public enum Kind: Sendable { case set, note, erasure }
    public var kind: Kind
    /// Nil for one that this program does not know.
    public var collection: CollectionSchema?
    public var record: RecordID
    public var parent: RecordID?
    /// By the workstation's own clock, in milliseconds since 1970.
    public var milliseconds: Int64
    /// The values, by field.
    public var values: [(field: FieldDefinition, value: Value)]
}

extension Replica {
    /// Opens what a removed workstation had not sent; nothing is changed.
    ///
    /// Errors: `badAnswer` where a part of it is not what a workstation of the line has sealed; `notJoined`, `removed`, `waitsForKey`.
    public func read(unsent page: [UInt8]) throws -> [UnsentChange] {
        try mappingErrors {
            let keys = try readers.read { try SessionKeys(members.membership($0, Link($0))) }
            var changes: [UnsentChange] = []
            for commit in try unsentCommits(page, keys) {
                let batch = OpenedBatch([commit], keys, schema, limits)
                for (number, change) in commit.changes.enumerated() {
                    changes.append(try unsentChange(change, commit, number, batch))
                }
            }
            return changes
        }
    }

    /// All of them, each opened by a key of the line: half of somebody's work is taken in by nobody.
    func unsentCommits(_ page: [UInt8], _ keys: SessionKeys) throws -> [FeedCommit] {
        var commits: [FeedCommit] = []
        do {
            var reader = CBORReader(page)
            while !reader.isAtEnd { commits.append(try reader.feedCommit(limits: limits)) }
        } catch {
            throw ReplicaError.notUnsentWork
        }
        for commit in commits {
            let batch = OpenedBatch([commit], keys, schema, limits)
            for (number, change) in commit.changes.enumerated() {
                let reading = batch.reading(number, change, of: commit)
                let isKnown = schema.collection(change.header.collection) != nil
                guard commit.stamp.time < .implausible, reading.payload != nil,
                    reading.unknown != nil || !isKnown || change.header.kind == .erase
                else { throw ReplicaError.notUnsentWork }
            }
        }
        return commits
    }

    private func unsentChange(
        _ change: FeedChange, _ commit: FeedCommit, _ number: Int, _ batch: OpenedBatch
    ) throws -> UnsentChange {
        let header = change.header
        let collection = schema.collection(header.collection)
        let reading = batch.reading(number, change, of: commit)
        let kind: UnsentChange.Kind =
            switch header.kind {
            case .put: .set
            case .add: .note
            case .erase: .erasure
            }
        let values = batch.places[reading.places].compactMap { place in
            collection?.field(place.field).map { ($0, place.value(in: batch.bytes, $0.type)) }
        }
        return UnsentChange(
            kind: kind, collection: collection, record: header.record, parent: header.parent,
            milliseconds: commit.stamp.time.milliseconds, values: values)
    }
}

extension ReplicaError {
    static var notUnsentWork: ReplicaError {
        ReplicaError(
            .badAnswer,
            "what the server hands out as a removed workstation's work is not what a workstation of the line has sealed; nothing of it was taken in: tell the operator"
        )
    }
}
