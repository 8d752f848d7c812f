import Replica

/// What a helpline has settled for all its desks. What is not set is as the Swedish helplines had it. What destroys is settled in the
/// roster: ``RetentionRules``.
public struct LineSettings: Sendable {
    public var name: String?
    /// The line's own number, which may stand in notes.
    public var phone: String?
    public var languages: [LanguageTag]
    /// What is typed, shown, counted and proposed is in this time.
    public var time: LineTime
    /// How long a verification of an entry in the directory holds.
    public var verificationMonths: Int
    /// How often an entry's contact is asked by mail to say if something has changed.
    public var reminderMonths: Int
    public var followUpRules: FollowUpRules
    /// Days after which an open case with nothing ahead is in the list of today.
    public var quietDays: Int
    public var openingHours: OpeningHours
    /// What the opening hours are made of; empty where none are set and the default ones hold.
    public var hours: [HoursEntry]

    public static let months = 1...1_200
    public static let days = 0...3_650
    public static let attempts = 1...100
    static let defaultVerificationMonths = 6
    static let defaultReminderMonths = 3
    static let defaultQuietDays = 60

    /// Weekdays nine to four with an hour for lunch, as Orostelefonen had it in 2017. Its evenings were for one season.
    public static let defaultHours: [OpeningHours.Pattern] = {
        do {
            return [
                try OpeningHours.Pattern(
                    [.monday, .tuesday, .wednesday, .thursday, .friday], "09:00-12:00", "13:00-16:00")
            ]
        } catch {
            preconditionFailure("the default opening hours are well-formed")
        }
    }()

    /// What is set is taken as far as it makes sense: another desk may have a program that allows more.
    init(_ snapshot: borrowing Snapshot) throws {
        typealias Settings = CaseworkSchema.Settings
        let record = try snapshot.fetch(Settings.collection, Settings.id)
        func number(_ field: Field<Int64>, _ range: ClosedRange<Int>) -> Int? {
            record?[field].flatMap { Int(exactly: $0) }.flatMap { range.contains($0) ? $0 : nil }
        }
        name = record?[Settings.name]
        phone = record?[Settings.phone]
        languages = (record?[Settings.languages] ?? "").split(separator: " ").map { LanguageTag(stored: String($0)) }
        time = LineTime(record?[Settings.timeZone].flatMap { LineTime.Zone(rawValue: $0) } ?? .stockholm)
        verificationMonths = number(Settings.verificationMonths, Self.months) ?? Self.defaultVerificationMonths
        reminderMonths = number(Settings.reminderMonths, Self.months) ?? Self.defaultReminderMonths
        var rules = FollowUpRules()
        let from = number(Settings.followUpFromDays, Self.days) ?? rules.days.lowerBound
        rules.days = from...max(from, number(Settings.followUpThroughDays, Self.days) ?? rules.days.upperBound)
        rules.attemptCount = number(Settings.attempts, Self.attempts) ?? rules.attemptCount
        rules.attemptCountForChild = number(Settings.attemptsForChild, Self.attempts) ?? rules.attemptCountForChild
        rules.anonymousDays = number(Settings.anonymousDays, Self.days) ?? rules.anonymousDays
        followUpRules = rules
        quietDays = number(Settings.quietDays, Self.days) ?? Self.defaultQuietDays
        hours = try snapshot.records(CaseworkSchema.OpeningHours.collection, where: "1 ORDER BY from_day, id")
            .map { HoursEntry($0) }
        let patterns = hours.compactMap(\.pattern)
        openingHours = OpeningHours(
            patterns.isEmpty ? Self.defaultHours : patterns, closedDays: Set(hours.flatMap(\.closedDays)),
            isClosedOnHolidays: record?[Settings.isClosedOnHolidays] ?? true, time: time)
    }

    /// The line's time, without a look at its hours.
    static func time(_ snapshot: borrowing Snapshot) throws -> LineTime {
        typealias Settings = CaseworkSchema.Settings
        let word = try snapshot.fetch(Settings.collection, Settings.id)?[Settings.timeZone]
        return LineTime(word.flatMap { LineTime.Zone(rawValue: $0) } ?? .stockholm)
    }
}
