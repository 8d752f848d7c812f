public import Merge
public import Replica

/// The second chapter: what was promised and done, whom the caller was referred to, and how it went on.
///
/// What is said in free words of any of these stands in a note about it, which goes when the case is shredded.
extension CaseworkSchema {
    /// Collection 4: promises, reports of concern to social services, assessments of a child's needs, reviews.
    ///
    /// One collection, since its number travels in clear: whoever sees what a desk sends does not learn that it was a
    /// report of concern. For the same reason a new one has all of its first five fields. Records, for a promise is put off
    /// and kept.
    public enum Measures {
        /// ``MeasureKind``
        public static let kind = Field<String>(0, "kind")
        /// By when a promise is to be kept; else the day on which it was made.
        public static let day = Field<CalendarDate>(1, "day", indexed: true)
        /// ``MeasureStatus``
        public static let status = Field<String>(2, "status", indexed: true)
        public static let at = Field<Timestamp>(3, "at")
        public static let by = Field<String>(4, "by_code")
        /// When a promise was kept.
        public static let keptOn = Field<CalendarDate>(5, "kept_on")
        public static let keptBy = Field<String>(6, "kept_by")

        public static let collection = CollectionSchema.records(
            4, "measures", parent: Cases.collection, fields: [kind, day, status, at, by, keptOn, keptBy])
    }

    /// Collection 5: referrals. Records, for what came of one is learned later.
    public enum Referrals {
        /// The directory's entry; null: there was nobody to refer to.
        public static let entry = Field<RecordID>(0, "entry", indexed: true)
        /// ``ReferralWay``; null where there was nobody.
        public static let way = Field<String>(1, "way")
        /// The day on which the entry had last been verified when the referral was made.
        public static let verifiedOn = Field<CalendarDate>(2, "verified_on")
        /// ``ReferralOutcome``; null: open.
        public static let outcome = Field<String>(3, "outcome")
        public static let outcomeAt = Field<Timestamp>(4, "outcome_at")
        public static let outcomeBy = Field<String>(5, "outcome_by")
        public static let at = Field<Timestamp>(6, "at", indexed: true)
        public static let by = Field<String>(7, "by_code")
        /// ``County`` in which somebody was looked for. Not the municipality: a small one and an age may point to a person.
        public static let county = Field<String>(8, "county")

        public static let collection = CollectionSchema.records(
            5, "referrals", parent: Cases.collection,
            fields: [entry, way, verifiedOn, outcome, outcomeAt, outcomeBy, at, by, county])
    }

    /// Collection 6: agreements to speak again. Records, for days are moved.
    public enum FollowUps {
        /// ``FollowUpKind``: the helpline calls, or the caller rings back.
        public static let kind = Field<String>(0, "kind")
        /// The agreed day of the first attempt, or of the caller's call.
        public static let due = Field<CalendarDate>(1, "due", indexed: true)
        /// ``FollowUpStatus``
        public static let status = Field<String>(2, "status", indexed: true)
        public static let endedAt = Field<Timestamp>(3, "ended_at")
        public static let endedBy = Field<String>(4, "ended_by")
        public static let at = Field<Timestamp>(5, "at")
        public static let by = Field<String>(6, "by_code")

        public static let collection = CollectionSchema.records(
            6, "follow_ups", parent: Cases.collection, fields: [kind, due, status, endedAt, endedBy, at, by])
    }

    /// Collection 7: calls made for a follow-up. Notes, for each was made: two desks that call on one day made two.
    public enum Attempts {
        /// ``AttemptResult``
        public static let result = Field<String>(0, "result")
        public static let at = Field<Timestamp>(1, "at")
        public static let by = Field<String>(2, "by_code")
        /// The contact that an answered one was.
        public static let contact = Field<RecordID>(3, "contact")

        public static let collection = CollectionSchema.notes(
            7, "attempts", parent: FollowUps.collection, fields: [result, at, by, contact])
    }
}
