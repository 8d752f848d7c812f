extension ParsedValues {
    /// Checks one value of an option and keeps it.
    ///
    /// What was written is repeated in an error only where the option takes one of a set or a number, never for
    /// free text.
    mutating func store(_ text: String, for option: Option, help: String) throws(CommandFailure) {
        if case .list(let choices) = option.kind {
            for part in text.split(separator: ",", omittingEmptySubsequences: false) {
                guard !part.isEmpty else { throw .wrongUsage("--\(option.name) has an empty value", action: help) }
                let value = choices.isEmpty ? String(part) : try Self.choice(String(part), choices, option, help)
                lists[option.name, default: []].append(value)
            }
            return
        }
        guard !contains(option.name) else { throw .wrongUsage("--\(option.name) is given twice", action: help) }
        switch option.kind {
        case .value:
            texts[option.name] = text
        case .choice(let choices):
            texts[option.name] = try Self.choice(text, choices, option, help)
        case .integer(let range):
            integers[option.name] = try Self.integer(text, range, option, help)
        case .flag, .list:
            preconditionFailure("--\(option.name) is not stored here")
        }
    }

    private static func choice(
        _ text: String, _ choices: [String], _ option: Option, _ help: String
    ) throws(CommandFailure) -> String {
        if choices.contains(text) { return text }
        if let meant = option.meaning?(text), choices.contains(meant) { return meant }
        let message: String
        if let nearest = EditDistance.nearest(to: text, among: choices) {
            message = "--\(option.name) cannot be '\(text)'; did you mean '\(nearest)'?"
        } else {
            message = "--\(option.name) cannot be '\(text)'; it is one of: \(choices.joined(separator: ", "))"
        }
        throw .wrongUsage(message, action: help)
    }

    private static func integer(
        _ text: String, _ range: ClosedRange<Int>, _ option: Option, _ help: String
    ) throws(CommandFailure) -> Int {
        // Int(_:) would also accept a plus sign.
        if let number = Int(text), !text.hasPrefix("+"), range.contains(number) { return number }
        var limits = ""
        if range.lowerBound != Int.min { limits += " from \(range.lowerBound)" }
        if range.upperBound != Int.max { limits += " to \(range.upperBound)" }
        throw .wrongUsage("--\(option.name) must be an integer\(limits)", action: help)
    }
}
