public import Replica

extension CalendarDate {
    /// Reads a day as people type it: `2017-03-20`, `today`, `tomorrow`, `yesterday`, `+7`, or a day of the week, `fri`,
    /// which is the next one, and never today.
    ///
    /// Errors: `badValue`.
    public init(typed text: String, today: CalendarDate) throws(CaseworkError) {
        let word = text.lowercased()
        let offset: Int? =
            switch word {
            case "today": 0
            case "tomorrow": 1
            case "yesterday": -1
            default:
                if let weekday = Weekday(word: String(word.prefix(3))), word.allSatisfy(\.isLetter) {
                    (weekday.rawValue - today.weekday.rawValue + 6) % 7 + 1
                } else if word.hasPrefix("+"), word.utf8.count <= 5 {
                    Int(word.dropFirst())
                } else {
                    nil
                }
            }
        if let offset {
            self = today.adding(days: offset)
        } else if let day = CalendarDate(text) {
            self = day
        } else {
            throw CaseworkError(
                .badValue, "a day is written as 2017-03-20, today, tomorrow, fri or +7; nothing was changed")
        }
    }
}

extension Casework {
    /// Today in Sweden, by the corrected clock.
    public func currentDay() throws -> CalendarDate {
        try replica.read { StockholmTime.local(try now($0)).date }
    }
}
