public import Replica

/// What belongs to the line and not to a case: the referral directory, the internal report, the settings.
extension CaseworkSchema {
    /// Collection 8: organisations that may be referred to. Records: people change posts. The contact's name is one of
    /// the two places where a person is named, in a professional role.
    public enum Directory {
        public static let name = Field<String>(0, "name", indexed: true)
        /// ``OrganisationKind``
        public static let kind = Field<String>(1, "kind")
        /// The municipality served, by its name; null: all of the county.
        public static let municipality = Field<String>(2, "municipality")
        /// ``County``; null: the whole country, or not known.
        public static let county = Field<String>(3, "county")
        public static let offers = Field<String>(4, "offers")
        /// The youngest age in years that they are there for; null: from birth on.
        public static let ageFrom = Field<Int64>(5, "age_from")
        /// The oldest, included; null: no limit.
        public static let ageTo = Field<Int64>(6, "age_to")
        /// Whether they have a plan for such cases; null: not known.
        public static let hasPlan = Field<Bool>(7, "has_plan")
        public static let contactName = Field<String>(8, "contact_name")
        public static let phone = Field<String>(9, "phone")
        public static let email = Field<String>(10, "email")
        /// ``DirectorySource``
        public static let source = Field<String>(11, "source")
        /// No longer to be referred to; kept for the referrals that were made.
        public static let isRetired = Field<Bool>(12, "is_retired")
        public static let at = Field<Timestamp>(13, "at")
        public static let by = Field<String>(14, "by_code")
        /// What was marked as no personal data: ``GuardExemption``s, one a line, each after the name of its field.
        public static let exemptions = Field<String>(15, "exemptions")

        public static let collection = CollectionSchema.records(
            8, "directory",
            fields: [
                name, kind, municipality, county, offers, ageFrom, ageTo, hasPlan, contactName, phone, email, source,
                isRetired, at, by, exemptions,
            ])
    }

    /// Collection 9: that somebody answers at an entry and can help, or not. Notes: a history.
    public enum Verifications {
        public static let on = Field<CalendarDate>(0, "verified_on")
        /// ``VerificationResult``
        public static let result = Field<String>(1, "result")
        public static let by = Field<String>(2, "by_code")

        public static let collection = CollectionSchema.notes(
            9, "verifications", parent: Directory.collection, fields: [on, result, by])
    }

    /// Collection 10: mails that asked an entry's contact to say if something has changed. Notes: each was sent.
    public enum Reminders {
        public static let on = Field<CalendarDate>(0, "sent_on", indexed: true)
        /// Where it went, as the entry had it then: nobody is mailed twice a day.
        public static let address = Field<String>(1, "address")
        public static let by = Field<String>(2, "by_code")

        public static let collection = CollectionSchema.notes(
            10, "reminders", parent: Directory.collection, fields: [on, address, by])
    }

    /// Collection 11: what the monthly internal report tells beside calls and cases. Notes: what was done was done.
    public enum Activities {
        /// ``ActivityKind``
        public static let kind = Field<String>(0, "kind")
        public static let on = Field<CalendarDate>(1, "held_on", indexed: true)
        public static let organisation = Field<String>(2, "organisation")
        public static let place = Field<String>(3, "place")
        public static let text = Field<String>(4, "text")
        public static let at = Field<Timestamp>(5, "at")
        public static let by = Field<String>(6, "by_code")
        public static let exemptions = Field<String>(7, "exemptions")

        public static let collection = CollectionSchema.notes(
            11, "activities", fields: [kind, on, organisation, place, text, at, by, exemptions])
    }

    /// Collection 12: one record, with the same id at every desk, so that two desks offline edit the same one.
    public enum Settings {
        public static let name = Field<String>(0, "name")
        public static let phone = Field<String>(1, "phone")
        /// ``LanguageTag``s, separated by spaces.
        public static let languages = Field<String>(2, "languages")
        /// ``LineTime/Zone``
        public static let timeZone = Field<String>(3, "time_zone")
        public static let verificationMonths = Field<Int64>(4, "verification_months")
        public static let reminderMonths = Field<Int64>(5, "reminder_months")
        public static let followUpFromDays = Field<Int64>(6, "follow_up_from_days")
        public static let followUpThroughDays = Field<Int64>(7, "follow_up_through_days")
        public static let attempts = Field<Int64>(8, "attempts")
        public static let attemptsForChild = Field<Int64>(9, "attempts_for_child")
        public static let anonymousDays = Field<Int64>(10, "anonymous_days")
        public static let quietDays = Field<Int64>(11, "quiet_days")
        public static let isClosedOnHolidays = Field<Bool>(12, "is_closed_on_holidays")

        public static let collection = CollectionSchema.records(
            12, "settings",
            fields: [
                name, phone, languages, timeZone, verificationMonths, reminderMonths,
                followUpFromDays, followUpThroughDays, attempts, attemptsForChild, anonymousDays, quietDays,
                isClosedOnHolidays,
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
        /// ``Channel``; null: of all that callers come by.
        public static let channel = Field<String>(4, "channel")

        public static let collection = CollectionSchema.records(
            13, "opening_hours", fields: [weekdays, hours, from, through, channel])
    }
}
