public import JSON
import Replica

extension ReportTable {
    /// Contacts by week, for internal use.
    public init(weeks: [WeeklyContacts], _ language: ReportLanguage) {
        self.init(weeks: weeks, ReportWords(language: language))
    }

    init(weeks: [WeeklyContacts], _ words: ReportWords) {
        let columns = ["opening", "repeat", "withoutCase", "outbound"]
        let rows = weeks.map { week -> Row in
            let label = "\(words.label("week", "column")) \(week.week.number) \(week.week.year)"
            let figures = [week.opening, week.repeat, week.withoutCase, week.outbound]
            return Row(word: week.week.description, label: label, cells: figures.map { .figure(Figure($0)) })
        }
        self.init(
            word: "weeks", title: words.label("weeks", "title"),
            rowHeading: .init(word: "week", label: words.label("week", "column")),
            columns: columns.map { .init(word: $0, label: words.label($0, "column")) }, rows: rows)
    }
}

extension [WeeklyContacts] {
    public var json: JSONValue {
        .array(
            map { week in
                [
                    "week": .string(week.week.description), "opening": JSONValue(week.opening),
                    "repeat": JSONValue(week.repeat), "withoutCase": JSONValue(week.withoutCase),
                    "outbound": JSONValue(week.outbound), "other": JSONValue(week.other),
                ]
            })
    }
}
