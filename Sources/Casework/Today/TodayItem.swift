public import Merge
public import Replica

/// Something to be done today.
public struct TodayItem: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// The helpline calls the caller.
        case followUp
        case promise
        /// The caller may ring back: the case is met with.
        case ringBack
        /// Nobody answered, or rang back: a person decides to close the case.
        case proposeClosing
        /// A child is concerned, and nobody has assessed yet what it needs.
        case assess
        /// An open case with nothing ahead that nobody has touched for long: to be closed, or something planned.
        case quiet
        /// Two desks wrote different things.
        case conflict
        /// An entry of the directory, which nobody may be referred to before that.
        case verify
        /// A contact of the directory is to be asked by mail whether something has changed.
        case remind
        /// Two cases have one number: people decide, and ask.
        case duplicateNumber
    }

    public var kind: Kind
    /// The follow-up, the promise, the entry of the directory, the case, or what there is a conflict about.
    public var id: RecordID
    /// The case's.
    public var reference: CaseReference?
    /// From which day on; nil for an entry that never was verified.
    public var due: CalendarDate?
    public var isOverdue: Bool
    public var concernsChild: Bool
    /// Of a follow-up: which attempt, and of how many.
    public var attempt: (number: Int, of: Int)?
    /// Of a follow-up: the attempt that only a child's case has.
    public var isExtraForChild: Bool
    /// Of a proposal to close: the helpline has called, so that there is a slip of paper with the number.
    public var remindsToShredSlip: Bool
    /// What was promised; the name of the entry; the address to mail to.
    public var text: String?
    /// Both values, who wrote them and when.
    public var conflict: CaseConflict?
}
