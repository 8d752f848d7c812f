import Replica

/// Reads the days of a file in its one form, and refuses those that cannot be meant.
struct ImportDay {
    static let first = CalendarDate.known(1990, 1, 1)

    let format: DateFormat
    /// Of the line, whose time of day it is.
    let clock: LineTime
    let today: CalendarDate

    /// - Parameters:
    ///   - topic: what it is the day of, for the reason: "the date", "the day it was closed".
    ///   - daysAhead: how far in the future it may be; a clock may be wrong by a day.
    ///
    /// Errors: `badValue`, with the reason, and never what stands in the cell.
    func read(
        _ cell: String, time: String? = nil, _ topic: String, daysAhead: Int = 1
    ) throws(CaseworkError) -> ImportDate {
        // A year in front can be nothing else, and is what whoever mends a row may write.
        guard
            let date = ImportDate(cell, time: time, format: format, in: clock)
                ?? ImportDate(cell, time: time, in: clock)
        else {
            throw CaseworkError(.badValue, "\(topic) is no day of the form \(format), or its time none such as 13:45")
        }
        guard date.day >= Self.first else { throw CaseworkError(.badValue, "\(topic) is before 1990") }
        guard date.day <= today.adding(days: daysAhead) else {
            throw CaseworkError(.badValue, "\(topic) is after \(daysAhead == 1 ? "tomorrow" : "a year from now")")
        }
        return date
    }
}
