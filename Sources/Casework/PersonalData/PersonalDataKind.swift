/// What points to a person, as ``PersonalDataGuard`` tells it apart. The raw values are words of the command line.
public enum PersonalDataKind: String, Choice {
    /// Swedish personal identity number or coordination number: the date exists and the check digit is right.
    case identityNumber = "identity-number"
    /// Telephone number with its area code, or with its country's.
    case phone
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
    /// A person's page or name on a social network.
    case profile

    public static let topic = "personal data"
}
