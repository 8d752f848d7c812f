import Merge
import Replica

extension Casework {
    /// Takes back the latest attempt of a case, which was recorded by mistake.
    ///
    /// Of an answered one the contact goes too, and the follow-up is planned again; what was written of it stays in the case.
    ///
    /// - Parameter item: of the follow-up; nil for the one whose attempt is the latest.
    /// - Returns: the follow-up as it stands then.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`, and those of ``show(_:)``.
    @discardableResult
    public func takeBackAttempt(
        _ reference: CaseReference, _ item: ItemReference? = nil, by author: AuthorCode
    ) throws -> FollowUpDetails {
        typealias FollowUps = CaseworkSchema.FollowUps
        typealias Attempts = CaseworkSchema.Attempts
        return try change(by: author) { writing in
            let transaction = writing.transaction
            let record = try Self.find(reference, transaction.snapshot)
            let (attempt, followUp) = try Self.latestAttempt(item, of: record.id, transaction)
            try transaction.erase(Attempts.collection, attempt.id)
            if attempt[Attempts.result] == AttemptResult.reached.rawValue {
                try Self.takeBackContact(attempt[Attempts.contact], transaction)
                try transaction.update(FollowUps.collection, followUp.id) { row in
                    row[FollowUps.status] = FollowUpStatus.planned.rawValue
                    row[FollowUps.endedAt] = nil
                    row[FollowUps.endedBy] = nil
                }
            }
            let now = try transaction.snapshot.fetch(FollowUps.collection, followUp.id) ?? followUp
            return try Self.details(now, of: record, writing.settings(), transaction.snapshot)
        }
    }

    private static func latestAttempt(
        _ item: ItemReference?, of id: RecordID, _ transaction: WriteTransaction
    ) throws -> (attempt: Record, followUp: Record) {
        typealias FollowUps = CaseworkSchema.FollowUps
        typealias Attempts = CaseworkSchema.Attempts
        let all = try transaction.snapshot.records(
            FollowUps.collection, where: "parent = ? ORDER BY due, id", [.reference(id)])
        let meant = try item.map { [try ItemReference.pick($0, of: all, "followUp")] } ?? all
        var latest: (attempt: Record, followUp: Record)?
        for followUp in meant {
            let attempt = try transaction.snapshot.records(
                Attempts.collection, where: "parent = ? ORDER BY at DESC, id DESC LIMIT 1", [.reference(followUp.id)]
            ).first
            guard let attempt else { continue }
            if let known = latest?.attempt[Attempts.at], known > attempt[Attempts.at] ?? known { continue }
            latest = (attempt, followUp)
        }
        guard let latest else {
            throw CaseworkError(.unknownItem, "noAttempt")
        }
        return latest
    }

    private static func takeBackContact(_ id: RecordID?, _ transaction: WriteTransaction) throws {
        typealias Contacts = CaseworkSchema.Contacts
        guard let id, try transaction.snapshot.fetch(Contacts.collection, id) != nil else { return }
        try transaction.erase(Contacts.collection, id)
    }
}
