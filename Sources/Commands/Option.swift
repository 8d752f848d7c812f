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
    var placeholder: String
    /// As it was declared, whatever the language: `FILE` and `DIR` are paths.
    let pathKind: String
    var summary: String
    let isRequired: Bool
    /// Under which the program's texts have what its choices are called: `choice.TOPIC.WORD`; nil for none.
    var topic: String?
    /// Of its choices what they are called, where that is another word; each of these is understood.
    var calls: [String: String] = [:]
    /// The letter that may be written instead, behind one hyphen.
    var letter: Character?
    /// Which of the choices a text means that is none of them as it stands; nil for none.
    var meaning: (@Sendable (String) -> String?)?

    private init(
        _ name: String, _ kind: Kind, _ placeholder: String, _ summary: String, _ isRequired: Bool,
        _ meaning: (@Sendable (String) -> String?)? = nil
    ) {
        self.name = name
        self.kind = kind
        self.placeholder = placeholder
        pathKind = placeholder
        self.summary = summary
        self.isRequired = isRequired
        self.meaning = meaning
    }

    /// The same option, whose choices the program's texts have words for, under `choice.` and this topic.
    public func named(_ topic: String) -> Option {
        var option = self
        option.topic = topic
        return option
    }

    /// The same option, which may also be written as a hyphen and this letter: `-j`, `-b S1`, `-bS1`.
    public func short(_ letter: Character) -> Option {
        var option = self
        option.letter = letter
        return option
    }

    /// `--name`: present or not.
    public static func flag(_ name: String, _ summary: String = "") -> Option {
        Option(name, .flag, "", summary, false)
    }

    /// `--name TEXT`: any text, also the empty one.
    public static func value(
        _ name: String, _ placeholder: String, _ summary: String = "", required: Bool = false
    ) -> Option {
        Option(name, .value, placeholder, summary, required)
    }

    /// `--name CHOICE`: exactly one of `choices`.
    /// - Parameter meaning: which of them another text means, such as a word of another language; nil for none.
    public static func choice(
        _ name: String, _ choices: [String], _ summary: String = "", required: Bool = false,
        meaning: (@Sendable (String) -> String?)? = nil
    ) -> Option {
        precondition(!choices.isEmpty, "--\(name) has no choices")
        let placeholder = choices.joined(separator: "|")
        return Option(name, .choice(choices), placeholder, summary, required, meaning)
    }

    /// `--name A,B --name C`: one or more values, in the order given.
    /// - Parameters:
    ///   - choices: what each value may be; empty for anything.
    ///   - meaning: which of them another text means; nil for none.
    public static func list(
        _ name: String, _ placeholder: String, choices: [String] = [], _ summary: String = "", required: Bool = false,
        meaning: (@Sendable (String) -> String?)? = nil
    ) -> Option {
        Option(name, .list(choices: choices), placeholder, summary, required, meaning)
    }

    /// `--name NUMBER`: a decimal integer in `range`.
    public static func integer(
        _ name: String, _ placeholder: String, in range: ClosedRange<Int>, _ summary: String = "",
        required: Bool = false
    ) -> Option {
        Option(name, .integer(range), placeholder, summary, required)
    }
}

extension Option {
    static let help = flag("help").short("h")
    static let version = flag("version")

    /// Whether this is the option that was written so: `--age`, `-a`.
    func isWritten(_ text: some StringProtocol) -> Bool {
        text == "--" + name || letter.map { text == "-" + String($0) } == true
    }

    /// What may be written, in the language of whoever runs the program.
    var shownChoices: [String] {
        switch kind {
        case .choice(let choices), .list(let choices): choices.map { calls[$0] ?? $0 }
        case .flag, .value, .integer: []
        }
    }

    var takesValue: Bool {
        if case .flag = kind { return false }
        return true
    }

    /// How the option stands in a list of options: `-j, --json`.
    var listedTerm: String { letter.map { "-\($0), \(term)" } ?? term }

    /// How the option is written in a usage line: `--data DIR`.
    var term: String {
        takesValue ? "--\(name) \(placeholder)" : "--\(name)"
    }

    /// The summary followed by what the parser will insist on.
    func details(_ words: ProgramWords) -> String {
        var sentences = [summary]
        switch kind {
        case .list(let choices):
            if !choices.isEmpty {
                sentences.append(words("anyOf", ["choices": shownChoices.joined(separator: ", ")]))
            }
            sentences.append(words("several"))
        case .integer(let range):
            if range.upperBound == Int.max {
                if range.lowerBound != Int.min {
                    sentences.append(words("atLeast", ["number": String(range.lowerBound)]))
                }
            } else {
                sentences.append(words("range", ["from": String(range.lowerBound), "to": String(range.upperBound)]))
            }
        case .flag, .value, .choice: break
        }
        if isRequired { sentences.append(words("required")) }
        return sentences.joined(separator: " ")
    }
}
