import Merge
public import Replica

/// A change that somebody made with a key of before, when they should not have been able to any more; for leads.
public struct LateItem: Sendable {
    public var change: LateChange
    /// How it is asked for: by the end of its record's id.
    public var id: ItemReference
    /// The case's, where it is in one.
    public var reference: CaseReference?
    /// What was shown before, by the name of its field.
    public var before: [(field: String, text: String)]
}

extension Casework {
    /// All that no lead has dealt with at this desk, the first one met first.
    public func lateItems() throws -> [LateItem] {
        let changes = try replica.lateChanges()
        return try replica.read { snapshot in
            try changes.map { change in
                let isCase = change.collection?.number == CaseworkSchema.Cases.collection.number
                let id = isCase ? change.record : change.parent
                return LateItem(
                    change: change, id: ItemReference(change.record),
                    reference: try id.flatMap { try CaseReference(of: $0, snapshot) }
                        ?? (isCase ? replica.heldNumber(of: change.record) : nil),
                    before: change.before.map { ($0.field.name, CaseConflict.text($0.value, $0.field.type)) })
            }
        }
    }

    /// One of them. Errors: `unknownItem`, `ambiguousItem`.
    public func lateItem(_ item: ItemReference) throws -> LateItem {
        let found = try lateItems().filter { item.matches($0.change.record) }
        guard found.count == 1 else {
            throw CaseworkError(
                found.isEmpty ? .unknownItem : .ambiguousItem, found.isEmpty ? "late.unknown" : "late.several")
        }
        return found[0]
    }

    /// Leaves a late change as it is, and tells of it no more at this desk; what an erasure took away is destroyed.
    public func accept(_ item: LateItem) throws { try replica.accept(item.change) }

    /// Writes what an erasure took away anew. A case has its number again. Errors: those of `Replica.restoreHeld`.
    @discardableResult
    public func restore(_ item: LateItem) throws -> Int { try replica.restoreHeld(item.change.record).count }
}

extension Replica {
    /// The number of an erased case that is held.
    fileprivate func heldNumber(of id: RecordID) throws -> CaseReference? {
        for (collection, values) in try heldValues(id)
        where collection.number == CaseworkSchema.Numbers.collection.number {
            for (_, value) in values {
                guard case .text(let digits) = value else { continue }
                if let number = ReferenceNumber(digits: digits) { return CaseReference(number) }
            }
        }
        return nil
    }
}
