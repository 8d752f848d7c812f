public import Merge
public import Replica

/// An organisation that the helpline may refer to, with what is known of whether somebody answers there.
public struct DirectoryEntry: Sendable {
    public var id: RecordID
    public var name: String
    /// ``OrganisationKind``
    public var kind: String?
    public var area: String?
    public var offers: String?
    public var ages: String?
    public var contactName: String?
    public var phone: String?
    public var email: String?
    /// ``DirectorySource``
    public var source: String?
    public var isRetired: Bool
    /// The latest first.
    public var verifications: [Verification]

    /// That somebody answers there and can help, or not.
    public struct Verification: Sendable {
        public var on: CalendarDate
        /// ``VerificationResult``
        public var result: String
        public var by: String
    }

    init(_ record: Record, _ verifications: [Verification]) {
        typealias Directory = CaseworkSchema.Directory
        id = record.id
        name = record[Directory.name] ?? ""
        kind = record[Directory.kind]
        area = record[Directory.area]
        offers = record[Directory.offers]
        ages = record[Directory.ages]
        contactName = record[Directory.contactName]
        phone = record[Directory.phone]
        email = record[Directory.email]
        source = record[Directory.source]
        isRetired = record[Directory.isRetired] ?? false
        self.verifications = verifications
    }

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
        return [name, area, offers, ages, contactName].contains { $0?.lowercased().contains(word) ?? false }
    }
}
