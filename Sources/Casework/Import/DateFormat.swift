import Replica

/// How days are written in a file: `yyyy-mm-dd`, `d/m/yyyy`, `d mmm yyyy`, or as Excel counts them.
public struct DateFormat: Hashable, Sendable, CustomStringConvertible {
    private enum Part: Hashable {
        case year4, year2, month, day, monthName
        case literal(Character)
    }

    private enum Kind: Hashable {
        case parts([Part])
        /// Days since this one, with a fraction for the time.
        case count(since: Int)
    }

    public let description: String
    private let kind: Kind

    static let iso = known("yyyy-mm-dd")

    /// Reads a pattern of `y`, `m` and `d` with what stands between them, or `excel`, `excel-1904`.
    ///
    /// `yyyy` is a year in full and `yy` its last two digits (1990 to 2089); `mmm` is the month's name in Swedish or English.
    ///
    /// Errors: `badValue`.
    public init(parsing text: String) throws(CaseworkError) {
        guard let format = DateFormat(text) else {
            throw CaseworkError(
                .badValue,
                "dateFormat"
            )
        }
        self = format
    }

    static func known(_ text: String) -> DateFormat {
        guard let format = DateFormat(text) else { preconditionFailure("\(text) is no form of a date") }
        return format
    }

    private init?(_ text: String) {
        let pattern = text.lowercased()
        description = pattern
        switch pattern {
        // Day 60 is 29 February 1900, which never was: all that count here come behind it.
        case "excel": kind = .count(since: -25_569)
        case "excel-1904": kind = .count(since: -24_107)
        default:
            guard let parts = Self.parts(pattern) else { return nil }
            kind = .parts(parts)
        }
    }

    private static func parts(_ pattern: String) -> [Part]? {
        var parts: [Part] = []
        var rest = pattern[...]
        while let first = rest.first {
            let run = rest.prefix { $0 == first }
            switch (first, run.count) {
            case ("y", 4): parts.append(.year4)
            case ("y", 2): parts.append(.year2)
            case ("m", 1...2): parts.append(.month)
            case ("m", 3...4): parts.append(.monthName)
            case ("d", 1...2): parts.append(.day)
            case _ where first.isLetter || first.isNumber: return nil
            default: parts += run.map { .literal($0) }
            }
            rest = rest.dropFirst(run.count)
        }
        let years = parts.count { $0 == .year4 || $0 == .year2 }
        let months = parts.count { $0 == .month || $0 == .monthName }
        return years == 1 && months == 1 && parts.count(where: { $0 == .day }) == 1 ? parts : nil
    }

    /// The day, and what of the text stands behind it; nil where the text does not begin with a day of this form. As Excel
    /// counts, a fraction is the time: `seconds` since midnight.
    func read(_ text: Substring) -> (day: CalendarDate, rest: Substring, seconds: Int?)? {
        switch kind {
        case .count(let first): return Self.counted(text, since: first)
        case .parts(let parts): return Self.read(text, parts).map { ($0.0, $0.1, nil) }
        }
    }

    private static func counted(
        _ text: Substring, since first: Int
    ) -> (day: CalendarDate, rest: Substring, seconds: Int?)? {
        let pieces = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "." || $0 == "," }
        guard pieces[0].utf8.count == 5, let days = number(pieces[0]),
            let day = CalendarDate(dayNumber: days + first)
        else { return nil }
        guard pieces.count == 2 else { return (day, "", nil) }
        guard (1...15).contains(pieces[1].utf8.count), number(pieces[1]) != nil,
            let fraction = Double("0." + pieces[1])
        else { return nil }
        return (day, "", min(86_399, Int((fraction * 86_400).rounded())))
    }

    private static func read(_ text: Substring, _ parts: [Part]) -> (CalendarDate, Substring)? {
        var (year, month, day) = (0, 0, 0)
        var rest = text
        for (place, part) in parts.enumerated() {
            // Digits without anything between them have their full number of places.
            let isPacked = isNumber(parts, place - 1) || isNumber(parts, place + 1)
            func take(_ counts: ClosedRange<Int>) -> Int? {
                let digits = rest.prefix { $0.isASCII && $0.isNumber }.prefix(isPacked ? counts.upperBound : 5)
                guard counts.contains(digits.count), !isPacked || digits.count == counts.upperBound else { return nil }
                rest = rest.dropFirst(digits.count)
                return number(digits)
            }
            switch part {
            case .year4:
                guard let found = take(4...4) else { return nil }
                year = found
            case .year2:
                guard let found = take(2...2) else { return nil }
                year = found >= 90 ? 1_900 + found : 2_000 + found
            case .month:
                guard let found = take(1...2) else { return nil }
                month = found
            case .day:
                guard let found = take(1...2) else { return nil }
                day = found
            case .monthName:
                let word = rest.prefix { $0.isLetter }.lowercased()
                guard word.count >= 3, let found = months.first(where: { $0.name.hasPrefix(word) }) else { return nil }
                month = found.number
                rest = rest.dropFirst(word.count)
                if rest.first == "." { rest = rest.dropFirst() }
            case .literal(" "):
                guard rest.first == " " else { return nil }
                rest = rest.drop { $0 == " " }
            case .literal(let character):
                guard rest.first == character else { return nil }
                rest = rest.dropFirst()
            }
        }
        return CalendarDate(year: year, month: month, day: day).map { ($0, rest) }
    }

    private static func isNumber(_ parts: [Part], _ place: Int) -> Bool {
        guard parts.indices.contains(place) else { return false }
        return switch parts[place] {
        case .year4, .year2, .month, .day: true
        case .monthName, .literal: false
        }
    }

    private static func number(_ digits: Substring) -> Int? {
        digits.utf8.allSatisfy { (48...57).contains($0) } ? Int(digits) : nil
    }

    private static let months: [(name: String, number: Int)] = [
        ["januari", "january"], ["februari", "february"], ["mars", "march"], ["april"], ["maj", "may"],
        ["juni", "june"], ["juli", "july"], ["augusti", "august"], ["september"], ["oktober", "october"],
        ["november"], ["december"],
    ].enumerated().flatMap { number, names in names.map { ($0, number + 1) } }
}
