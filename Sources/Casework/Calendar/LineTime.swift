public import Replica

/// Local time of the line, computed, whatever the computer's own time zone is: what is typed, shown, counted and proposed
/// is in the time of the line, not of the desk.
///
/// The zones that are known all follow one rule: an hour is added from the last Sunday of March to the last of October,
/// 01:00 UTC both (directive 2000/84/EC, in Sweden the rule since 1996). Should the rule change, this type changes. No
/// list of time zones need be installed.
public struct LineTime: Hashable, Sendable {
    /// By the names of the IANA list.
    public enum Zone: String, Choice {
        case stockholm = "Europe/Stockholm"
        case copenhagen = "Europe/Copenhagen"
        case oslo = "Europe/Oslo"
        case helsinki = "Europe/Helsinki"
        case mariehamn = "Europe/Mariehamn"
        case reykjavik = "Atlantic/Reykjavik"
        case tallinn = "Europe/Tallinn"
        case riga = "Europe/Riga"
        case vilnius = "Europe/Vilnius"
        case berlin = "Europe/Berlin"
        case brussels = "Europe/Brussels"
        case london = "Europe/London"
        case utc = "UTC"
        public static let topic = "time zone"

        /// Ahead of UTC in winter.
        fileprivate var standardHours: Int64 {
            switch self {
            case .helsinki, .mariehamn, .tallinn, .riga, .vilnius: 2
            case .stockholm, .copenhagen, .oslo, .berlin, .brussels: 1
            case .reykjavik, .london, .utc: 0
            }
        }

        fileprivate var hasSummerTime: Bool { self != .reykjavik && self != .utc }
    }

    public let zone: Zone

    /// What holds while the line has settled nothing.
    public static let stockholm = LineTime(.stockholm)

    public init(_ zone: Zone) { self.zone = zone }

    private static let dayMilliseconds: Int64 = 86_400_000
    private static let hourMilliseconds: Int64 = 3_600_000
    private static let minuteMilliseconds: Int64 = 60_000

    /// The day, and the minutes since its midnight as the clock on the wall shows them, 0 to 1439.
    public func local(_ moment: Timestamp) -> (date: CalendarDate, minute: Int) {
        let limits = CalendarDate.dayNumbers
        // A day's room at both ends, for the offset.
        let milliseconds = min(
            max(moment.milliseconds, Int64(limits.lowerBound + 1) * Self.dayMilliseconds),
            Int64(limits.upperBound - 1) * Self.dayMilliseconds)
        let wall = milliseconds + offset(milliseconds)
        let day = Self.floorDivision(wall, Self.dayMilliseconds)
        guard let date = CalendarDate(dayNumber: Int(day)) else { preconditionFailure("the day is within the limits") }
        return (date, Int((wall - day * Self.dayMilliseconds) / Self.minuteMilliseconds))
    }

    public func day(_ moment: Timestamp) -> CalendarDate { local(moment).date }

    /// `2017-02-01 13:45`.
    public func text(_ moment: Timestamp) -> String {
        let (date, minute) = local(moment)
        return "\(date) \(Self.clock(minute))"
    }

    /// `13:45`, of minutes since midnight.
    static func clock(_ minute: Int) -> String {
        func pad(_ number: Int) -> String { (number < 10 ? "0" : "") + String(number) }
        return "\(pad(minute / 60)):\(pad(minute % 60))"
    }

    /// The moment at which the clock on the wall shows this minute, 0 to 1440, of a day.
    ///
    /// When clocks are set forward, an hour does not come, and the moment is the one at which the clock jumps. When they are
    /// set back an hour comes twice, and it is the first.
    public func moment(_ date: CalendarDate, minute: Int) -> Timestamp {
        precondition((0...1_440).contains(minute))
        let wall = Int64(date.dayNumber) * Self.dayMilliseconds + Int64(minute) * Self.minuteMilliseconds
        let standard = zone.standardHours * Self.hourMilliseconds
        let summer = wall - standard - Self.hourMilliseconds
        if zone.hasSummerTime, offset(summer) != standard { return Timestamp(milliseconds: summer) }
        let winter = wall - standard
        if offset(winter) == standard { return Timestamp(milliseconds: winter) }
        return Timestamp(milliseconds: Self.change(year: date.year, month: 3))
    }

    /// From the first moment of a day on, up to the first of the day after another one.
    func moments(from: CalendarDate, through: CalendarDate) -> Range<Int64> {
        let start = moment(from, minute: 0).milliseconds
        return start..<max(start, moment(through, minute: 1_440).milliseconds)
    }

    private func offset(_ milliseconds: Int64) -> Int64 {
        let standard = zone.standardHours * Self.hourMilliseconds
        let day = Int(Self.floorDivision(milliseconds, Self.dayMilliseconds))
        guard zone.hasSummerTime, let year = CalendarDate(dayNumber: day)?.year else { return standard }
        let isSummer =
            milliseconds >= Self.change(year: year, month: 3) && milliseconds < Self.change(year: year, month: 10)
        return isSummer ? standard + Self.hourMilliseconds : standard
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
