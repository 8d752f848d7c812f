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
    var lastAttempt: CalendarDate?
    var text: String?

    init(_ row: borrowing Statement) {
        kind = row.optionalText(0) ?? FollowUpKind.call.rawValue
        let halves = row.halves(1) ?? (0, 0)
        id = RecordID(high: halves.high, low: halves.low)
        number = row.optionalText(2).flatMap { ReferenceNumber(digits: $0) }
        concernsChild = row.integer(3) != 0
        due = row.optionalText(4).flatMap { CalendarDate($0) }
        attemptCount = Int(row.integer(5))
        lastAttempt = row.optionalInteger(6).map { StockholmTime.local(Timestamp(milliseconds: $0)).date }
        text = row.optionalText(7)
    }
}
