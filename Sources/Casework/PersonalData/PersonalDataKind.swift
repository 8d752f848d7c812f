/// What points to a person, as ``PersonalDataGuard`` tells it apart. The raw values are words of the command line.
public enum PersonalDataKind: String, Choice {
    /// Swedish personal identity number or coordination number: the date exists and the check digit is right.
    case identityNumber = "identity-number"
    /// Telephone number with its area code, or with its country's; in digits or spelt in words.
    case phone
    /// E-mail address, with `@` or a word for it.
    case email
    /// IP address, version 4 or 6.
    case ipAddress = "ip-address"
    /// Swedish clearing and account number, of which the check digit is right.
    case bankAccount = "bank-account"
    /// Bankgiro or plusgiro number, of which the check digit is right.
    case giro
    case iban
    /// Payment card of a known scheme, of which the check digit is right.
    case card
    /// A person's page, or name behind an `@`, on a social network.
    case profile

    /// A given name, a name behind "heter" or "min son", two capitalised words in a row.
    case name
    /// A street with a number, or a postal code with a place.
    case address
    /// A vehicle's registration.
    case plate
    case passport
    /// The number on an asylum seeker's card, or the Migration Agency's of a matter.
    case migrationNumber = "migration-number"
    /// What somebody is called on a social network.
    case handle
    /// The last four digits of an identity number.
    case lastFour = "last-four"
    /// Six digits or more, spelt in words.
    case speltNumber = "spelt-number"
    /// Party, faith or orientation, said of a person.
    case opinion

    public static let topic = "personal data"

    /// What is done about it.
    public var response: GuardResponse {
        switch self {
        case .identityNumber, .phone, .email, .ipAddress, .bankAccount, .giro, .iban, .card, .profile: .refused
        case .name, .address, .plate, .passport, .migrationNumber, .handle, .lastFour, .speltNumber, .opinion: .warned
        }
    }
}

/// What the guard does about a finding.
public enum GuardResponse: String, Sendable {
    /// It is surely personal data: the text is not saved until a counsellor has marked it as pointing to nobody.
    case refused
    /// It looks like personal data: whoever writes is told, and goes on with one key.
    case warned
}
