import Casework
import Commands

/// The free texts of one command, each with its own marks of what is no personal data.
///
/// A mark is `phone@23`, or with the name of the text, `summary:phone@23`, where the command was given more than one.
struct GivenTexts {
    private var texts: [String: MarkedText] = [:]

    /// - Parameter given: texts by name; those not given are nil.
    init(_ context: CommandContext, _ given: [String: String?]) throws {
        for (name, text) in given { if let text { texts[name] = MarkedText(text) } }
        for mark in context.list("not-personal-data") {
            let parts = mark.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts.count == 2 ? parts[0] : texts.keys.first
            guard parts.count == 2 || texts.count == 1, let name, texts[name] != nil else {
                let names = texts.keys.sorted().joined(separator: ", ")
                throw CommandFailure.wrongUsage(
                    "--not-personal-data is for one of the texts given: \(names.isEmpty ? "none" : names)",
                    action: "Write it as the refusal did, such as summary:phone@23")
            }
            texts[name]?.notPersonalData.append(parts[parts.count - 1])
        }
    }

    /// One text that is an argument, or standard input where it is left out.
    static func argument(_ context: CommandContext) throws -> MarkedText {
        let text = try context.text("TEXT") ?? TextEncoding.text(readFile("-", limit: Casework.noteBytes))
        guard let marked = try GivenTexts(context, ["text": text])["text"] else { return MarkedText(text) }
        return marked
    }

    /// One text that may be left out.
    static func optionalArgument(_ context: CommandContext) throws -> MarkedText? {
        try GivenTexts(context, ["text": context.text("TEXT")])["text"]
    }

    subscript(name: String) -> MarkedText? { texts[name] }
}
