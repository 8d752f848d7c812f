public import Replica

/// What belongs to the line and not to a case: the referral directory, the internal report, the settings.
extension CaseworkSchema {
    /// Collection 9: organisations that may be referred to. Records: people change posts. The contact's name is one of
    /// the two places where a person is named, in a professional role.
    public enum Directory {
        public static let name = Field<String>(0, "name", indexed: true)
        /// ``OrganisationKind``
        public static let kind = Field<String>(1, "kind")
        /// The municipality or region served.
        public static let area = Field<String>(2, "area")
        public static let offers = Field<String>(3, "offers")
        /// For which ages, in words.
        public static let ages = Field<String>(4, "ages")
        public static let contactName = Field<String>(5, "contact_name")
        public static let phone = Field<String>(6, "phone")
        public static let email = Field<String>(7, "email")
        /// ``DirectorySource``
        public static let source = Field<String>(8, "source")
        /// No longer to be referred to; kept for the referrals that were made.
        public static let isRetired = Field<Bool>(9, "is_retired")
        public static let at = Field<Timestamp>(10, "at")
        public static let by = Field<String>(11, "by_code")
        /// What was marked as no personal data: ``GuardExemption``s, one a line, each after the name of its field.
        public static let exemptions = Field<String>(12, "exemptions")

        public static let collection = CollectionSchema.records(
            9, "directory",
            fields: [name, kind, area, offers, ages, contactName, phone, email, source, isRetired, at, by, exemptions])
    }

    /// Collection 10: that somebody answers at an entry and can help, or not. Notes: a history.
    public enum Verifications {
        public static let on = Field<CalendarDate>(0, "verified_on")
        /// ``VerificationResult``
        public static let result = Field<String>(1, "result")
        public static let by = Field<String>(2, "by_code")

        public static let collection = CollectionSchema.notes(
            10, "verifications", parent: Directory.collection, fields: [on, result, by])
    }

    /// Collection 11: what the monthly internal report tells beside calls and cases. Notes: what was done was done.
    public enum Activities {
        /// ``ActivityKind``
        public static let kind = Field<String>(0, "kind")
        public static let on = Field<CalendarDate>(1, "held_on", indexed: true)
        public static let organisation = Field<String>(2, "organisation")
        public static let text = Field<String>(3, "text")
        public static let at = Field<Timestamp>(4, "at")
        public static let by = Field<String>(5, "by_code")
        public static let exemptions = Field<String>(6, "exemptions")

        public static let collection = CollectionSchema.notes(
            11, "activities", fields: [kind, on, organisation, text, at, by, exemptions])
    }

    /// Collection 12: one record, with the same id at every desk, so that two desks offline edit the same one.
    public enum Settings {
        public static let name = Field<String>(0, "name")
        public static let phone = Field<String>(1, "phone")
        /// ``LanguageTag``s, separated by spaces.
        public static let languages = Field<String>(2, "languages")
        public static let retentionMonths = Field<Int64>(3, "retention_months")
        public static let verificationMonths = Field<Int64>(4, "verification_months")
        public static let followUpFromDays = Field<Int64>(5, "follow_up_from_days")
        public static let followUpThroughDays = Field<Int64>(6, "follow_up_through_days")
        public static let attempts = Field<Int64>(7, "attempts")
        public static let attemptsForChild = Field<Int64>(8, "attempts_for_child")
        public static let anonymousDays = Field<Int64>(9, "anonymous_days")
        public static let isClosedOnHolidays = Field<Bool>(10, "is_closed_on_holidays")
        /// Months from the closing of a case to its erasure; null: it stays for statistics.
        public static let erasureMonths = Field<Int64>(11, "erasure_months")

        public static let collection = CollectionSchema.records(
            12, "settings",
            fields: [
                name, phone, languages, retentionMonths, verificationMonths, followUpFromDays, followUpThroughDays,
                attempts, attemptsForChild, anonymousDays, isClosedOnHolidays, erasureMonths,
            ])
    }

    /// Collection 13: opening hours. Records, one for each pattern, so that ending one and adding another do not meet in
    /// one field; a closed day is one too.
    public enum OpeningHours {
        /// `mon tue wed thu fri`; null: every day of the season.
        public static let weekdays = Field<String>(0, "weekdays")
        /// `09:00-12:00 13:00-16:00`; null: closed on these days.
        public static let hours = Field<String>(1, "hours")
        public static let from = Field<CalendarDate>(2, "from_day")
        public static let through = Field<CalendarDate>(3, "through_day")

        public static let collection = CollectionSchema.records(
            13, "opening_hours", fields: [weekdays, hours, from, through])
    }
}
