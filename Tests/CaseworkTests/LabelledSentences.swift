import Casework

/// The set of sentences that the personal data guard is measured on.
///
/// It was written before the guard, by what people write and not by what the code looks for. One sentence a line;
/// `«kind:text»` marks what must be found, and the marks are taken out. `\n` and `\t` stand for a line break and a tab.
enum LabelledSentences {
    struct Sentence {
        var text: String
        /// In bytes of UTF-8.
        var expected: [(kind: String, bytes: Range<Int>)]
    }

    static let dirty = parse(identifiers) + parse(evasions)
    static let blameless = parse(clean) + parse(lookalikes)
    static let heldOutDirty = parse(heldOutIdentifiers)
    static let heldOutBlameless = parse(heldOutClean)

    static func parse(_ lines: String) -> [Sentence] {
        lines.split(separator: "\n").map { line in
            var sentence = Sentence(text: "", expected: [])
            var rest = line[...]
            while let open = rest.firstIndex(of: "«"), let close = rest.firstIndex(of: "»"),
                let colon = rest[open...].firstIndex(of: ":")
            {
                sentence.text += unescaped(rest[..<open])
                let start = sentence.text.utf8.count
                sentence.text += unescaped(rest[rest.index(after: colon)..<close])
                sentence.expected.append(
                    (String(rest[rest.index(after: open)..<colon]), start..<sentence.text.utf8.count))
                rest = rest[rest.index(after: close)...]
            }
            sentence.text += unescaped(rest)
            return sentence
        }
    }

    private static func unescaped(_ text: Substring) -> String {
        var result = ""
        var isEscaped = false
        for character in text {
            if !isEscaped, character == "\\" {
                isEscaped = true
                continue
            }
            result.append(isEscaped ? (character == "n" ? "\n" : "\t") : character)
            isEscaped = false
        }
        return result
    }
}
