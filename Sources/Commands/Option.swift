/// An option of a command, or of the whole program: `--name`, `--name VALUE` or `--name=VALUE`.
public struct Option: Sendable {
    /// What the option takes.
    enum Kind: Sendable {
        case flag
        case value
        case choice([String])
        /// Comma-separated and repeatable; an empty set of choices allows anything.
        case list(choices: [String])
        case integer(ClosedRange<Int>)
    }

    /// Without the two hyphens.
    let name: String
    let kind: Kind
    let placeholder: String
    let summary: String
    let isRequired: Bool
    /// Which of the choices a text means that is none of them as it stands; nil for none.
    var meaning: (@Sendable (String) -> String?)?

    /// `--name`: present or not.
    public static func flag(_ name: String, _ summary: String) -> Option {
        Option(name: name, kind: .flag, placeholder: "", summary: summary, isRequired: false)
    }

    /// `--name TEXT`: any text, also the empty one.
    public static func value(
        _ name: String, _ placeholder: String, _ summary: String, required: Bool = false
    ) -> Option {
        Option(name: name, kind: .value, placeholder: placeholder, summary: summary, isRequired: required)
    }

    /// `--name CHOICE`: exactly one of `choices`.
    /// - Parameter meaning: which of them another text means, such as a word of another language; nil for none.
    public static func choice(
        _ name: String, _ choices: [String], _ summary: String, required: Bool = false,
        meaning: (@Sendable (String) -> String?)? = nil
    ) -> Option {
        precondition(!choices.isEmpty, "--\(name) has no choices")
        let placeholder = choices.joined(separator: "|")
        return Option(
            name: name, kind: .choice(choices), placeholder: placeholder, summary: summary, isRequired: required,
            meaning: meaning)
    }

    /// `--name A,B --name C`: one or more values, in the order given.
    /// - Parameters:
    ///   - choices: what each value may be; empty for anything.
    ///   - meaning: which of them another text means; nil for none.
    public static func list(
        _ name: String, _ placeholder: String, choices: [String] = [], _ summary: String, required: Bool = false,
        meaning: (@Sendable (String) -> String?)? = nil
    ) -> Option {
        Option(
            name: name, kind: .list(choices: choices), placeholder: placeholder, summary: summary, isRequired: required,
            meaning: meaning)
    }

    /// `--name NUMBER`: a decimal integer in `range`.
    public static func integer(
        _ name: String, _ placeholder: String, in range: ClosedRange<Int>, _ summary: String, required: Bool = false
    ) -> Option {
        Option(name: name, kind: .integer(range), placeholder: placeholder, summary: summary, isRequired: required)
    }
}

extension Option {
    static let help = flag("help", "Show this help.")
    static let version = flag("version", "Show the version.")

    var takesValue: Bool {
        if case .flag = kind { return false }
        return true
    }

    /// How the option is written in a usage line and in the list of options: `--data DIR`.
    var term: String {
        takesValue ? "--\(name) \(placeholder)" : "--\(name)"
    }

    /// The summary followed by what the parser will insist on.
    var details: String {
        var sentences = [summary]
        switch kind {
        case .list(let choices):
            if !choices.isEmpty { sentences.append("Any of: \(choices.joined(separator: ", ")).") }
            sentences.append("Separate several with commas, or repeat the option.")
        case .integer(let range):
            if range.upperBound == Int.max {
                if range.lowerBound != Int.min { sentences.append("At least \(range.lowerBound).") }
            } else {
                sentences.append("\(range.lowerBound) to \(range.upperBound).")
            }
        case .flag, .value, .choice: break
        }
        if isRequired { sentences.append("Required.") }
        return sentences.joined(separator: " ")
    }
}
