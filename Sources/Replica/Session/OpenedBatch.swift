import Merge
import Sealing
import SyncProtocol

/// Some commits of a page, and the values of their changes, as far as they have been opened.
///
/// Confined to one thread at a time: made and filled by a ``PageOpener``, then handed to whoever applies it.
final class OpenedBatch: @unchecked Sendable {
    // @unchecked: handed over whole, and not touched by the giver afterwards.

    /// What was found of a change's values.
    struct Reading {
        /// Where the opened payload stands in ``bytes``; nil if it could not be opened.
        var payload: Range<Int>?
        /// Which of ``places`` are its values. None where the values are not what the schema says.
        var places: Range<Int>
        /// Fields that this schema does not have; nil if the values cannot be read at all.
        var unknown: FieldMask?
    }

    let commits: [FeedCommit]
    private(set) var bytes: [UInt8] = []
    private(set) var places: [ValuePlace] = []
    private var readings: [Reading?]
    private let keys: SessionKeys
    private let schema: Schema
    private let limits: Limits
    private var latest: CollectionSchema?

    init(_ commits: [FeedCommit], _ keys: SessionKeys, _ schema: Schema, _ limits: Limits) {
        self.commits = commits
        self.keys = keys
        self.schema = schema
        self.limits = limits
        readings = Array(repeating: nil, count: commits.reduce(0) { $0 + $1.changes.count })
    }

    /// Opens all changes.
    func openAll() {
        bytes.reserveCapacity(commits.reduce(0) { $0 + $1.changes.reduce(0) { $0 + $1.sealed.count } })
        var number = 0
        for commit in commits {
            var sealer: CommitSealer?
            for change in commit.changes {
                readings[number] = read(change, commit, &sealer)
                number += 1
            }
        }
    }

    /// A change's values, opened now unless they have been.
    ///
    /// - Parameter number: the change's place among all of the batch.
    func reading(_ number: Int, _ change: FeedChange, of commit: FeedCommit) -> Reading {
        if let known = readings[number] { return known }
        // What was opened for the changes before is not needed any more.
        bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
        var sealer: CommitSealer?
        return read(change, commit, &sealer)
    }

    /// - Parameter sealer: of the commit's change before, mostly of the same epoch; made where there is none.
    private func read(_ change: FeedChange, _ commit: FeedCommit, _ sealer: inout CommitSealer?) -> Reading {
        let header = change.header
        if sealer?.epoch != header.epoch {
            sealer = keys.sealer(epoch: header.epoch)?.commit(stamp: commit.stamp, nonce: commit.nonce)
        }
        let start = bytes.count
        let first = places.count
        guard sealer?.open(change.sealed, header: header, index: change.index, appendingTo: &bytes) == true else {
            return Reading(payload: nil, places: first..<first, unknown: nil)
        }
        let payload = start..<bytes.count
        guard let collection = collection(header.collection) else {
            return Reading(payload: payload, places: first..<first, unknown: nil)
        }
        do {
            let unknown = try ValueCodec.append(
                CBORReader(bytes, in: payload), fields: header.fields, collection: collection, limits: limits,
                to: &places)
            return Reading(payload: payload, places: first..<places.count, unknown: unknown)
        } catch {
            // Sealed by a workstation of the line, but not what the schema says: kept like one that cannot be opened.
            places.removeLast(places.count - first)
            return Reading(payload: payload, places: first..<first, unknown: nil)
        }
    }

    private func collection(_ number: UInt32) -> CollectionSchema? {
        if let latest, latest.number == number { return latest }
        latest = schema.collection(number)
        return latest
    }
}
