/// A positional argument of a command.
public struct Argument: Sendable {
    /// In upper case, as it stands in the usage line: `CASE`.
    let name: String
    let summary: String
    let isRequired: Bool
    let isVariadic: Bool
    /// Whether the next word belongs to this one, so that what is written in two groups need no quotes.
    var joins: (@Sendable (_ word: String, _ next: String) -> Bool)?

    /// Must be given.
    /// - Parameter joins: whether a word and the next one are one value, with a space between.
    public static func required(
        _ name: String, _ summary: String, joins: (@Sendable (_ word: String, _ next: String) -> Bool)? = nil
    ) -> Argument {
        Argument(name: name, summary: summary, isRequired: true, isVariadic: false, joins: joins)
    }

    /// May be left out; only after all required arguments.
    public static func optional(
        _ name: String, _ summary: String, joins: (@Sendable (_ word: String, _ next: String) -> Bool)? = nil
    ) -> Argument {
        Argument(name: name, summary: summary, isRequired: false, isVariadic: false, joins: joins)
    }

    /// All the remaining words; only as the last argument.
    /// - Parameter required: whether there must be at least one.
    public static func variadic(_ name: String, _ summary: String, required: Bool = true) -> Argument {
        Argument(name: name, summary: summary, isRequired: required, isVariadic: true)
    }

    /// How the argument is written in a usage line: `CASE`, `[CASE]`, `TEXT...`, `[TEXT...]`.
    var usage: String {
        isRequired ? term : "[\(term)]"
    }

    var term: String {
        isVariadic ? name + "..." : name
    }
}
