public import JSON
import Support

/// How values of the server's documents are shown to people.
public enum Shown {
    /// `-` for what is not known.
    public static func text(_ value: JSONValue?) -> String {
        switch value {
        case .string(let text): text
        case .some(.null), nil: "-"
        case .some(let other): other.text
        }
    }

    /// A moment, to the second: `2026-11-27 14:56:31`.
    public static func moment(_ value: JSONValue?) -> String {
        guard let text = value?.string else { return "-" }
        return String(text.prefix(19)).replacing("T", with: " ")
    }

    /// How long ago a moment was, in its largest unit: `3 min`.
    public static func age(_ value: JSONValue?, now: JSONValue?) -> String {
        guard let then = milliseconds(value), let now = milliseconds(now) else { return "-" }
        return duration(now - then)
    }

    /// A duration in its largest unit: `3 min`.
    public static func duration(_ milliseconds: Int64) -> String {
        let seconds = Int64(clamping: milliseconds.magnitude) / 1_000
        let sign = milliseconds < 0 && seconds > 0 ? "-" : ""
        let amount =
            switch seconds {
            case ..<120: "\(seconds) s"
            case ..<7_200: "\(seconds / 60) min"
            case ..<172_800: "\(seconds / 3_600) h"
            default: "\(seconds / 86_400) d"
            }
        return sign + amount
    }

    public static func bytes(_ value: JSONValue?) -> String {
        guard let count = value?.integer else { return "-" }
        if count < 0 { return "-" + bytes(JSONValue(-count)) }
        let units = ["bytes", "KB", "MB", "GB", "TB"]
        var (amount, unit) = (Double(count), 0)
        while amount >= 1_000, unit < units.count - 1 {
            amount /= 1_000
            unit += 1
        }
        let rounded = unit == 0 ? "\(count)" : JSONDecimal(amount, places: 1).text
        return "\(rounded) \(units[unit])"
    }

    /// Milliseconds since 1970 of a moment as the server writes it.
    public static func milliseconds(_ value: JSONValue?) -> Int64? {
        value?.string.flatMap { UTCTime.milliseconds(rfc3339: $0) }
    }
}
