public import Merge
public import Replica

/// What the monthly internal report tells beside calls and cases.
public struct Activity: Sendable {
    public var id: RecordID
    /// ``ActivityKind``
    public var kind: String
    public var on: CalendarDate?
    public var organisation: String?
    public var place: String?
    public var text: String?
    public var by: String

    init(_ record: Record) {
        typealias Activities = CaseworkSchema.Activities
        id = record.id
        kind = record[Activities.kind] ?? ""
        on = record[Activities.on]
        organisation = record[Activities.organisation]
        place = record[Activities.place]
        text = record[Activities.text]
        by = record[Activities.by] ?? ""
    }
}

extension Casework {
    /// Records a meeting, a visit, a lecture, a lesson learned, an organisation contacted …
    ///
    /// - Parameters:
    ///   - day: nil for today.
    ///   - organisation, place, text: at least one of them.
    ///
    /// Errors: `badValue`, and those of ``TextGuard/check(_:named:by:on:)``.
    @discardableResult
    public func addActivity(
        _ kind: ActivityKind, on day: CalendarDate? = nil, organisation: MarkedText? = nil,
        place: MarkedText? = nil, text: MarkedText? = nil, by author: AuthorCode
    ) throws -> RecordID {
        typealias Activities = CaseworkSchema.Activities
        guard organisation != nil || place != nil || text != nil else {
            throw CaseworkError(.badValue, "activity.empty")
        }
        return try change(by: author) { writing in
            guard day ?? writing.today <= writing.today else {
                throw CaseworkError(.badValue, "activity.future")
            }
            var exemptions: [String] = []
            for (name, text) in [("organisation", organisation), ("place", place), ("text", text)] {
                guard let text else { continue }
                exemptions += try writing.exemptions(text, named: name).map { "\(name):\($0)" }
            }
            return try writing.transaction.add(Activities.collection) { row in
                row[Activities.kind] = kind.rawValue
                row[Activities.on] = day ?? writing.today
                row[Activities.organisation] = organisation?.text
                row[Activities.place] = place?.text
                row[Activities.text] = text?.text
                row[Activities.at] = writing.now
                row[Activities.by] = author.text
                if !exemptions.isEmpty { row[Activities.exemptions] = exemptions.joined(separator: "\n") }
            }
        }
    }

    /// The activities of some days, in order.
    public func activities(from: CalendarDate? = nil, through: CalendarDate? = nil) throws -> [Activity] {
        try replica.read { snapshot in
            try snapshot.records(
                CaseworkSchema.Activities.collection, where: "held_on >= ? AND held_on <= ? ORDER BY held_on, id",
                [.text(from?.description ?? "0000-00-00"), .text(through?.description ?? "9999-12-31")]
            ).map { Activity($0) }
        }
    }

    /// Erases an activity, which ought not to have been written, at every desk. Errors: `unknownItem`, `ambiguousItem`.
    public func eraseActivity(_ item: ItemReference) throws {
        try replica.write { tx in
            let records = try tx.snapshot.records(CaseworkSchema.Activities.collection)
            let record = try ItemReference.pick(item, of: records, "activity")
            try tx.erase(CaseworkSchema.Activities.collection, record.id)
        }
    }
}
