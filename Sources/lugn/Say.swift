import Casework
import Commands
import Merge
import Replica

/// How the program speaks: in the language of the person at the terminal, and in the time of the line.
struct Say {
    let words: Words
    let time: LineTime
    /// Which replica this desk is, where it is told what others wrote.
    var here: DeskTag?

    func callAsFunction(_ key: String, _ values: [String: String] = [:]) -> String { words(key, values) }

    /// What a choice is called; `-` for none, and a word that only a newer version knows as it stands.
    func word<Word: WordedChoice>(_ raw: String?, _ type: Word.Type) -> String {
        raw.map { words.label(Word.wordsTopic, $0) } ?? "-"
    }

    func language(_ tag: String?) -> String { tag.map { words.label("language", $0) } ?? "-" }

    func time(_ moment: Timestamp?) -> String { moment.map { time.text($0) } ?? "-" }

    func day(_ day: CalendarDate?) -> String { day?.description ?? "-" }

    /// `2026-11-30, Monday, week 49`.
    func fullDay(_ day: CalendarDate) -> String {
        self(
            "day.full",
            [
                "day": day.description, "weekday": self("weekday.\(day.weekday.rawValue)"),
                "week": String(Week(day).number),
            ])
    }

    /// Headings of a table.
    func table(_ columns: String...) -> Table { Table(columns.map { .init(self("column.\($0)")) }) }
}

extension Words.Language {
    /// As `--lang` says, else by the environment as every program does it: LC_ALL, LC_MESSAGES, LANG.
    static func spoken(_ given: String?) -> Self {
        if let language = given.flatMap({ Self(rawValue: $0) }) { return language }
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].lazy.compactMap { Environment.value($0) }.first ?? ""
        return locale.lowercased().hasPrefix("sv") ? .swedish : .english
    }

    /// The same for a command line that has not been understood yet, and may never be.
    static func spoken(_ arguments: [String]) -> Self {
        let words = arguments.prefix { $0 != "--" }
        let behind = words.firstIndex(of: "--lang").map { words.index(after: $0) }.flatMap {
            $0 < words.endIndex ? words[$0] : nil
        }
        return spoken(behind ?? words.first { $0.hasPrefix("--lang=") }.map { String($0.dropFirst(7)) })
    }
}

extension CommandContext {
    var words: Words { Words(Words.Language.spoken(value("lang"))) }

    /// - Parameter telling: whether it is told which desk wrote what.
    func say(_ workplace: Workplace, telling: Bool = false) throws -> Say {
        Say(
            words: words, time: try workplace.casework.lineTime(),
            here: telling ? try workplace.replica.status().desk : nil)
    }
}

extension Option {
    /// One of a choice's words, or what it is called in Swedish or English.
    static func word<Word: WordedChoice>(
        _ name: String, _ type: Word.Type, only choices: [Word] = Array(Word.allCases), required: Bool = false
    ) -> Option {
        .choice(name, choices.map(\.rawValue), required: required) { try? Word(typed: $0).rawValue }.named(
            Word.wordsTopic)
    }

    /// Several of them.
    static func words<Word: WordedChoice>(
        _ name: String, _ placeholder: String, _ type: Word.Type
    ) -> Option {
        .list(name, placeholder, choices: Word.allCases.map(\.rawValue)) { try? Word(typed: $0).rawValue }.named(
            Word.wordsTopic)
    }

    static func yesOrNo(_ name: String) -> Option {
        .choice(name, ["yes", "no"]) { text in
            ["ja": "yes", "nej": "no"][text.lowercased()]
        }.named("answer")
    }
}
