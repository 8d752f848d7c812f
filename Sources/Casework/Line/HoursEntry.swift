public import Merge
public import Replica

/// One of the things that opening hours are made of: hours on some days of the week in a season, or days without any.
public struct HoursEntry: Sendable {
    public var id: RecordID
    /// In the order of the week; empty for every day of the season.
    public var weekdays: [Weekday]
    /// `09:00-12:00`; empty where the line is closed.
    public var hours: [String]
    public var from: CalendarDate?
    public var through: CalendarDate?
    /// ``Channel``; nil for all.
    public var channel: String?

    init(_ record: Record) {
        typealias Hours = CaseworkSchema.OpeningHours
        id = record.id
        weekdays = (record[Hours.weekdays] ?? "").split(separator: " ").compactMap { Weekday(word: String($0)) }
            .sorted()
        hours = (record[Hours.hours] ?? "").split(separator: " ").map(String.init)
        from = record[Hours.from]
        through = record[Hours.through]
        channel = record[Hours.channel]
    }

    public var isClosed: Bool { hours.isEmpty }

    /// A closure is at most this long; a line that is closed for good has no hours.
    static let closedDayLimit = 1_000

    /// Nil where the line is closed, and for hours that this program cannot read.
    var pattern: OpeningHours.Pattern? {
        let known = channel.flatMap { Channel(rawValue: $0) }
        // Hours of a channel that only a newer version knows are not those of the others.
        guard !isClosed, channel == nil || known != nil else { return nil }
        do {
            return try OpeningHours.Pattern(
                weekdays.isEmpty ? Weekday.allCases : weekdays, hours: hours, from: from, through: through,
                channel: known)
        } catch {
            // Of two desks that moved the ends of a season at once, one may have left it with none of its days.
            return nil
        }
    }

    var closedDays: [CalendarDate] {
        guard isClosed, let from else { return [] }
        let last = min(through ?? from, from.adding(days: Self.closedDayLimit))
        guard from <= last else { return [] }
        return (from.dayNumber...last.dayNumber).compactMap { CalendarDate(dayNumber: $0) }
            .filter { weekdays.isEmpty || weekdays.contains($0.weekday) }
    }
}

extension Weekday {
    private static let words = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]

    /// `mon`, as it is stored.
    public var word: String { Self.words[rawValue - 1] }

    /// Nil for anything but one of the seven words.
    public init?(word: String) {
        guard let index = Self.words.firstIndex(of: word), let day = Weekday(rawValue: index + 1) else { return nil }
        self = day
    }

    /// `mon`, `monday`, `mån`, `måndag`; nil for anything else.
    public init?(typed text: String) {
        let plain = PlainText.letters(text)
        let day = Self.allCases.first { day in
            plain == day.word
                || Words.Language.allCases.contains { language in
                    let words = Words(language)
                    return [words("weekday.\(day.rawValue)"), words("weekdayShort.\(day.rawValue)")].contains {
                        PlainText.letters($0) == plain
                    }
                }
        }
        guard let day else { return nil }
        self = day
    }
}
