public import Merge
public import Replica

/// An agreement to speak again, with the attempts that were made.
public struct FollowUpDetails: Sendable {
    public var id: RecordID
    /// The case's; nil while its number has not arrived.
    public var reference: CaseReference?
    /// ``FollowUpKind``
    public var kind: String
    /// The agreed day of the first attempt, or of the caller's call.
    public var due: CalendarDate?
    /// ``FollowUpStatus``
    public var status: String
    /// In order.
    public var attempts: [Attempt]
    public var endedAt: Timestamp?
    public var endedBy: String?
    public var at: Timestamp?
    public var by: String
    /// What is to be done; nil where it has ended.
    public var next: FollowUpStep?

    public struct Attempt: Sendable {
        public var id: RecordID
        /// ``AttemptResult``
        public var result: String
        public var at: Timestamp
        public var by: String
        /// What an answered one was.
        public var contact: RecordID?
    }

    public var isPlanned: Bool { status == FollowUpStatus.planned.rawValue }

    init(
        _ record: Record, _ reference: CaseReference?, attempts: [Attempt], concernsChild: Bool,
        _ settings: LineSettings
    ) {
        typealias FollowUps = CaseworkSchema.FollowUps
        id = record.id
        self.reference = reference
        kind = record[FollowUps.kind] ?? FollowUpKind.call.rawValue
        due = record[FollowUps.due]
        status = record[FollowUps.status] ?? FollowUpStatus.planned.rawValue
        self.attempts = attempts
        endedAt = record[FollowUps.endedAt]
        endedBy = record[FollowUps.endedBy]
        at = record[FollowUps.at]
        by = record[FollowUps.by] ?? ""
        guard isPlanned, let due else { return }
        next = FollowUpStep(
            kind: kind, due: due, attempts: attempts.map { settings.time.day($0.at) },
            concernsChild: concernsChild, settings)
    }
}
