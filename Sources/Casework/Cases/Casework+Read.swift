import Merge
import Replica
import SQLite

extension Casework {
    /// The one case to which this number was ever given.
    ///
    /// Errors: `unknownNumber`; `ambiguousNumber` where two share it, which are both named and neither picked.
    static func find(_ reference: CaseReference, _ snapshot: borrowing Snapshot) throws -> Record {
        let found = try snapshot.records(
            CaseworkSchema.Cases.collection, where: "id IN (SELECT parent FROM numbers WHERE number = ?) ORDER BY id",
            [.text(reference.number.digits)])
        let matching =
            reference.idEnding.map { ending in found.filter { $0.id.description.hasSuffix(ending) } } ?? found
        guard let first = matching.first else {
            throw CaseworkError(
                .unknownNumber,
                "unknownNumber", ["number": "\(reference)"]
            )
        }
        guard matching.count == 1 else {
            let candidates = matching.map { CaseReference(reference.number, id: $0.id) }
            throw CaseworkError(
                .ambiguousNumber,
                "ambiguousNumber",
                [
                    "count": "\(matching.count)",
                    "candidates": "\(candidates.map(\.description).joined(separator: ", "))",
                ],
                candidates: candidates)
        }
        return first
    }

    /// A case with everything that belongs to it, as of one moment.
    public func show(_ reference: CaseReference) throws -> CaseDetails {
        let membership = try replica.membership()
        return try replica.read { snapshot in
            let record = try Self.find(reference, snapshot)
            var details = try CaseDetails(record, snapshot)
            let id = record.id
            details.notes = try snapshot.records(
                CaseworkSchema.Notes.collection, where: "parent = ? ORDER BY at, id", [.reference(id)]
            ).map { NoteDetails($0) }.sorted { $0.order < $1.order }
            details.contacts = try snapshot.records(
                CaseworkSchema.Contacts.collection, where: "parent = ? ORDER BY at, id", [.reference(id)]
            ).map { ContactDetails($0) }
            details.promises = try Self.promises(of: id, snapshot)
            details.referrals = try Self.referrals(of: id, snapshot)
            details.followUps = try Self.followUps(of: record, LineSettings(snapshot), snapshot)
            details.measures = try Self.measures(of: id, snapshot)
            let parts =
                details.contacts.map(\.id) + details.promises.map(\.id) + details.referrals.map(\.id)
                + details.followUps.map(\.id) + details.measures.map(\.id)
            for part in [id] + parts {
                details.conflicts += try snapshot.conflicts(record: part).map {
                    CaseConflict($0, details.reference, membership)
                }
            }
            return details
        }
    }

    /// Cases without what belongs to them, the latest first.
    public func list(status: CaseStatus? = nil, limit: Int = 100) throws -> [CaseDetails] {
        try list(CaseFilter(status: status, limit: limit))
    }

    /// As above, of those that a filter lets through.
    public func list(_ filter: CaseFilter) throws -> [CaseDetails] {
        try replica.read { snapshot in
            let (condition, arguments) = filter.condition(try LineSettings.time(snapshot))
            return try snapshot.records(
                CaseworkSchema.Cases.collection, where: "\(condition) ORDER BY id DESC LIMIT \(filter.limit)", arguments
            ).map { try CaseDetails($0, snapshot) }
        }
    }

    /// All conflicts of cases and what belongs to them; one entry for each other value.
    public func conflicts() throws -> [CaseConflict] {
        let membership = try replica.membership()
        return try replica.read { snapshot in
            try snapshot.conflicts().map { conflict in
                CaseConflict(conflict, try Self.reference(of: conflict, snapshot), membership)
            }
        }
    }

    private static func reference(of conflict: Conflict, _ snapshot: borrowing Snapshot) throws -> CaseReference? {
        let record = try snapshot.fetch(conflict.collection, conflict.record)
        let isCase = conflict.collection.number == CaseworkSchema.Cases.collection.number
        let id = isCase ? conflict.record : record?.parent
        guard let id else { return nil }
        return try CaseReference(of: id, snapshot)
    }

    /// Numbers that more than one case has. Two live copies of one offline desk can give the same one twice.
    public func duplicates() throws -> [CaseReference] {
        try replica.read { snapshot in
            try snapshot.query(
                """
                SELECT number, parent FROM numbers
                WHERE number IN (SELECT number FROM numbers GROUP BY number HAVING count(DISTINCT parent) > 1)
                GROUP BY number, parent ORDER BY number, parent
                """
            ) { row -> CaseReference? in
                guard let number = row.optionalText(0).flatMap({ ReferenceNumber(digits: $0) }),
                    let halves = row.halves(1)
                else { return nil }
                return CaseReference(number, id: RecordID(high: halves.high, low: halves.low))
            }.compactMap { $0 }
        }
    }
}
