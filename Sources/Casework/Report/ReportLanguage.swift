import Replica

/// The language that a report is written in.
public enum ReportLanguage: String, CaseIterable, Sendable {
    case swedish = "sv"
    case english = "en"

    /// `1 februari 2017`.
    func text(_ day: CalendarDate) -> String { "\(day.day) \(months[day.month - 1]) \(day.year)" }

    /// `1 februari – 30 november 2017`, or `februari 2017` for a whole month.
    func text(_ period: StatisticsPeriod) -> String {
        let (from, through) = (period.from, period.through)
        if period == StatisticsPeriod(month: Month(from)) { return text(Month(from)) }
        if from == through { return text(from) }
        if from.year != through.year { return "\(text(from)) – \(text(through))" }
        return "\(from.day) \(months[from.month - 1]) – \(text(through))"
    }

    /// `februari 2017`.
    func text(_ month: Month) -> String { "\(months[month.first.month - 1]) \(month.first.year)" }

    /// `feb`, as it stands below a chart.
    func abbreviation(_ month: Month) -> String {
        let name = months[month.first.month - 1]
        return name.count <= 4 ? name : String(name.prefix(3))
    }

    /// `1 234` or `1,234`.
    func text(_ number: Int) -> String {
        let digits = String(number.magnitude)
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index) % 3 == 0 { text += self == .swedish ? "\u{202F}" : "," }
            text.append(digit)
        }
        return (number < 0 ? "−" : "") + text
    }

    /// A part of a whole in whole per cent: `23 %` or `23%`.
    func percentage(_ part: Int, of whole: Int) -> String {
        let rounded = (part * 200 + whole) / (whole * 2)
        return self == .swedish ? "\(rounded)\u{00A0}%" : "\(rounded)%"
    }

    private var months: [String] {
        switch self {
        case .swedish:
            [
                "januari", "februari", "mars", "april", "maj", "juni", "juli", "augusti", "september", "oktober",
                "november", "december",
            ]
        case .english:
            [
                "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
                "November", "December",
            ]
        }
    }
}
