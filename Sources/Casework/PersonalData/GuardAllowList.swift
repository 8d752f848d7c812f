/// Numbers and addresses that may stand in a note: those of the referral directory and of the line itself.
///
/// They belong to organisations, or to people in their professional role. An entry is written as people write it; the
/// guard compares what it comes to, so that `08-465 004 12` covers `+46 8 465 00 412`.
public struct GuardAllowList: Sendable {
    /// International, digits only: `46846500412` for 08-465 004 12.
    private(set) var numbers: Set<String> = []
    /// E-mail addresses in small letters; `@example.org` stands for all of a domain.
    private(set) var addresses: Set<String> = []
    /// `facebook.com/example`, `@example`, in small letters.
    private(set) var profiles: Set<String> = []
    /// Digits of bankgiro, plusgiro, bank accounts; of IBANs the letters too.
    private(set) var accounts: Set<String> = []
    /// Names that are nobody's secret, as hashes of their words, by the first.
    private(set) var names: [UInt64: [[UInt64]]] = [:]

    /// An empty list.
    public init() {}

    /// - Parameters:
    ///   - telephoneNumbers: national or international, with whatever separators.
    ///   - emailAddresses: whole addresses, or `@example.org` for every address of a domain.
    ///   - profiles: `facebook.com/example`, with or without `https://www.`, or `@example`.
    ///   - accounts: bankgiro, plusgiro, account numbers and IBANs.
    ///   - names: of organisations, and of people in their professional role.
    public init(
        telephoneNumbers: some Sequence<String>, emailAddresses: some Sequence<String> = [],
        profiles: some Sequence<String> = [], accounts: some Sequence<String> = [],
        names: some Sequence<String> = []
    ) {
        for name in names {
            let words = TextWords(ScannedText(name), allowed: GuardAllowList()).words.map(\.hash)
            if let first = words.first { self.names[first, default: []].append(words) }
        }
        numbers = Set(
            telephoneNumbers.map { number in
                let scanned = ScannedText(number)
                let digits = scanned.cells.filter { (48...57).contains($0) }.map { $0 - 48 }
                return Self.international(digits, hasPlus: scanned.cells.contains(UInt8(ascii: "+")))
            })
        addresses = Set(emailAddresses.map { $0.lowercased() })
        self.profiles = Set(
            profiles.map { profile in
                var rest = profile.lowercased()[...]
                for prefix in ["https://", "http://", "www."] where rest.hasPrefix(prefix) {
                    rest = rest.dropFirst(prefix.count)
                }
                return String(rest.hasSuffix("/") ? rest.dropLast() : rest)
            })
        self.accounts = Set(accounts.map { $0.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) } })
    }

    /// What a number comes to, wherever it is dialled: `46` and on for a Swedish one. A short number stays as it is.
    static func international(_ digits: some Collection<UInt8>, hasPlus: Bool) -> String {
        var rest = digits[...]
        var result = ""
        if !hasPlus {
            if rest.starts(with: [0, 0]) {
                rest = rest.dropFirst(2)
            } else if rest.first == 0 {
                result = "46"
                rest = rest.dropFirst()
            }
        }
        if result.isEmpty, rest.starts(with: [4, 6, 0]) {
            // +46 (0)8: the zero is dialled within the country only.
            result = "46"
            rest = rest.dropFirst(3)
        }
        for digit in rest { result.unicodeScalars.append(Unicode.Scalar(48 + digit)) }
        return result
    }

    func allows(email: String) -> Bool {
        guard !addresses.isEmpty else { return false }
        let address = email.lowercased()
        guard let at = address.lastIndex(of: "@") else { return false }
        return addresses.contains(address) || addresses.contains(String(address[at...]))
    }
}
