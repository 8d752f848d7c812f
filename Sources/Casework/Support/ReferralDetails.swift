public import Merge
public import Replica

/// To whom a caller was referred, and what came of it.
public struct ReferralDetails: Sendable {
    public var id: RecordID
    /// The case's; nil while its number has not arrived.
    public var reference: CaseReference?
    /// The directory's entry; nil: there was nobody to refer to.
    public var entry: RecordID?
    /// Nil where there was nobody, or the entry is not here.
    public var organisation: String?
    /// ``ReferralWay``
    public var way: String?
    /// When the entry had last been verified at that time.
    public var verifiedOn: CalendarDate?
    /// ``ReferralOutcome``; nil: not yet known.
    public var outcome: String?
    public var outcomeAt: Timestamp?
    public var outcomeBy: String?
    /// ``County`` in which somebody was looked for.
    public var county: String?
    public var at: Timestamp?
    public var by: String

    init(_ record: Record, _ reference: CaseReference?, organisation: String?) {
        typealias Referrals = CaseworkSchema.Referrals
        id = record.id
        self.reference = reference
        entry = record[Referrals.entry]
        self.organisation = organisation
        way = record[Referrals.way]
        verifiedOn = record[Referrals.verifiedOn]
        outcome = record[Referrals.outcome]
        outcomeAt = record[Referrals.outcomeAt]
        outcomeBy = record[Referrals.outcomeBy]
        county = record[Referrals.county]
        at = record[Referrals.at]
        by = record[Referrals.by] ?? ""
    }
}
