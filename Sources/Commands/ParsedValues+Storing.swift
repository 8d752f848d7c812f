extension ParsedValues {
    /// Checks one value of an option and keeps it.
    ///
    /// What was written is repeated in an error only where the option takes one of a set or a number, never for
    /// free text.
    mutating func store(
        _ text: String, for option: Option, _ words: ProgramWords, help: String
    ) throws(CommandFailure) {
        let written = "--" + option.name
        if case .list(let choices) = option.kind {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard !part.isEmpty else { throw .wrongUsage(words("emptyValue", ["option": written]), action: help) }
                let value = choices.isEmpty ? String(part) : try Self.choice(String(part), choices, option, words, help)
                lists[option.name, default: []].append(value)
            }
            return
        }
        guard !contains(option.name) else { throw .wrongUsage(words("twice", ["option": written]), action: help) }
        switch option.kind {
        case .value:
            texts[option.name] = text
        case .choice(let choices):
            texts[option.name] = try Self.choice(text, choices, option, words, help)
        case .integer(let range):
            integers[option.name] = try Self.integer(text, range, option, words, help)
        case .flag, .list:
            preconditionFailure("--\(option.name) is not stored here")
        }
    }

    private static func choice(
        _ text: String, _ choices: [String], _ option: Option, _ words: ProgramWords, _ help: String
    ) throws(CommandFailure) -> String {
        if choices.contains(text) { return text }
        if let meant = option.meaning?(text), choices.contains(meant) { return meant }
        let shown = option.shownChoices
        var values = ["option": "--" + option.name, "text": text, "choices": shown.joined(separator: ", ")]
        let nearest = EditDistance.nearest(to: text, among: shown)
        values["nearest"] = nearest
        throw .wrongUsage(words(nearest == nil ? "cannotBe" : "cannotBeMeant", values), action: help)
    }

    private static func integer(
        _ text: String, _ range: ClosedRange<Int>, _ option: Option, _ words: ProgramWords, _ help: String
    ) throws(CommandFailure) -> Int {
        // Int(_:) would also accept a plus sign.
        if let number = Int(text), !text.hasPrefix("+"), range.contains(number) { return number }
        let key =
            switch (range.lowerBound == Int.min, range.upperBound == Int.max) {
            case (true, true): "integer"
            case (false, true): "integerFrom"
            case (true, false): "integerTo"
            case (false, false): "integerRange"
            }
        let values = [
            "option": "--" + option.name, "from": String(range.lowerBound), "to": String(range.upperBound),
        ]
        throw .wrongUsage(words(key, values), action: help)
    }
}
