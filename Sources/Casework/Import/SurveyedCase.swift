import Replica

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
    var waitsBecause: String?
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
    mutating func settleOpening() -> (line: Int, reason: String)? {
        let openings = rows.filter { $0.contact == .opening }
        if openings.count > 1 {
            return (openings[1].line, "it opens a case that the row on line \(openings[0].line) opens")
        }
        let earliest = rows.reduce(nil as Row?) { first, row in
            guard let first else { return row }
            return row.isBefore(first) ? row : first
        }
        guard let first = openings.first ?? earliest else { return nil }
        if first.contact == .repeat {
            return (first.line, "it is a repeat contact of a case that no row opens")
        }
        if let before = rows.first(where: { $0.isBefore(first) }) {
            return (before.line, "it is dated before the contact that opens its case, on line \(first.line)")
        }
        opening = first.line
        return nil
    }

    /// A row that is new and does not fit the case that is here.
    func contradiction(openedOn: CalendarDate?, isShredded: Bool) -> (line: Int, reason: String)? {
        for row in rows where !row.isKnown {
            if row.contact == .opening { return (row.line, "it opens a case that was opened in an earlier import") }
            if let openedOn, row.day < openedOn {
                return (row.line, "it is dated before the contact that opened its case in an earlier import")
            }
            if isShredded, row.hasNote {
                return (row.line, "the texts of its case have been shredded, and none can be added")
            }
        }
        return nil
    }
}
