public import Replica

/// Local time in Sweden, computed, whatever the computer's own time zone is: opening hours are those of the line, not of
/// the desk.
///
/// An hour ahead of UTC; two from the last Sunday of March to the last of October, 01:00 UTC both (directive 2000/84/EC,
/// in Sweden the rule since 1996). Should the rule change, this type changes.
public enum StockholmTime {
    private static let dayMilliseconds: Int64 = 86_400_000
    private static let hourMilliseconds: Int64 = 3_600_000
    private static let minuteMilliseconds: Int64 = 60_000

    /// The day, and the minutes since its midnight as the clock on the wall shows them, 0 to 1439.
    public static func local(_ moment: Timestamp) -> (date: CalendarDate, minute: Int) {
        let limits = CalendarDate.dayNumbers
        // A day's room at both ends, for the offset.
        let milliseconds = min(
            max(moment.milliseconds, Int64(limits.lowerBound + 1) * dayMilliseconds),
            Int64(limits.upperBound - 1) * dayMilliseconds)
        let wall = milliseconds + offset(milliseconds)
        let day = floorDivision(wall, dayMilliseconds)
        guard let date = CalendarDate(dayNumber: Int(day)) else { preconditionFailure("the day is within the limits") }
        return (date, Int((wall - day * dayMilliseconds) / minuteMilliseconds))
    }

    /// `2017-02-01 13:45`.
    public static func text(_ moment: Timestamp) -> String {
        let (date, minute) = local(moment)
        func pad(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(date) \(pad(minute / 60)):\(pad(minute % 60))"
    }

    /// The moment at which the clock on the wall shows this minute, 0 to 1440, of a day.
    ///
    /// When clocks are set forward, 02:00 to 02:59 do not come, and the moment is the one at which the clock jumps. When they
    /// are set back these minutes come twice, and it is the first.
    public static func moment(_ date: CalendarDate, minute: Int) -> Timestamp {
        precondition((0...1_440).contains(minute))
        let wall = Int64(date.dayNumber) * dayMilliseconds + Int64(minute) * minuteMilliseconds
        let summer = wall - 2 * hourMilliseconds
        if offset(summer) == 2 * hourMilliseconds { return Timestamp(milliseconds: summer) }
        let winter = wall - hourMilliseconds
        if offset(winter) == hourMilliseconds { return Timestamp(milliseconds: winter) }
        return Timestamp(milliseconds: change(year: date.year, month: 3))
    }

    private static func offset(_ milliseconds: Int64) -> Int64 {
        let day = Int(floorDivision(milliseconds, dayMilliseconds))
        guard let year = CalendarDate(dayNumber: day)?.year else { return hourMilliseconds }
        let isSummer = milliseconds >= change(year: year, month: 3) && milliseconds < change(year: year, month: 10)
        return isSummer ? 2 * hourMilliseconds : hourMilliseconds
    }

    /// 01:00 UTC on the last Sunday of a month with 31 days.
    private static func change(year: Int, month: Int) -> Int64 {
        let last = CalendarDate.known(year, month, 31)
        let sunday = last.dayNumber - last.weekday.rawValue % 7
        return Int64(sunday) * dayMilliseconds + hourMilliseconds
    }

    private static func floorDivision(_ number: Int64, _ divisor: Int64) -> Int64 {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}
