import Merge
import SQLite
import SyncProtocol

/// The changes of one transaction, in the form in which they travel, as they are made; and what they hide.
struct CommitDraft {
    private(set) var body = CBORWriter()
    private var changes: [Change] = []
    /// In the form in which it is kept.
    private var hidden = CBORWriter()
    /// Where each record stands in ``changes``; made when it is first needed.
    private var places: [RecordID: Int]?
    /// A record was changed twice, or is gone again: the body does not say what the rows do.
    private var mustRebuild = false

    private struct Change {
        var header: ChangeHeader
        /// Where its values stand in the body; or the values themselves, of a record that was changed twice.
        var content: Content
        /// Something above it was erased in this same transaction.
        var isGone = false
    }

    private enum Content {
        case written(Range<Int>)
        case merged([UInt8])
    }

    /// How many changes the commit has.
    var count: Int { changes.count { !$0.isGone } }

    var records: [RecordID] { changes.compactMap { $0.isGone ? nil : $0.header.record } }

    mutating func contains(_ id: RecordID) -> Bool { place(of: id) != nil }

    /// Adds a change with its values. A record's second change makes the body be written anew.
    mutating func append(_ header: ChangeHeader, content: [UInt8], isRepeated: Bool) throws {
        if isRepeated, let place = place(of: header.record) {
            mustRebuild = true
            try merge(header, content, into: place)
            return
        }
        body.change(header: header, content: content[...])
        places?[header.record] = changes.count
        let end = body.bytes.count
        changes.append(Change(header: header, content: .written(end - content.count..<end)))
    }

    /// Adds what a change hides, until the server has acknowledged it.
    mutating func hide(_ header: ChangeHeader, _ stamp: Stamp, _ payload: ArraySlice<UInt8>) {
        PlainChange.append(header, stamp, payload, to: &hidden)
    }

    /// What was done to a record needs no telling: something above it was erased.
    mutating func leaveOut(_ id: RecordID) {
        guard let place = place(of: id), !changes[place].isGone else { return }
        changes[place].isGone = true
        mustRebuild = true
    }

    /// Brings the body into agreement with what was done.
    mutating func finish() {
        guard mustRebuild else { return }
        var rebuilt = CBORWriter()
        for change in changes where !change.isGone {
            rebuilt.change(header: change.header, content: values(of: change)[...])
        }
        body = rebuilt
    }

    /// What the commit hides, encoded; nil for nothing. Once something was erased in the same transaction, that is not kept.
    func hiddenBytes(_ limits: Limits, _ hasErased: Bool, _ isErased: (ChangeHeader) throws -> Bool) throws -> [UInt8]?
    {
        if hidden.bytes.isEmpty { return nil }
        if !hasErased { return hidden.bytes }
        let kept = try PlainChange.decode(hidden.bytes, limits: limits).filter { try !isErased($0.header) }
        return kept.isEmpty ? nil : PlainChange.encode(kept)
    }

    private mutating func merge(_ header: ChangeHeader, _ content: [UInt8], into place: Int) throws {
        var known = changes[place]
        if header.kind == .erase {
            // An erase ends everything.
            known.header.kind = .erase
            known.header.fields = .empty
            known.header.replaced = .none
            known.content = .merged([])
        } else {
            // A note or a new record stays what it was.
            let values = try ValueCodec.parts(values(of: known)[...], fields: known.header.fields)
                .merging(ValueCodec.parts(content[...], fields: header.fields)) { _, new in new }
            known.header.fields.formUnion(header.fields)
            known.header.replaced.formUnion(header.replaced)
            var merged: [UInt8] = []
            known.header.fields.forEach { merged.append(contentsOf: values[$0] ?? []) }
            known.content = .merged(merged)
        }
        changes[place] = known
    }

    private func values(of change: Change) -> [UInt8] {
        switch change.content {
        case .written(let range): Array(body.bytes[range])
        case .merged(let bytes): bytes
        }
    }

    private mutating func place(of id: RecordID) -> Int? {
        if let places { return places[id] }
        var made: [RecordID: Int] = [:]
        for (place, change) in changes.enumerated() { made[change.header.record] = place }
        places = made
        return made[id]
    }
}
