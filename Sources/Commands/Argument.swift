/// A positional argument of a command.
public struct Argument: Sendable {
    /// In upper case, as it stands in the usage line: `CASE`.
    let name: String
    /// As it is shown, in the language of whoever runs the program.
    var shownName: String
    var summary: String
    let isRequired: Bool
    let isVariadic: Bool
    /// Whether the next word belongs to this one, so that what is written in two groups need no quotes.
    var joins: (@Sendable (_ word: String, _ next: String) -> Bool)?
    /// What it may be, for completion; empty for anything.
    var choices: [String] = []

    private init(
        _ name: String, _ summary: String, isRequired: Bool, isVariadic: Bool = false,
        joins: (@Sendable (_ word: String, _ next: String) -> Bool)? = nil, choices: [String] = []
    ) {
        self.name = name
        shownName = name
        self.summary = summary
        self.isRequired = isRequired
        self.isVariadic = isVariadic
        self.joins = joins
        self.choices = choices
    }

    /// Must be given.
    /// - Parameters:
    ///   - joins: whether a word and the next one are one value, with a space between.
    ///   - choices: what it may be, for completion; the command looks itself.
    public static func required(
        _ name: String, _ summary: String = "", joins: (@Sendable (_ word: String, _ next: String) -> Bool)? = nil,
        choices: [String] = []
    ) -> Argument {
        Argument(name, summary, isRequired: true, joins: joins, choices: choices)
    }

    /// May be left out; only after all required arguments.
    public static func optional(
        _ name: String, _ summary: String = "", joins: (@Sendable (_ word: String, _ next: String) -> Bool)? = nil
    ) -> Argument {
        Argument(name, summary, isRequired: false, joins: joins)
    }

    /// All the remaining words; only as the last argument.
    /// - Parameter required: whether there must be at least one.
    public static func variadic(_ name: String, _ summary: String = "", required: Bool = true) -> Argument {
        Argument(name, summary, isRequired: required, isVariadic: true)
    }

    /// How the argument is written in a usage line: `CASE`, `[CASE]`, `TEXT...`, `[TEXT...]`.
    var usage: String {
        isRequired ? term : "[\(term)]"
    }

    var term: String {
        isVariadic ? shownName + "..." : shownName
    }
}
