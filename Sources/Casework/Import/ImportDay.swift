import Replica
import Support

/// Reads the days of a file in its one form, and refuses those that cannot be meant.
struct ImportDay {
    static let first = CalendarDate.known(1990, 1, 1)

    let format: DateFormat
    /// Of the line, whose time of day it is.
    let clock: LineTime
    let today: CalendarDate

    /// - Parameters:
    ///   - day: what it is the day of, for the reason: a key of the words behind `import.day.`.
    ///   - daysAhead: how far in the future it may be; a clock may be wrong by a day.
    ///
    /// Errors: `badValue`, with the reason, and never what stands in the cell.
    func read(
        _ cell: String, time: String? = nil, _ day: String, daysAhead: Int = 1
    ) throws(CaseworkError) -> ImportDate {
        let what = Message.words("import.day." + day)
        // A year in front can be nothing else, and is what whoever mends a row may write.
        guard
            let date = ImportDate(cell, time: time, format: format, in: clock)
                ?? ImportDate(cell, time: time, in: clock)
        else {
            throw CaseworkError(.badValue, "import.day", ["what": what, "format": "\(format)"])
        }
        guard date.day >= Self.first else { throw CaseworkError(.badValue, "import.before1990", ["what": what]) }
        guard date.day <= today.adding(days: daysAhead) else {
            throw CaseworkError(
                .badValue, daysAhead == 1 ? "import.afterTomorrow" : "import.afterYear", ["what": what])
        }
        return date
    }
}
