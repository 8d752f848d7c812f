#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The time of day as the wall shows it, in the computer's own time zone: what people write in logs and read on screens.
public enum LocalTime {
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
