public import Merge
public import Replica

/// An organisation that the helpline may refer to, with what is known of whether somebody answers there.
public struct DirectoryEntry: Sendable {
    public var id: RecordID
    public var name: String
    /// ``OrganisationKind``
    public var kind: String?
    public var municipality: String?
    /// ``County``
    public var county: String?
    public var offers: String?
    public var ages: AgeRange
    /// Whether they have a plan for such cases: referrals succeed best where there is one. Nil: not known.
    public var hasPlan: Bool?
    public var contactName: String?
    public var phone: String?
    public var email: String?
    /// ``DirectorySource``
    public var source: String?
    public var isRetired: Bool
    public var at: Timestamp?
    /// The latest first.
    public var verifications: [Verification]
    /// Mails that asked to say if something has changed, the latest first.
    public var reminders: [Reminder]

    /// That somebody answers there and can help, or not.
    public struct Verification: Sendable {
        public var on: CalendarDate
        /// ``VerificationResult``
        public var result: String
        public var by: String
    }

    public struct Reminder: Sendable {
        public var on: CalendarDate
        public var address: String
        public var by: String
    }

    init(_ record: Record, _ verifications: [Verification], _ reminders: [Reminder]) {
        typealias Directory = CaseworkSchema.Directory
        id = record.id
        name = record[Directory.name] ?? ""
        kind = record[Directory.kind]
        municipality = record[Directory.municipality]
        county = record[Directory.county]
        offers = record[Directory.offers]
        ages = AgeRange(
            stored: record[Directory.ageFrom].flatMap { Int(exactly: $0) },
            record[Directory.ageTo].flatMap { Int(exactly: $0) })
        hasPlan = record[Directory.hasPlan]
        contactName = record[Directory.contactName]
        phone = record[Directory.phone]
        email = record[Directory.email]
        source = record[Directory.source]
        isRetired = record[Directory.isRetired] ?? false
        at = record[Directory.at]
        self.verifications = verifications
        self.reminders = reminders
    }

    /// Where they are there for people. A county that only a newer version knows is none here.
    public var area: Area { Area(municipality: municipality, county: county.flatMap { County(rawValue: $0) }) }

    /// The day of the last verification, if somebody answered and could help; nil if there was none, or nobody did.
    public var verifiedOn: CalendarDate? {
        verifications.first.flatMap { $0.result == VerificationResult.confirmed.rawValue ? $0.on : nil }
    }

    /// Whether the last verification still holds.
    ///
    /// - Parameter months: how long one does.
    public func isVerified(on day: CalendarDate, months: Int) -> Bool {
        verifiedOn.map { day <= $0.adding(months: months) } ?? false
    }

    /// Whether a word stands in what is known of it, whatever the case of its letters.
    func contains(_ word: String) -> Bool {
        let word = word.lowercased()
        return [name, area.text, offers, contactName].contains { $0?.lowercased().contains(word) ?? false }
    }
}
