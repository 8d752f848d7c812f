import Replica
import Support

/// The rows of a file that belong to one case.
struct SurveyedCase {
    struct Row {
        let line: Int
        let day: CalendarDate
        /// Nil for a day without a time.
        let moment: Timestamp?
        let contact: ContactKind?
        let hasNote: Bool
        let isKnown: Bool

        init(_ row: ImportRow, line: Int, isKnown: Bool) {
            self.line = line
            day = row.date.day
            moment = row.date.seconds == nil ? nil : row.date.moment
            contact = row.contact
            hasNote = row.note != nil
            self.isKnown = isKnown
        }

        /// As far as their times are known.
        func isBefore(_ other: Row) -> Bool {
            if day != other.day { return day < other.day }
            guard let moment, let others = other.moment else { return false }
            return moment < others
        }
    }

    let key: String
    /// Those that were understood, in the order of the file.
    var rows: [Row] = []
    /// Of all rows, also of those refused.
    private(set) var rowCount = 0
    /// How many rows there are of each day; without those whose day cannot be read.
    private(set) var days: [CalendarDate: Int] = [:]
    /// The first of the rows that were refused.
    var refusedLine: Int?
    var waitsBecause: Message?
    /// The line of the row that the case is made of; nil for a case that is here already.
    private(set) var opening: Int?

    init(key: String) { self.key = key }

    mutating func add(day: CalendarDate?) {
        rowCount += 1
        if let day { days[day, default: 0] += 1 }
    }

    /// Finds the row that opens the case: the one that says so, else the earliest.
    ///
    /// - Returns: a row that contradicts it.
    mutating func settleOpening() -> (line: Int, reason: Message)? {
        let openings = rows.filter { $0.contact == .opening }
        if openings.count > 1 {
            return (openings[1].line, .words("import.opensTwice", ["line": "\(openings[0].line)"]))
        }
        let earliest = rows.reduce(nil as Row?) { first, row in
            guard let first else { return row }
            return row.isBefore(first) ? row : first
        }
        guard let first = openings.first ?? earliest else { return nil }
        if first.contact == .repeat {
            return (first.line, .words("import.repeatUnopened"))
        }
        if let before = rows.first(where: { $0.isBefore(first) }) {
            return (before.line, .words("import.beforeOpening", ["line": "\(first.line)"]))
        }
        opening = first.line
        return nil
    }

    /// A row that is new and does not fit the case that is here.
    func contradiction(openedOn: CalendarDate?, isShredded: Bool) -> (line: Int, reason: Message)? {
        for row in rows where !row.isKnown {
            if row.contact == .opening { return (row.line, .words("import.openedEarlier")) }
            if let openedOn, row.day < openedOn {
                return (row.line, .words("import.beforeEarlierOpening"))
            }
            if isShredded, row.hasNote {
                return (row.line, .words("import.shredded"))
            }
        }
        return nil
    }
}
