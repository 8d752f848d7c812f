import Merge
public import Replica

/// One change of what a removed workstation had not sent, in words for the lead who reads it.
public struct UnsentItem: Sendable {
    public var kind: UnsentChange.Kind
    /// The name of the collection: `cases`, `notes`. Nil for what a newer program wrote.
    public var collection: String?
    /// The case's, where it is in one whose number is here or comes along.
    public var reference: CaseReference?
    /// By the workstation's own clock.
    public var at: Timestamp
    /// What was written, by the name of its field.
    public var values: [(field: String, text: String)]
}

extension Casework {
    /// Reads what a removed workstation had not sent; nothing is changed. Errors: those of `Replica.read(unsent:)`.
    public func readUnsent(_ pages: [[UInt8]]) throws -> [UnsentItem] {
        let changes = try pages.flatMap { try replica.read(unsent: $0) }
        var numbers: [RecordID: ReferenceNumber] = [:]
        for change in changes where change.collection?.number == CaseworkSchema.Numbers.collection.number {
            guard let parent = change.parent, case .text(let digits)? = change.values.first?.value else { continue }
            numbers[parent] = ReferenceNumber(digits: digits)
        }
        return try replica.read { snapshot in
            try changes.map { change in
                let isCase = change.collection?.number == CaseworkSchema.Cases.collection.number
                let id = isCase ? change.record : change.parent
                return UnsentItem(
                    kind: change.kind, collection: change.collection?.name,
                    // A number that is here goes before one that comes along, which may be another case's.
                    reference: try id.flatMap {
                        try CaseReference(of: $0, snapshot) ?? numbers[$0].map { CaseReference($0) }
                    },
                    at: Timestamp(milliseconds: change.milliseconds),
                    values: change.values.map { ($0.field.name, CaseConflict.text($0.value, $0.field.type)) })
            }
        }
    }
}
