public import Merge
public import Replica

/// The helpline's collections and fields.
///
/// Their numbers stand in every log and are for ever: add new ones at the end, raise the version, never reuse one.
/// Four rules that keep the promise to the caller:
/// - No field for anything that names a caller. Those who work here are codes such as `S3`.
/// - Free text stands in notes only, so that it can be erased while the classification stays for statistics.
/// - What is sent in clear beside the sealed values, numbers of collections and fields, tells as little as may be: rare
///   things below a case share ``Measures``, and fields that would tell a child's case are written together.
/// - Choices are the English words of the command line, as text: a word that only a newer version knows is kept.
public enum CaseworkSchema {
    public static let schema = Schema(
        version: 1,
        [
            Cases.collection, Contacts.collection, Notes.collection, Measures.collection, Referrals.collection,
            FollowUps.collection, Attempts.collection, Directory.collection, Verifications.collection,
            Reminders.collection, Activities.collection, Settings.collection, OpeningHours.collection,
            Numbers.collection, Publications.collection,
        ])

    /// Collection 1. "case" is a word of SQL, so that the table is `cases`.
    public enum Cases {
        /// ``CaseStatus``
        public static let status = Field<String>(0, "status", indexed: true)
        /// ``Caller``; null: not recorded.
        public static let caller = Field<String>(1, "caller")
        /// ``Concern``, a field each, so that two desks can add one each and both stand.
        public static let concernGeneral = Field<Bool>(2, "concern_general")
        public static let concernReligious = Field<Bool>(3, "concern_religious")
        public static let concernRightWing = Field<Bool>(4, "concern_right_wing")
        public static let concernLeftWing = Field<Bool>(5, "concern_left_wing")
        /// ``AgeBand`` of the person concerned; null: not recorded, or no person concerned. Always written together with
        /// the next field, and both with every new case, so that which fields were written does not tell a child's case.
        public static let age = Field<String>(6, "age")
        /// A child made contact. The case concerns a child if this is so *or* the age is under 18.
        public static let childMadeContact = Field<Bool>(7, "child_made_contact")
        /// ``LanguageTag``
        public static let language = Field<String>(8, "language")
        /// ``HeardOf``; null: not asked.
        public static let heardOf = Field<String>(9, "heard_of")
        /// ``ResearchOffer``; null: not asked.
        public static let researchOffer = Field<String>(10, "research_offer")
        public static let openedAt = Field<Timestamp>(11, "opened_at")
        /// ``AuthorCode``, like all of `…_by`.
        public static let openedBy = Field<String>(12, "opened_by")
        /// When it was last closed; stays when it is reopened.
        public static let closedAt = Field<Timestamp>(13, "closed_at")
        public static let closedBy = Field<String>(14, "closed_by")
        /// ``ClosingReason``
        public static let closingReason = Field<String>(15, "closing_reason")
        /// When it was last reopened.
        public static let reopenedAt = Field<Timestamp>(16, "reopened_at")
        public static let reopenedBy = Field<String>(17, "reopened_by")
        /// When its free text was erased, everywhere and for good.
        public static let shreddedAt = Field<Timestamp>(18, "shredded_at", indexed: true)
        public static let shreddedBy = Field<String>(19, "shredded_by")

        public static let collection = CollectionSchema.records(
            1, "cases",
            fields: [
                status, caller, concernGeneral, concernReligious, concernRightWing, concernLeftWing, age,
                childMadeContact, language, heardOf, researchOffer, openedAt, openedBy, closedAt, closedBy,
                closingReason, reopenedAt, reopenedBy, shreddedAt, shreddedBy,
            ])
    }

    /// Collection 2: calls and chats. The parent is the case; none for a contact that opened no case.
    public enum Contacts {
        /// ``ContactKind``
        public static let kind = Field<String>(0, "kind")
        /// ``Channel``
        public static let channel = Field<String>(1, "channel")
        /// ``LanguageTag``
        public static let language = Field<String>(2, "language")
        public static let at = Field<Timestamp>(3, "at", indexed: true)
        public static let by = Field<String>(4, "by_code")
        /// ``Interpreting``; null: none.
        public static let interpreting = Field<String>(5, "interpreting")
        /// ``Request``; null: not recorded.
        public static let request = Field<String>(6, "request")
        /// In whole minutes, 0 to 1,440.
        public static let minutes = Field<Int64>(7, "minutes")
        /// As it was at the time: opening hours change. Null: not known, as for a day without a time of day.
        public static let outsideHours = Field<Bool>(8, "outside_hours")

        public static let collection = CollectionSchema.records(
            2, "contacts", parent: Cases.collection,
            fields: [kind, channel, language, at, by, interpreting, request, minutes, outsideHours])
    }

    /// Collection 3: what was said and done, as free text; the parent is the case.
    public enum Notes {
        public static let text = Field<String>(0, "text", searched: true)
        public static let by = Field<String>(1, "by_code")
        public static let at = Field<Timestamp>(2, "at")
        /// ``NoteKind``; null: a note.
        public static let kind = Field<String>(3, "kind")
        /// The contact, promise, referral or follow-up that it is about; null: the case as a whole.
        public static let about = Field<RecordID>(4, "about", indexed: true)
        /// What a counsellor has marked as no personal data: ``GuardExemption``s, one a line.
        public static let exemptions = Field<String>(5, "exemptions")

        public static let collection = CollectionSchema.notes(
            3, "notes", parent: Cases.collection, fields: [text, by, at, kind, about, exemptions])
    }

    /// SQL, on a row of `cases`: whether the case concerns a child.
    public static let concernsChildCondition = "(coalesce(child_made_contact, 0) OR coalesce(age, '') = 'under18')"

    /// SQL, on a row of `cases`: whether it has been reviewed, and since it was last closed, if it is.
    static let isReviewedCondition = """
        EXISTS (SELECT 1 FROM measures m WHERE m.parent = cases.id AND m.kind = 'review'
            AND (coalesce(cases.status, '') != 'closed' OR coalesce(m.at, 0) >= coalesce(cases.closed_at, 0)))
        """
}
