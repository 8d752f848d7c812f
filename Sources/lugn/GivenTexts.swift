import Casework
import Commands
import Support

/// The free texts of one command, each with its own marks of what is no personal data.
///
/// A text that is `-` is read from standard input, so that none need stand in a shell's history; of several, those behind the
/// first begin behind a line `--`, in the order summary, next step, note, other ones. A mark is `phone@23`, or with the
/// name of the text, `summary:phone@23`, where the command was given more than one.
struct GivenTexts {
    private var texts: [String: MarkedText] = [:]

    private static let order = ["summary", "next-step", "note", "text"]

    /// - Parameter given: texts by name; those not given are nil.
    init(_ context: CommandContext, _ given: [String: String?]) throws {
        let given = given.compactMapValues { $0 }
        var piped = try Self.piped(given.filter { $0.value == "-" }.keys.sorted { Self.place($0) < Self.place($1) })
        for (name, text) in given { texts[name] = MarkedText(piped.removeValue(forKey: name) ?? text) }
        for mark in context.list("not-personal-data") {
            let parts = mark.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let name = parts.count == 2 ? parts[0] : texts.keys.first
            guard parts.count == 2 || texts.count == 1, let name, texts[name] != nil else {
                let names = texts.keys.sorted().joined(separator: ", ")
                throw CommandFailure(
                    .wrongUsage, key: "failure.markWithoutText", ["names": names.isEmpty ? "-" : "\(names)"])
            }
            texts[name]?.notPersonalData.append(parts[parts.count - 1])
        }
    }

    private static func place(_ name: String) -> (Int, String) {
        (order.firstIndex(of: name) ?? order.count, name)
    }

    /// Standard input, cut into the texts of these names.
    private static func piped(_ names: [String]) throws -> [String: String] {
        if names.isEmpty { return [:] }
        let all = try TextEncoding.text(readFile("-", limit: (Casework.noteBytes + 4) * names.count))
        var parts: [[Substring]] = [[]]
        for line in all.split(separator: "\n", omittingEmptySubsequences: false) {
            if line == "--", parts.count < names.count { parts.append([]) } else { parts[parts.count - 1].append(line) }
        }
        guard parts.count == names.count else {
            throw CommandFailure(
                .wrongUsage, key: "failure.textsMissing",
                [
                    "count": "\(parts.count)", "expected": "\(names.count)",
                    "names": "\(names.joined(separator: ", "))",
                ])
        }
        return Dictionary(uniqueKeysWithValues: zip(names, parts.map { lines in Self.trimmed(lines) }))
    }

    /// Without the line ends behind the text.
    private static func trimmed(_ lines: [Substring]) -> String {
        var lines = lines
        while lines.last?.isEmpty == true { lines.removeLast() }
        return lines.joined(separator: "\n")
    }

    /// One text that is an argument, or standard input where it is left out.
    static func argument(_ context: CommandContext) throws -> MarkedText {
        let text = context.text("TEXT") ?? "-"
        guard let marked = try GivenTexts(context, ["text": text])["text"] else { return MarkedText(text) }
        return marked
    }

    /// One text that may be left out.
    static func optionalArgument(_ context: CommandContext) throws -> MarkedText? {
        try GivenTexts(context, ["text": context.text("TEXT")])["text"]
    }

    subscript(name: String) -> MarkedText? { texts[name] }
}
