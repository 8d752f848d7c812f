import Casework
import Commands
import JSON
import Merge
import Replica
import Support

// What commands of casework take, and how they give it back.

extension Argument {
    static let number = Argument.required(
        "NUMBER", joins: areOneNumber)

    static let optionalNumber = Argument.optional(
        "NUMBER", joins: areOneNumber)

    /// `482 915-1` and `5082 0001-2`: a group of digits, and one with the check digit behind a hyphen.
    @Sendable static func areOneNumber(_ word: String, _ next: String) -> Bool {
        func areDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (48...57).contains($0) } }
        let own = next.split(separator: "/").first ?? ""
        let parts = own.split(separator: "-", omittingEmptySubsequences: false)
        return (3...4).contains(word.utf8.count) && areDigits(word[...]) && parts.count == 2
            && (3...6).contains(parts[0].utf8.count) && parts[1].utf8.count == 1 && parts.allSatisfy(areDigits)
    }

    /// Of something in a case, where there may be several.
    static let item = Argument.optional("ID")
}

extension Option {
    static let by = Option.value("by", "CODE").short(
        "b")

    /// For commands with free text.
    static let notPersonalData = Option.list(
        "not-personal-data", "KIND@PLACE")

    static func day(_ name: String, required: Bool = false) -> Option {
        .value(name, "DAY", required: required)
    }

    static let language = Option.value(
        "language", "LANGUAGE"
    ).short("l")

    static let county = Option.choice(
        "county", County.allCases.map(\.rawValue),
        meaning: { try? Area(typed: $0).county?.rawValue })
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

    /// An organisation of the directory, by its id or name.
    func organisation(_ name: String = "ENTRY") throws -> ItemReference {
        try ItemReference(organisation: require(name))
    }

    /// The id of something new, for programs; nothing for people, who see it in lists.
    func writeID(_ id: RecordID, _ key: String, _ values: [String: String] = [:]) {
        if flag("json") { output.write(["id": idJSON(id)]) }
        output.note(words(key, values))
    }

    /// An empty document for programs, a sentence for people.
    func confirm(_ key: String, _ values: [String: String] = [:]) {
        if flag("json") { output.write([:]) }
        output.note(words(key, values))
    }

    /// A word of warning about a day that was agreed by hand, and on which the line is closed.
    func warnIfClosed(_ day: CalendarDate, _ workplace: Workplace) throws {
        if try workplace.casework.isClosed(on: day) {
            output.note(words("warn.closedDay", ["day": try say(workplace).fullDay(day)]))
        }
    }
}

func timeJSON(_ moment: Timestamp?) -> JSONValue {
    moment.map { .string(UTCTime.rfc3339(milliseconds: $0.milliseconds)) } ?? nil
}

func textJSON(_ value: String?) -> JSONValue { value.map { .string($0) } ?? nil }

func dayJSON(_ value: CalendarDate?) -> JSONValue { value.map { .string($0.description) } ?? nil }

func idJSON(_ id: RecordID) -> JSONValue { .string(id.description) }

func numberText(_ reference: CaseReference?, _ say: Say) -> String {
    reference?.description ?? say("case.numberNotHere")
}

func numberJSON(_ reference: CaseReference?) -> JSONValue { reference.map { .string($0.number.description) } ?? nil }

extension Table {
    /// A table of data, or a word to people that there is none.
    func write(to context: CommandContext, isEmpty: Bool, _ key: String) {
        if isEmpty { context.output.note(context.words(key)) } else { context.output.write(self) }
    }
}
