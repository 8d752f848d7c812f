/// What a word says about the words beside it.
struct WordMeaning: OptionSet {
    let rawValue: UInt32

    /// A given name that is no other word.
    static let givenName = WordMeaning(rawValue: 1 << 0)
    /// A given name, and another word as well.
    static let doubtfulName = WordMeaning(rawValue: 1 << 1)
    /// Never a name, though it may be written with a capital: places, days, what sentences begin with.
    static let noName = WordMeaning(rawValue: 1 << 2)
    /// Part of the name of an organisation.
    static let organisation = WordMeaning(rawValue: 1 << 3)
    /// "heter", "named": a name follows.
    static let nameCue = WordMeaning(rawValue: 1 << 4)
    /// "sonen", "her brother": a person, whose name may follow.
    static let relation = WordMeaning(rawValue: 1 << 5)
    /// "hon", "the father": whom something may be said of.
    static let person = WordMeaning(rawValue: 1 << 6)
    /// What is done with people: "pratade med", "orolig för".
    static let personVerb = WordMeaning(rawValue: 1 << 7)
    /// "med", "för": stands between such a verb and a person.
    static let preposition = WordMeaning(rawValue: 1 << 8)
    static let platform = WordMeaning(rawValue: 1 << 9)
    /// "konto", "användarnamn": a handle follows.
    static let handleCue = WordMeaning(rawValue: 1 << 10)
    static let plateCue = WordMeaning(rawValue: 1 << 11)
    static let passportCue = WordMeaning(rawValue: 1 << 12)
    static let migrationCue = WordMeaning(rawValue: 1 << 13)
    /// "veckor", "kr": the number before it counts something.
    static let unit = WordMeaning(rawValue: 1 << 14)
    /// "är", "blev".
    static let copula = WordMeaning(rawValue: 1 << 15)
    /// May stand between "är" and what somebody is.
    static let adverb = WordMeaning(rawValue: 1 << 16)
    /// Party, faith or orientation, as somebody's.
    static let opinion = WordMeaning(rawValue: 1 << 17)
    /// A party or movement.
    static let movement = WordMeaning(rawValue: 1 << 18)
    /// "medlem", "röstar": what follows is somebody's party.
    static let membership = WordMeaning(rawValue: 1 << 19)
    /// "punkt", "dot"
    static let dot = WordMeaning(rawValue: 1 << 20)
    /// Top-level domains that addresses are spelt with.
    static let topLevel = WordMeaning(rawValue: 1 << 21)
    /// "street", "road", behind a number and a name.
    static let englishStreet = WordMeaning(rawValue: 1 << 22)
    /// Three letters that are no vehicle's.
    static let acronym = WordMeaning(rawValue: 1 << 23)
    /// "streck", "understreck": a sign of an address, spelt.
    static let sign = WordMeaning(rawValue: 1 << 24)
    /// "snabela", "at"
    static let atSign = WordMeaning(rawValue: 1 << 25)
    /// "sista", "fyra", "last": what begins the words for the last four digits.
    static let lastFourCue = WordMeaning(rawValue: 1 << 26)
}

/// The guard's words, found by a hash of their letters as ``ScannedText`` has them.
///
/// A word of a text that is on no list has the hash of one with a probability of about 1 in 10¹⁵.
struct WordList: Sendable {
    static let shared = WordList()

    private var meanings: [UInt64: WordMeaning] = [:]
    private static let longestWord = 24

    static let hashStart: UInt64 = 0xCBF2_9CE4_8422_2325

    /// FNV-1a, 64 bits. Source: draft-eastlake-fnv.
    static func hash(_ hash: UInt64, _ cell: UInt8) -> UInt64 { (hash ^ UInt64(cell)) &* 0x100_0000_01B3 }

    static func hash(_ word: some Collection<UInt8>) -> UInt64 { word.reduce(hashStart) { hash($0, $1) } }

    private init() {
        for (meaning, words) in Self.names + Self.words {
            for word in words.split(whereSeparator: \.isWhitespace) {
                let cells = ScannedText(String(word)).cells
                precondition(cells.count <= Self.longestWord, "a word of the guard's lists is too long")
                meanings[Self.hash(cells), default: []].insert(meaning)
            }
        }
    }

    func meaning(_ hash: UInt64, length: Int) -> WordMeaning {
        length <= Self.longestWord ? meanings[hash] ?? [] : []
    }
}
