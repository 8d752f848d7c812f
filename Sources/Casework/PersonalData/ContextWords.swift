/// Words that tell what the number near them is.
struct ContextWords {
    enum Kind: Int, CaseIterable {
        case telephone
        case account
        case bankgiro
        case plusgiro
        /// What a section of a text or a version of a program is called by.
        case section
        case money
        /// A social network.
        case platform
    }

    static let shared = ContextWords()

    private var kinds: [Key: Kind] = [:]
    /// Whether a word of this length (rows of 32) begins with this letter, so that most words are not looked up at all.
    private var isPossible = [Bool](repeating: false, count: 26 * 32)

    static let longestWord = 16

    private init() {
        let words: [(Kind, String)] = [
            (
                .telephone,
                "tel tele tfn tlf tlfn telefon telefonen telefonnummer telefonnumret mobil mobilen mobilnummer hemtelefon phone telephone cellphone"
            ),
            (
                .account,
                "konto kontot kontonr kontonummer kontonumret bankkonto bankkontot personkonto avsändarkontot clearing clearingnr clearingnummer account accounts bank banken swedbank sparbanken handelsbanken nordea seb skandia danske icabanken"
            ),
            (.bankgiro, "bg bankgiro bankgirot bankgironummer bankgironr giro girot"),
            (.plusgiro, "pg plusgiro plusgirot plusgironummer postgiro postgirot giro girot"),
            (
                .section,
                "avsnitt avsnittet kapitel kapitlet kap sektion punkt punkten bilaga tabell figur version versionen v release section sections chapter paragraph appendix table figure build"
            ),
            (
                .money,
                "kr kronor krona sek tkr mkr msek ksek euro euros eur usd dollar dollars miljon miljoner million millions tusen thousand procent percent kronors"
            ),
            (
                .platform,
                "instagram insta facebook fb messenger tiktok twitter snapchat snap telegram youtube discord kik threads mastodon bluesky twitch reddit vk linkedin signal whatsapp wickr"
            ),
        ]
        for (kind, list) in words {
            for word in list.split(separator: " ") {
                let cells = ScannedText(String(word)).cells
                guard let key = Key(cells[...]) else { preconditionFailure("a context word is too long") }
                // "giro" alone may be either; it stands for plusgiro, which accepts both shapes.
                kinds[key] = kind
                isPossible[Int(cells[0] - 97) * 32 + cells.count] = true
            }
        }
    }

    /// What the word means; nil for most words.
    func kind(_ word: ArraySlice<UInt8>) -> Kind? {
        guard word.count <= Self.longestWord, let first = word.first, first &- 97 < 26,
            isPossible[Int(first - 97) * 32 + word.count], let key = Key(word)
        else { return nil }
        return kinds[key]
    }

    /// A word of at most 16 cells.
    private struct Key: Hashable {
        var high: UInt64 = 0
        var low: UInt64 = 0

        init?(_ cells: ArraySlice<UInt8>) {
            guard cells.count <= ContextWords.longestWord else { return nil }
            for cell in cells {
                high = high << 8 | low >> 56
                low = low << 8 | UInt64(cell)
            }
        }
    }
}
