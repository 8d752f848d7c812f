public import Merge
import Replica
import Support

extension Casework {
    /// Refers a caller to an organisation, if somebody has been reached there lately.
    ///
    /// The helpline never refers to anyone not contacted first: the entry's last verification must be one at which
    /// somebody answered and could help, and not older than the settings say.
    ///
    /// - Parameters:
    ///   - way: nil for the one that follows from the offer of research, ``proposedWay(_:)``.
    ///   - county: in which somebody was looked for; nil for the entry's.
    ///
    /// Errors: `notVerified`, with the ways out; `caseClosed`, `unknownItem`, `ambiguousItem`; `shredded` and those of
    /// texts where one is given; those of ``show(_:)``.
    @discardableResult
    public func addReferral(
        _ reference: CaseReference, to item: ItemReference, _ way: ReferralWay? = nil, in county: County? = nil,
        text: MarkedText? = nil, by author: AuthorCode
    ) throws -> RecordID {
        typealias Referrals = CaseworkSchema.Referrals
        return try change(by: author) { writing in
            let record = try writing.openCase(reference)
            let entry = try Self.entry(item, writing.transaction.snapshot)
            try Self.checkVerified(entry, writing)
            let id = try writing.transaction.insert(Referrals.collection, parent: record.id) { row in
                row[Referrals.entry] = entry.id
                row[Referrals.way] = (way ?? Self.proposedWay(record)).rawValue
                row[Referrals.verifiedOn] = entry.verifiedOn
                if let county = county?.rawValue ?? entry.county { row[Referrals.county] = county }
                row[Referrals.at] = writing.now
                row[Referrals.by] = author.text
            }
            try Self.add(text, about: id, to: record, writing)
            return id
        }
    }

    /// The way of a referral that follows from what the caller answered when research was offered; tips where nobody has
    /// asked. Errors: those of ``show(_:)``.
    public func proposedWay(_ reference: CaseReference) throws -> ReferralWay {
        try replica.read { Self.proposedWay(try Self.find(reference, $0)) }
    }

    private static func proposedWay(_ record: Record) -> ReferralWay {
        record[CaseworkSchema.Cases.researchOffer].flatMap { ResearchOffer(rawValue: $0) }?.proposedWay ?? .tips
    }

    /// Records that there was nobody to refer the caller to, which is an outcome as well.
    ///
    /// - Parameter county: in which somebody was looked for.
    ///
    /// Errors: `caseClosed`; `shredded` and those of texts where one is given; those of ``show(_:)``.
    @discardableResult
    public func addReferralToNobody(
        _ reference: CaseReference, in county: County? = nil, text: MarkedText? = nil, by author: AuthorCode
    ) throws -> RecordID {
        typealias Referrals = CaseworkSchema.Referrals
        return try change(by: author) { writing in
            let record = try writing.openCase(reference)
            let id = try writing.transaction.insert(Referrals.collection, parent: record.id) { row in
                row[Referrals.outcome] = ReferralOutcome.nobodyToReferTo.rawValue
                row[Referrals.outcomeAt] = writing.now
                row[Referrals.outcomeBy] = author.text
                row[Referrals.at] = writing.now
                row[Referrals.by] = author.text
                if let county { row[Referrals.county] = county.rawValue }
            }
            try Self.add(text, about: id, to: record, writing)
            return id
        }
    }

    /// Records what a referral led to. It may be said again when more is known.
    ///
    /// - Parameter item: nil for the only referral of the case of which nothing is known yet.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`; `shredded` and those of texts where one is given; those of ``show(_:)``.
    public func setOutcome(
        _ reference: CaseReference, _ item: ItemReference? = nil, _ outcome: ReferralOutcome,
        text: MarkedText? = nil, by author: AuthorCode
    ) throws {
        typealias Referrals = CaseworkSchema.Referrals
        try change(by: author) { writing in
            let snapshot = writing.transaction.snapshot
            let record = try Self.find(reference, snapshot)
            let condition = item == nil ? "parent = ? AND outcome IS NULL" : "parent = ?"
            let referrals = try snapshot.records(
                Referrals.collection, where: condition + " ORDER BY at, id", [.reference(record.id)])
            let referral = try ItemReference.pick(
                item, of: referrals, item == nil ? "openReferral" : "referral of this case")
            try writing.transaction.update(Referrals.collection, referral.id) { row in
                row[Referrals.outcome] = outcome.rawValue
                row[Referrals.outcomeAt] = writing.now
                row[Referrals.outcomeBy] = author.text
            }
            try Self.add(text, about: referral.id, to: record, writing)
        }
    }

    private static func add(_ text: MarkedText?, about id: RecordID, to record: Record, _ writing: Writing) throws {
        guard let text else { return }
        try Writing.checkNotShredded(record)
        try writing.add(text, .referral, to: record.id, about: id)
    }

    /// The gate.
    private static func checkVerified(_ entry: DirectoryEntry, _ writing: Writing) throws {
        func refusal(_ key: String, _ values: [String: Message] = [:]) -> CaseworkError {
            CaseworkError(.notVerified, "gate." + key, values.merging(["id": "\(ItemReference(entry.id))"]) { $1 })
        }
        guard !entry.isRetired else { throw refusal("retired") }
        let months = try writing.settings().verificationMonths
        if entry.isVerified(on: writing.today, months: months) { return }
        switch (entry.verifications.first, entry.verifiedOn) {
        case (nil, _): throw refusal("never")
        case (let last?, nil):
            let result = Message.words("verification." + last.result)
            throw refusal("notConfirmed", ["day": "\(last.on)", "result": result])
        case (_, let on?): throw refusal("old", ["day": "\(on)", "months": "\(months)"])
        }
    }

    /// Referrals of which nobody knows yet what came of them, the oldest first.
    public func openReferrals() throws -> [ReferralDetails] {
        try replica.read { snapshot in
            try snapshot.records(CaseworkSchema.Referrals.collection, where: "outcome IS NULL ORDER BY at, id").map {
                try Self.details($0, try Self.reference(of: $0, snapshot), snapshot)
            }
        }
    }

    static func referrals(of id: RecordID, _ snapshot: borrowing Snapshot) throws -> [ReferralDetails] {
        try snapshot.records(
            CaseworkSchema.Referrals.collection, where: "parent = ? ORDER BY at, id", [.reference(id)]
        ).map { try details($0, nil, snapshot) }
    }

    private static func details(
        _ record: Record, _ reference: CaseReference?, _ snapshot: borrowing Snapshot
    ) throws -> ReferralDetails {
        typealias Directory = CaseworkSchema.Directory
        let entry = try record[CaseworkSchema.Referrals.entry].flatMap { try snapshot.fetch(Directory.collection, $0) }
        return ReferralDetails(record, reference, organisation: entry?[Directory.name])
    }
}
