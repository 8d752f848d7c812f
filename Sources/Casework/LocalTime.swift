public import Replica

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The time of day as the wall shows it, in the computer's own time zone: what people write in logs and read on screens.
public enum LocalTime {
    /// Milliseconds since 1970 of a local date and time; where clocks are set back, one of the two.
    public static func milliseconds(year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) -> Int64 {
        var parts = unsafe tm()
        unsafe parts.tm_year = Int32(year - 1_900)
        unsafe parts.tm_mon = Int32(month - 1)
        unsafe parts.tm_mday = Int32(day)
        unsafe parts.tm_hour = Int32(hour)
        unsafe parts.tm_min = Int32(minute)
        unsafe parts.tm_sec = Int32(second)
        unsafe parts.tm_isdst = -1
        return Int64(unsafe mktime(&parts)) * 1_000
    }

    /// Reads `2017-02-01 13:45` of local time. Errors: `badValue`.
    public static func moment(typed text: String) throws(CaseworkError) -> Timestamp {
        guard let date = ImportDate(text), let seconds = date.seconds else {
            throw CaseworkError(.badValue, "a time is written as \"2017-02-01 13:45\"; nothing was changed")
        }
        return Timestamp(
            milliseconds: milliseconds(
                year: date.day.year, month: date.day.month, day: date.day.day, hour: seconds / 3_600,
                minute: seconds / 60 % 60, second: seconds % 60))
    }

    /// `2017-02-01 13:45`, in local time.
    public static func text(milliseconds: Int64) -> String {
        // Rounded towards the past, so that the minute shown has always begun.
        var seconds = time_t(milliseconds / 1_000 - (milliseconds % 1_000 < 0 ? 1 : 0))
        var parts = unsafe tm()
        _ = unsafe localtime_r(&seconds, &parts)
        let date = unsafe pad(parts.tm_year + 1_900, 4) + "-" + pad(parts.tm_mon + 1, 2) + "-" + pad(parts.tm_mday, 2)
        return unsafe date + " " + pad(parts.tm_hour, 2) + ":" + pad(parts.tm_min, 2)
    }

    private static func pad(_ number: Int32, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
