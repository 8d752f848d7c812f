/// How plausible some bytes are as Swedish text in one encoding that has one byte for each character.
struct SingleByteReading: Sendable {
    private enum Kind {
        case space, small, capital, sign
    }

    let encoding: TextEncoding
    private let table: SingleByteTable
    private var before = Kind.space
    /// A sign that stands behind a letter, and is odd if a letter follows.
    private var isSignBehindLetter = false
    /// A currency's sign, which is odd beside any letter.
    private var isCurrency = false
    private var good = 0
    private var odd = 0

    /// Those that can be told apart. Latin-9 differs from Windows-1252 in signs that are rarely written.
    static var all: [SingleByteReading] {
        [(TextEncoding.windows1252, SingleByteTable.windows1252), (.macRoman, .macRoman), (.dos, .dos)]
            .compactMap { encoding, table in table.map { SingleByteReading(encoding, $0) } }
    }

    private init(_ encoding: TextEncoding, _ table: SingleByteTable) {
        self.encoding = encoding
        self.table = table
    }

    /// A foreign name among the letters of Swedish is plausible; a text without any of those is none that can be told.
    var isPlausible: Bool { odd * 3 <= good }

    private static let swedish: Set<Unicode.Scalar> = ["å", "ä", "ö", "Å", "Ä", "Ö", "é"]
    private static let signs: Set<Unicode.Scalar> = [
        "–", "—", "‘", "’", "“", "”", "…", "•", "·", "«", "»", "§", "°", "½", "¼", "±", "×", "€", "£", "®", "©", "™",
        "²",
        "³", "µ", "´", "\u{A0}",
    ]
    /// Those that may stand within a word.
    private static let joining: Set<Unicode.Scalar> = ["–", "—", "‘", "’", "´", "·", "\u{A0}"]

    mutating func feed(_ byte: UInt8) {
        guard byte >= 0x80 else {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"): letter(.small)
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): letter(.capital)
            default: end()
            }
            return
        }
        guard let scalar = table.upper[Int(byte) - 0x80] else {
            odd += 1
            return end()
        }
        if Self.swedish.contains(scalar) {
            let kind = scalar.properties.isUppercase ? Kind.capital : .small
            // `vetÉ` is `vet…` in another encoding.
            if kind == .capital, before == .small { odd += 1 } else { good += 1 }
            letter(kind)
        } else if scalar.properties.isAlphabetic {
            odd += 1
            letter(scalar.properties.isUppercase ? .capital : .small)
        } else {
            sign(scalar)
        }
    }

    private mutating func letter(_ kind: Kind) {
        if before == .sign, isSignBehindLetter || isCurrency { odd += 1 }
        before = kind
    }

    private mutating func sign(_ scalar: Unicode.Scalar) {
        guard Self.signs.contains(scalar) else {
            odd += 1
            return end()
        }
        let isBehindLetter = before == .small || before == .capital
        isCurrency = scalar == "€" || scalar == "£"
        if isCurrency, isBehindLetter { odd += 1 }
        isSignBehindLetter = isBehindLetter && !Self.joining.contains(scalar)
        before = .sign
    }

    private mutating func end() {
        before = .space
        isSignBehindLetter = false
        isCurrency = false
    }
}
