import Casework
import Commands
import JSON
import Merge
import Replica
import Support

// What commands of casework take, and how they give it back.

extension Argument {
    static let number = Argument.required("NUMBER", "The case's reference number, with or without spaces and hyphen.")

    static func item(_ noun: String) -> Argument {
        .optional("ID", "Which \(noun), as lists show it; not needed where there is only one.")
    }
}

extension Option {
    static let by = Option.value("by", "CODE", "Who it is written by, such as S3. Otherwise $LUGN_BY, or S0.")

    /// For commands with free text.
    static let notPersonalData = Option.list(
        "not-personal-data", "KIND@PLACE", "What was found in the text is no personal data, as its refusal named it.")

    static func day(_ name: String, _ summary: String, required: Bool = false) -> Option {
        .value(name, "DAY", summary + " As 2017-03-20, today, tomorrow, fri or +7.", required: required)
    }
}

extension CommandContext {
    /// The case that is meant.
    func reference() throws -> CaseReference { try CaseReference(parsing: require("NUMBER")) }

    func item() throws -> ItemReference? { try value("ID").map { try ItemReference(parsing: $0) } }

    func requiredItem() throws -> ItemReference { try ItemReference(parsing: require("ID")) }

    func author() throws -> AuthorCode { try Workplace.author(self) }

    func day(_ name: String, _ workplace: Workplace) throws -> CalendarDate? {
        guard let text = value(name) else { return nil }
        return try CalendarDate(typed: text, today: workplace.casework.currentDay())
    }

    func requiredDay(_ name: String, _ workplace: Workplace) throws -> CalendarDate {
        try CalendarDate(typed: require(name), today: workplace.casework.currentDay())
    }

    /// A moment of the line's time.
    func moment(_ name: String) throws -> Timestamp? {
        guard let text = value(name) else { return nil }
        let casework = try Workplace(self).casework
        return try casework.settings().time.moment(typed: text, today: casework.currentDay())
    }

    func choice<Word: Choice>(_ name: String, _ type: Word.Type = Word.self) throws -> Word? {
        try value(name).map { try Word(word: $0) }
    }

    /// The id of something new, for programs; nothing for people, who see it in lists.
    func writeID(_ id: RecordID, _ sentence: String) {
        if flag("json") { output.write(["id": idJSON(id)]) }
        output.note(sentence)
    }

    /// An empty document for programs, a sentence for people.
    func confirm(_ sentence: String) {
        if flag("json") { output.write([:]) }
        output.note(sentence)
    }
}

func timeJSON(_ moment: Timestamp?) -> JSONValue {
    moment.map { .string(UTCTime.rfc3339(milliseconds: $0.milliseconds)) } ?? nil
}

func textJSON(_ value: String?) -> JSONValue { value.map { .string($0) } ?? nil }

func dayJSON(_ value: CalendarDate?) -> JSONValue { value.map { .string($0.description) } ?? nil }

func idJSON(_ id: RecordID) -> JSONValue { .string(id.description) }

func numberText(_ reference: CaseReference?) -> String { reference?.description ?? "(number not here yet)" }

func numberJSON(_ reference: CaseReference?) -> JSONValue { reference.map { .string($0.number.description) } ?? nil }

func timeText(_ moment: Timestamp?) -> String { moment.map { LineTime.stockholm.text($0) } ?? "-" }

extension Table {
    /// A table of data, or a word to people that there is none.
    func write(to context: CommandContext, isEmpty: Bool, _ sentence: String) {
        if isEmpty { context.output.note(sentence) } else { context.output.write(self) }
    }
}
