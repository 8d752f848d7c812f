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
        public static let topic = "what to clear"
    }

    public var caller: Caller?
    public var concerns: Set<Concern>?
    public var age: AgeBand?
    public var language: LanguageTag?
    public var childMadeContact: Bool?
    /// Comes after the values given.
    public var cleared: Set<Clearable> = []

    public init(
        caller: Caller? = nil, concerns: Set<Concern>? = nil, age: AgeBand? = nil, language: LanguageTag? = nil,
        childMadeContact: Bool? = nil
    ) {
        self.caller = caller
        self.concerns = concerns
        self.age = age
        self.language = language
        self.childMadeContact = childMadeContact
    }

    var isEmpty: Bool {
        caller == nil && concerns == nil && age == nil && language == nil && childMadeContact == nil
            && cleared.isEmpty
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
        if let age { row[Cases.age] = age.rawValue }
        if let language { row[Cases.language] = language.text }
        if let childMadeContact { row[Cases.childMadeContact] = childMadeContact }
        if cleared.contains(.caller) { row[Cases.caller] = nil }
        if cleared.contains(.age) { row[Cases.age] = nil }
        if cleared.contains(.language) { row[Cases.language] = nil }
        let isCleared = cleared.contains(.concern)
        guard concerns != nil || isCleared else { return }
        for (concern, field) in Self.concernFields {
            let value = isCleared ? nil : concerns?.contains(concern)
            let isSame = current.map { $0[field] == value } ?? false
            if !isSame || disputed.contains(field.definition.number) { row[field] = value }
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
    public var concernReports: [ConcernReportDetails] = []
    public var conflicts: [CaseConflict]
    /// The log position of what is shown; an edit of it is based on this.
    public var position: UInt64

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
        openedAt = record[Cases.openedAt]
        openedBy = record[Cases.openedBy]
        closedAt = record[Cases.closedAt]
        closingReason = record[Cases.closingReason]
        shreddedAt = record[Cases.shreddedAt]
        notes = []
        contacts = []
        conflicts = []
        position = snapshot.position
    }

    /// A child made contact, or the person concerned is under 18.
    static func concernsChild(_ record: Record) -> Bool {
        typealias Cases = CaseworkSchema.Cases
        return (record[Cases.childMadeContact] ?? false) || record[Cases.age] == AgeBand.under18.rawValue
    }
}
