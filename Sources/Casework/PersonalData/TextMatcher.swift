/// Recognises what is written with letters: e-mail addresses, IPv6 addresses, IBANs, profiles.
///
/// Every search to the left or right has a limit, so that a whole text takes time in proportion to its length.
struct TextMatcher {
    let text: ScannedText
    let groups: DigitGroups
    let allowed: GuardAllowList
    /// The text itself, for comparing with the allow list.
    let original: String

    struct Match {
        /// Nil for what may stand in a note.
        var kind: PersonalDataKind?
        /// In cells.
        var cells: Range<Int>
    }

    /// All of them, in no order; some may overlap.
    func matches() -> [Match] {
        var matches: [Match] = []
        var behindColons = 0
        for index in text.cells.indices {
            switch text.cells[index] {
            case UInt8(ascii: "@"):
                if let match = email(at: index..<index + 1) ?? handle(at: index) { matches.append(match) }
            case UInt8(ascii: "("), UInt8(ascii: "["), UInt8(ascii: "{"):
                if let sign = bracketed(index, Self.atWords), let match = email(at: sign) { matches.append(match) }
            case UInt8(ascii: "/"):
                if let match = profile(at: index) { matches.append(match) }
            case UInt8(ascii: ":"):
                if index >= behindColons, let match = internetAddress(at: index, &behindColons) {
                    matches.append(match)
                } else if let match = namedHandle(at: index) {
                    matches.append(match)
                }
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                if let match = bankAccount(at: index) { matches.append(match) }
            default: break
            }
        }
        return matches
    }

    /// What stands in the text itself.
    func written(_ cells: Range<Int>) -> String {
        let bytes = text.bytes(cells)
        return String(decoding: original.utf8.dropFirst(bytes.lowerBound).prefix(bytes.count), as: UTF8.self)
    }

    /// What stands there as the guard reads it.
    func folded(_ cells: Range<Int>) -> String { String(decoding: text.cells[cells], as: UTF8.self) }
}
