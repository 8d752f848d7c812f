import Casework
public import Replica

/// Days as people type them, in Swedish or English: `i morgon`, `fre`, `fredag`, `1 dec`, `1/12`, `om en vecka`, `+7`,
/// `2017-03-20`, `tisdag 1 dec.`.
public enum SpokenDay {
    private static let weekdays: [[String]] = [
        ["mån", "man", "mon"], ["tis", "tue"], ["ons", "wed"], ["tor", "thu"], ["fre", "fri"], ["lör", "lor", "sat"],
        ["sön", "son", "sun"],
    ]
    private static let months: [[String]] = [
        ["jan"], ["feb"], ["mar"], ["apr"], ["maj", "may"], ["jun"], ["jul"], ["aug"], ["sep"], ["okt", "oct"], ["nov"],
        ["dec"],
    ]
    private static let numbers = [
        "en": 1, "ett": 1, "one": 1, "a": 1, "två": 2, "two": 2, "tre": 3, "three": 3, "fyra": 4, "four": 4, "fem": 5,
        "five": 5, "sex": 6, "six": 6,
    ]

    /// The day that is meant, never before today unless it is written in full; nil where it cannot be read.
    public static func parse(_ text: String, today: CalendarDate) -> CalendarDate? {
        let lowered = text.lowercased().filter { $0 != "." && $0 != "," }
        let words = lowered.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first, words.count <= 4 else { return nil }
        if words.count == 1, let day = CalendarDate(first) { return day }
        switch words.joined(separator: " ") {
        case "i dag", "idag", "today": return today
        case "i morgon", "imorgon", "tomorrow": return today.adding(days: 1)
        case "i övermorgon", "övermorgon": return today.adding(days: 2)
        default: break
        }
        if first.hasPrefix("+"), words.count == 1, let days = Int(first.dropFirst()), (0...3_650).contains(days) {
            return today.adding(days: days)
        }
        if first == "om" || first == "in", words.count == 3 { return span(words[1], words[2], today) }
        var rest = words[...]
        let weekday = weekdays.firstIndex { $0.contains { first.hasPrefix($0) } && first.allSatisfy(\.isLetter) }
        if weekday != nil { rest = rest.dropFirst() }
        // "på fredag", "nästa" and the like say nothing more than the day itself, and are not guessed at.
        if rest.isEmpty, let weekday { return today.adding(days: (weekday + 1 - today.weekday.rawValue + 6) % 7 + 1) }
        return date(Array(rest), today)
    }

    private static func span(_ count: String, _ unit: String, _ today: CalendarDate) -> CalendarDate? {
        guard let number = numbers[count] ?? Int(count), (1...366).contains(number) else { return nil }
        if unit.hasPrefix("dag") || unit.hasPrefix("day") { return today.adding(days: number) }
        if unit.hasPrefix("veck") || unit.hasPrefix("week") { return today.adding(days: 7 * number) }
        if unit.hasPrefix("mån") || unit.hasPrefix("month") { return today.adding(months: number) }
        return nil
    }

    /// `1 dec`, `dec 1`, `1/12`, `1 december 2018`; without a year, the next time that the day comes.
    private static func date(_ words: [String], _ today: CalendarDate) -> CalendarDate? {
        var day: Int?
        var month: Int?
        var year: Int?
        for word in words {
            if word.contains("/") {
                let parts = word.split(separator: "/").map { Int($0) }
                guard parts.count == 2, day == nil, month == nil else { return nil }
                (day, month) = (parts[0], parts[1])
            } else if let index = months.firstIndex(where: { $0.contains { word.hasPrefix($0) } }), month == nil {
                month = index + 1
            } else if let number = Int(word.replacingSuffix([":e", ":a", "st", "nd", "rd", "th"])) {
                if day == nil, (1...31).contains(number) {
                    day = number
                } else if year == nil, (1_900...2_200).contains(number) {
                    year = number
                } else {
                    return nil
                }
            } else {
                return nil
            }
        }
        guard let day, let month, (1...12).contains(month) else { return nil }
        if let year { return CalendarDate(year: year, month: month, day: day) }
        guard let here = CalendarDate(year: today.year, month: month, day: day) else { return nil }
        return here >= today ? here : CalendarDate(year: today.year + 1, month: month, day: day)
    }
}

extension String {
    fileprivate func replacingSuffix(_ suffixes: [String]) -> String {
        for suffix in suffixes where hasSuffix(suffix) { return String(dropLast(suffix.count)) }
        return self
    }
}
