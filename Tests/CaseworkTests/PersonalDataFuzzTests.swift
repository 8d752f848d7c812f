import Casework
import Testing

/// What holds of the guard whatever it reads: written differently the same is found, and nothing makes it stumble.
struct PersonalDataFuzzTests {
    /// Ways of writing the same signs. Each is applied to every sentence of the labelled set.
    enum Disguise: String, CaseIterable {
        case fullWidth, arabicDigits, softHyphens, zeroWidthSpaces, directionMarks, hardSpaces, dashes, capitals
        case variationSelectors, combiningMarks

        func apply(_ text: String) -> String {
            var result = ""
            for scalar in text.unicodeScalars {
                switch self {
                case .fullWidth where (0x21...0x7E).contains(scalar.value):
                    result.unicodeScalars.append(Unicode.Scalar(scalar.value + 0xFEE0) ?? scalar)
                case .arabicDigits where ("0"..."9").contains(scalar):
                    result.unicodeScalars.append(Unicode.Scalar(scalar.value - 0x30 + 0x660) ?? scalar)
                case .hardSpaces where scalar == " ": result += "\u{A0}"
                case .dashes where scalar == "-": result += "\u{2011}"
                default: result.unicodeScalars.append(scalar)
                }
                switch self {
                case .softHyphens: result += "\u{AD}"
                case .zeroWidthSpaces: result += "\u{200B}"
                case .directionMarks: result += "\u{200E}"
                case .variationSelectors where ("0"..."9").contains(scalar): result += "\u{FE0F}\u{20E3}"
                case .combiningMarks where ("0"..."9").contains(scalar): result += "\u{332}"
                default: break
                }
            }
            return self == .capitals ? result.uppercased() : result
        }
    }

    @Test(
        "nothing is lost and no alarm is added when the same is written with other signs", arguments: Disguise.allCases)
    func disguises(disguise: Disguise) {
        let watch = PersonalDataGuard()
        func refused(_ text: String) -> [PersonalDataKind] {
            watch.findings(in: text).filter { $0.response == .refused }.map(\.kind)
        }
        var lost: [String] = []
        for sentence in LabelledSentences.dirty + LabelledSentences.heldOutDirty {
            let plain = refused(sentence.text)
            let disguised = refused(disguise.apply(sentence.text))
            if plain != disguised { lost.append("\(plain) became \(disguised): \(sentence.text)") }
        }
        #expect(lost.isEmpty)
        let clean = LabelledSentences.blameless + LabelledSentences.heldOutBlameless
        let alarms = clean.filter { !refused(disguise.apply($0.text)).isEmpty }
        #expect(alarms.map(\.text) == [])
    }

    /// Pieces that begin, go on and end every form, in any order.
    private static let pieces = [
        "0", "07", "070", "08", "46", "+", "+46", "00", "1", "12", "174", "06", "990118", "19", "2387", "4111", "5012",
        "900", "-", " ", "  ", ".", "/", ":", "::", "(", ")", "[at]", "(dot)", "@", "a", "ab", "example.com", "www.",
        "facebook.com/", "t.me", "insta", "på instagram", "tel ", "konto ", "bg ", "pg ", "kr", "%", "SE", "SE37",
        "iban", "\n", "\u{AD}", "\u{200B}", "٣", "９", "é\u{301}", "👩‍👩‍👧", "O7", "2001:db8", "f", "_", ",", "–", "v",
        "\r\n",
    ]

    @Test("of any text, findings are in order, apart, not empty and within it", arguments: 0..<8 as Range<UInt64>)
    func anyText(seed: UInt64) {
        var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
        func next(_ bound: Int) -> Int {
            state ^= state << 13
            state ^= state >> 7
            state ^= state << 17
            return Int(state % UInt64(bound))
        }
        let watch = PersonalDataGuard(allowing: GuardAllowList(telephoneNumbers: ["070-174 06 05"]))
        var findingCount = 0
        for _ in 0..<1_500 {
            let text = (0..<next(24)).map { _ in Self.pieces[next(Self.pieces.count)] }.joined()
            let findings = watch.findings(in: text)
            findingCount += findings.count
            var bytes = 0
            for finding in findings {
                #expect(finding.bytes.lowerBound >= bytes && !finding.bytes.isEmpty && !finding.characters.isEmpty)
                bytes = finding.bytes.upperBound
                // Cutting the text at the place leaves whole scalars, and what was found is in the characters told.
                let found = String(decoding: Array(text.utf8)[finding.bytes], as: UTF8.self)
                #expect(!found.unicodeScalars.contains("\u{FFFD}"))
                let scalars = Array(text.unicodeScalars)
                #expect(finding.characters.upperBound <= scalars.count)
                #expect(scalars[finding.characters].elementsEqual(found.unicodeScalars))
            }
            #expect(bytes <= text.utf8.count)
        }
        #expect(findingCount > 50)
    }
}
