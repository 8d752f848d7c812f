/// The words that may be typed for a choice, in both languages, whatever the language of the program.
public enum TypedWords {
    /// The schema's word that is meant: the word itself, its label, or one of the others of `typed.…`.
    ///
    /// - Parameters:
    ///   - topic: as the files of words have it, `caller`.
    ///   - words: those of the choice.
    ///
    /// Compared without regard to case, spaces and hyphens. Nil for what is none of them.
    public static func word(_ typed: String, topic: String, of words: [String]) -> String? {
        if words.contains(typed) { return typed }
        let plain = PlainText.letters(typed)
        if plain.isEmpty { return nil }
        return table[topic]?[plain].flatMap { words.contains($0) ? $0 : nil }
            ?? words.first { PlainText.letters($0) == plain }
    }

    /// What to write for a word of the schema on a command line: a word of the language without blanks, which is understood.
    /// Nil in English, where that is the schema's own, and for bands of age, which are numbers.
    static func short(_ word: String, topic: String, _ words: Words) -> String? {
        if words.language == .english || topic == AgeBand.wordsTopic { return nil }
        let label = words.text("\(topic).\(word)").flatMap { $0.contains(" ") ? nil : $0 }
        let others = words.text("typed.\(topic).\(word)")?.split(separator: ",").map { text in
            String(text.drop { $0 == " " }).replacing(" ", with: "-")
        }
        return ([label].compactMap { $0 } + (others ?? [])).first { table[topic]?[PlainText.letters($0)] == word }
    }

    /// By topic and plain letters.
    private static let table: [String: [String: String]] = {
        var result: [String: [String: String]] = [:]
        for language in Words.Language.allCases {
            let words = Words(language)
            for key in words.keys.sorted() {
                let parts = key.split(separator: ".", maxSplits: 2).map(String.init)
                if parts.count == 2 {
                    result[parts[0], default: [:]][PlainText.letters(words(key))] = parts[1]
                } else if parts.count == 3, parts[0] == "typed" {
                    for text in words(key).split(separator: ",") {
                        let plain = PlainText.letters(String(text))
                        // A label comes before what may be typed beside it.
                        if result[parts[1]]?[plain] == nil { result[parts[1], default: [:]][plain] = parts[2] }
                    }
                }
            }
        }
        return result
    }()
}
