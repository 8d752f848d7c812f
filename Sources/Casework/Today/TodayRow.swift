import Merge
import Replica
import SQLite

/// A row of the query behind the list of today.
struct TodayRow {
    var kind: String
    var id: RecordID
    var number: ReferenceNumber?
    var concernsChild: Bool
    var due: CalendarDate?
    var attemptCount: Int
    /// Of the last attempt; of a case, when something last happened in it.
    var last: Timestamp?
    var text: String?

    init(_ row: borrowing Statement) {
        kind = row.optionalText(0) ?? FollowUpKind.call.rawValue
        let halves = row.halves(1) ?? (0, 0)
        id = RecordID(high: halves.high, low: halves.low)
        number = row.optionalText(2).flatMap { ReferenceNumber(digits: $0) }
        concernsChild = row.integer(3) != 0
        due = row.optionalText(4).flatMap { CalendarDate($0) }
        attemptCount = Int(row.integer(5))
        last = row.optionalInteger(6).map { Timestamp(milliseconds: $0) }
        text = row.optionalText(7)
    }
}
