import Casework
import Commands
import Replica
import Support

/// Questions and answers in a terminal, a line each.
///
/// An empty line takes what is proposed, or leaves the question. Answers are read from standard input, so that a script can
/// give them; its end ends the dialogue.
struct Dialogue {
    /// Standard input has ended.
    struct Ended: Error {}

    let context: CommandContext
    let say: Say

    /// The answer without the blanks around it; nil for an empty one.
    func ask(_ key: String, _ values: [String: String] = [:]) throws -> String? {
        let question = say(key, values)
        if context.flag("json") {
            context.output.note(question)
        } else {
            context.output.write(question + " ")
            context.output.flush()
        }
        guard let line = try InputLine.next() else { throw Ended() }
        let answer = line.drop { $0.isWhitespace }
        let end = answer.lastIndex { !$0.isWhitespace }
        return end.map { String(answer[...$0]) }
    }

    func tell(_ key: String, _ values: [String: String] = [:]) { context.output.note(say(key, values)) }

    /// Asks until the answer is understood. What is wrong with one is said.
    func ask<Answer>(
        _ key: String, _ values: [String: String] = [:], proposed: Answer? = nil,
        _ understand: (String) throws -> Answer
    ) throws -> Answer? {
        while true {
            do {
                guard let answer = try ask(key, values) else { return proposed }
                return try understand(answer)
            } catch let error as CaseworkError {
                context.output.note(say.words(error.told))
            }
        }
    }

    /// One of the words, by its number, or as the schema or either language has it.
    ///
    /// - Parameter isNumbered: false where a number means something else, such as an age.
    func choose<Word: WordedChoice>(
        _ key: String, _ words: [Word], proposed: Word? = nil, isNumbered: Bool = true
    ) throws -> Word? {
        list(words, isNumbered: isNumbered)
        return try ask(key, ["proposed": proposed?.label(say.words) ?? "-"], proposed: proposed) { answer in
            try Self.understand(answer, isNumbered ? words : [])
        }
    }

    /// Several of them, with commas between.
    func chooseSeveral<Word: WordedChoice>(_ key: String, _ words: [Word]) throws -> Set<Word>? {
        list(words)
        return try ask(key) { answer in
            Set(try answer.split(separator: ",").map { try Self.understand(String($0), words) })
        }
    }

    private func list<Word: WordedChoice>(_ words: [Word], isNumbered: Bool = true) {
        let texts = zip(1..., words).map { (isNumbered ? "\($0) " : "") + $1.label(say.words) }
        context.output.note(texts.joined(separator: " · "))
    }

    private static func understand<Word: WordedChoice>(_ answer: String, _ words: [Word]) throws -> Word {
        let plain = answer.filter { !$0.isWhitespace }
        if let number = Int(plain), words.indices.contains(number - 1) { return words[number - 1] }
        return try Word(typed: answer)
    }

    func confirm(_ key: String, _ values: [String: String] = [:], proposed: Bool) throws -> Bool {
        let answer = try ask(key, values, proposed: proposed) { answer in
            switch answer.lowercased() {
            case "j", "ja", "y", "yes": true
            case "n", "nej", "no": false
            default: throw CaseworkError(.badValue, .words("call.yesOrNo"))
            }
        }
        return answer ?? proposed
    }

    func day(_ key: String, _ values: [String: String] = [:], today: CalendarDate, proposed: CalendarDate? = nil)
        throws -> CalendarDate?
    {
        try ask(key, values, proposed: proposed) { try CalendarDate(typed: $0, today: today) }
    }

    /// Asks for a text and saves it; again where it is refused.
    ///
    /// What the guard has found is told, and `!` says that it points to nobody.
    ///
    /// - Parameter hasLines: of any number of lines, up to an empty one; else of one.
    func text(_ key: String, hasLines: Bool = false, save: (MarkedText) throws -> Void) throws {
        guard var text = try lines(key, hasLines) else { return }
        var marks: [String] = []
        while true {
            do {
                return try save(MarkedText(text, notPersonalData: marks))
            } catch let error as CaseworkError where error.code == .personalData || error.code == .badText {
                context.output.note(say.words(error.told))
                guard let answer = try lines("call.again", hasLines) else { return tell("call.textNotSaved") }
                if answer == "!", !error.findings.isEmpty {
                    marks += error.findings.map { "\($0)" }
                } else {
                    text = answer
                    marks = []
                }
            }
        }
    }

    private func lines(_ key: String, _ hasLines: Bool) throws -> String? {
        guard var text = try ask(key) else { return nil }
        if text == "!" || !hasLines { return text }
        while let line = try InputLine.next(), line.contains(where: { !$0.isWhitespace }) {
            text += "\n" + line
        }
        return text
    }
}
