public import Merge
public import Replica

/// What is recorded of a case when it is opened or edited; nil fields are left as they are.
public struct CaseFields: Sendable {
    /// What an edit can set back to "not recorded".
    public enum Clearable: String, Choice {
        case caller
        case concern
        case age
        case language
        case heardOf
        case research
        public static let topic = "what to clear"
    }

    public var caller: Caller?
    public var concerns: Set<Concern>?
    public var age: AgeBand?
    public var language: LanguageTag?
    public var childMadeContact: Bool?
    public var heardOf: HeardOf?
    public var research: ResearchAnswer?
    /// Comes after the values given.
    public var cleared: Set<Clearable> = []

    public init(
        caller: Caller? = nil, concerns: Set<Concern>? = nil, age: AgeBand? = nil, language: LanguageTag? = nil,
        childMadeContact: Bool? = nil, heardOf: HeardOf? = nil, research: ResearchAnswer? = nil
    ) {
        self.caller = caller
        self.concerns = concerns
        self.age = age
        self.language = language
        self.childMadeContact = childMadeContact
        self.heardOf = heardOf
        self.research = research
    }

    var isEmpty: Bool {
        caller == nil && concerns == nil && age == nil && language == nil && childMadeContact == nil
            && heardOf == nil && research == nil && cleared.isEmpty
    }

    /// Every concern is a field of its own: adding one at one desk and another at the other keeps both.
    static let concernFields: [(Concern, Field<Bool>)] = [
        (.general, CaseworkSchema.Cases.concernGeneral), (.religious, CaseworkSchema.Cases.concernReligious),
        (.rightWing, CaseworkSchema.Cases.concernRightWing), (.leftWing, CaseworkSchema.Cases.concernLeftWing),
    ]

    /// - Parameters:
    ///   - current: the record that is edited: a concern that stays as it is, is not written, so that nobody else's
    ///     edit of it is contradicted.
    ///   - disputed: fields in which other desks' values wait: there, writing the same again is what decides.
    func write(to row: inout RowWriter, current: Record? = nil, disputed: Set<Int> = []) {
        typealias Cases = CaseworkSchema.Cases
        if let caller { row[Cases.caller] = caller.rawValue }
        if let language { row[Cases.language] = language.text }
        if let heardOf { row[Cases.heardOf] = heardOf.rawValue }
        if let research { row[Cases.researchOffer] = research.offer.rawValue }
        if cleared.contains(.caller) { row[Cases.caller] = nil }
        if cleared.contains(.language) { row[Cases.language] = nil }
        if cleared.contains(.heardOf) { row[Cases.heardOf] = nil }
        if cleared.contains(.research) { row[Cases.researchOffer] = nil }
        writeTelling(to: &row, current: current)
        let isCleared = cleared.contains(.concern)
        guard concerns != nil || isCleared else { return }
        for (concern, field) in Self.concernFields {
            let value = isCleared ? nil : concerns?.contains(concern)
            let isSame = current.map { $0[field] == value } ?? false
            if !isSame || disputed.contains(field.definition.number) { row[field] = value }
        }
    }
}

extension CaseFields {
    /// Which fields a change has can be seen from outside, what they hold cannot: age and child are written together, and
    /// both with each new case, so that nobody learns which cases somebody has given an age or a child.
    private func writeTelling(to row: inout RowWriter, current: Record?) {
        typealias Cases = CaseworkSchema.Cases
        let isTouched = age != nil || childMadeContact != nil || cleared.contains(.age)
        guard isTouched || current == nil else { return }
        row[Cases.age] = cleared.contains(.age) ? nil : age?.rawValue ?? current?[Cases.age]
        row[Cases.childMadeContact] = childMadeContact ?? current?[Cases.childMadeContact] ?? false
    }
}

/// What was answered when research was offered, with what was agreed.
public struct ResearchAnswer: Hashable, Sendable {
    public var offer: ResearchOffer
    /// The day of the call, by whoever makes it. Needed where the caller rings back; else nil for the one that is proposed.
    public var on: CalendarDate?

    public init(_ offer: ResearchOffer, on day: CalendarDate? = nil) {
        self.offer = offer
        on = day
    }

    /// Errors: `badValue`.
    func check() throws(CaseworkError) {
        guard offer != .ringsBack || on != nil else {
            throw CaseworkError(
                .badValue, "ringsBackNeedsDay")
        }
        guard offer != .no || on == nil else {
            throw CaseworkError(.badValue, "noResearchNoDay")
        }
    }
}

/// A case as it is shown.
public struct CaseDetails: Sendable {
    public var id: RecordID
    /// Nil while the part of the case that has its number has not arrived.
    public var reference: CaseReference?
    public var status: String
    public var caller: String?
    public var concerns: [Concern]
    public var age: String?
    public var concernsChild: Bool
    public var language: String?
    /// ``HeardOf``
    public var heardOf: String?
    /// ``ResearchOffer``; nil: not asked.
    public var researchOffer: String?
    public var openedAt: Timestamp?
    public var openedBy: String?
    public var closedAt: Timestamp?
    public var closingReason: String?
    /// When its free text was erased; text that was written after it was opened again is there all the same.
    public var shreddedAt: Timestamp?
    public var notes: [NoteDetails]
    public var contacts: [ContactDetails]
    public var promises: [PromiseDetails] = []
    public var referrals: [ReferralDetails] = []
    public var followUps: [FollowUpDetails] = []
    /// Reports of concern, assessments, reviews.
    public var measures: [MeasureDetails] = []
    public var conflicts: [CaseConflict]
    /// What the case shows; an edit of it is based on this.
    public var basis: EditBasis

    init(_ record: Record, _ snapshot: borrowing Snapshot) throws {
        typealias Cases = CaseworkSchema.Cases
        id = record.id
        reference = try CaseReference(of: record.id, snapshot)
        status = record[Cases.status] ?? CaseStatus.open.rawValue
        caller = record[Cases.caller]
        concerns = CaseFields.concernFields.filter { record[$0.1] ?? false }.map(\.0)
        age = record[Cases.age]
        concernsChild = Self.concernsChild(record)
        language = record[Cases.language]
        heardOf = record[Cases.heardOf]
        researchOffer = record[Cases.researchOffer]
        openedAt = record[Cases.openedAt]
        openedBy = record[Cases.openedBy]
        closedAt = record[Cases.closedAt]
        closingReason = record[Cases.closingReason]
        shreddedAt = record[Cases.shreddedAt]
        notes = []
        contacts = []
        conflicts = []
        basis = try snapshot.basis(CaseworkSchema.Cases.collection, record.id)
    }

    public var concernReports: [MeasureDetails] { measures.filter { $0.kind == MeasureKind.concernReport.rawValue } }
    public var assessments: [MeasureDetails] { measures.filter { $0.kind == MeasureKind.assessment.rawValue } }
    public var reviews: [MeasureDetails] { measures.filter { $0.kind == MeasureKind.review.rawValue } }

    /// A child made contact, or the person concerned is under 18.
    static func concernsChild(_ record: Record) -> Bool {
        typealias Cases = CaseworkSchema.Cases
        return (record[Cases.childMadeContact] ?? false) || record[Cases.age] == AgeBand.under18.rawValue
    }
}
