public import Merge
public import Replica

extension CaseworkSchema.Settings {
    /// The id of the one record, the same at every desk of every line.
    public static let id = RecordID(
        milliseconds: 0, randomHigh: 0x5E7, randomLow: 0x006C_7567_6E2D_7365)
}

/// What is to be changed of the settings; nil stays as it is.
public struct SettingsChanges: Sendable {
    public var name: String?
    public var phone: String?
    public var languages: [LanguageTag]?
    public var zone: LineTime.Zone?
    public var verificationMonths: Int?
    public var reminderMonths: Int?
    public var followUpDays: ClosedRange<Int>?
    public var attempts: Int?
    public var attemptsForChild: Int?
    public var anonymousDays: Int?
    public var quietDays: Int?
    public var isClosedOnHolidays: Bool?

    public init() {}

    func write(to row: inout RowWriter) {
        typealias Settings = CaseworkSchema.Settings
        if let name { row[Settings.name] = name.isEmpty ? nil : name }
        if let phone { row[Settings.phone] = phone.isEmpty ? nil : phone }
        if let languages { row[Settings.languages] = languages.map(\.text).joined(separator: " ") }
        if let zone { row[Settings.timeZone] = zone.rawValue }
        for (field, number) in numbers { if let number { row[field] = Int64(number) } }
        if let isClosedOnHolidays { row[Settings.isClosedOnHolidays] = isClosedOnHolidays }
    }

    private var numbers: [(Field<Int64>, Int?)] {
        typealias Settings = CaseworkSchema.Settings
        return [
            (Settings.verificationMonths, verificationMonths), (Settings.reminderMonths, reminderMonths),
            (Settings.followUpFromDays, followUpDays?.lowerBound),
            (Settings.followUpThroughDays, followUpDays?.upperBound), (Settings.attempts, attempts),
            (Settings.attemptsForChild, attemptsForChild), (Settings.anonymousDays, anonymousDays),
            (Settings.quietDays, quietDays),
        ]
    }

    /// Whether nothing is to be changed.
    public var isEmpty: Bool {
        name == nil && phone == nil && languages == nil && zone == nil && isClosedOnHolidays == nil
            && numbers.allSatisfy { $0.1 == nil }
    }

    /// Errors: `badValue`.
    func check() throws(CaseworkError) {
        guard !isEmpty else {
            throw CaseworkError(.badValue, "settings.nothingGiven")
        }
        let months = [verificationMonths, reminderMonths].compactMap { $0 }
        let days = [followUpDays?.lowerBound, followUpDays?.upperBound, anonymousDays, quietDays].compactMap { $0 }
        guard months.allSatisfy(LineSettings.months.contains), days.allSatisfy(LineSettings.days.contains),
            [attempts, attemptsForChild].compactMap({ $0 }).allSatisfy(LineSettings.attempts.contains),
            [name, phone].compactMap({ $0 }).allSatisfy({ $0.utf8.count <= DirectoryFields.lineBytes }),
            languages?.allSatisfy({ !$0.text.contains(" ") }) ?? true
        else {
            throw CaseworkError(
                .badValue,
                "settings.ranges"
            )
        }
    }
}

extension Casework {
    /// The settings as they are here now.
    public func settings() throws -> LineSettings { try replica.read { try LineSettings($0) } }

    /// Changes what is given, at every desk. Errors: `badValue`.
    public func change(_ changes: SettingsChanges) throws {
        typealias Settings = CaseworkSchema.Settings
        try changes.check()
        try replica.write { tx in
            if try tx.snapshot.fetch(Settings.collection, Settings.id) != nil {
                try tx.update(Settings.collection, Settings.id) { changes.write(to: &$0) }
            } else {
                // Two desks may both do this: what they set is joined field by field like any other edit.
                try tx.insert(Settings.collection, id: Settings.id) { changes.write(to: &$0) }
            }
        }
    }

    // MARK: Opening hours

    /// Adds hours on some days of the week, in a season; what holds already goes on.
    ///
    /// - Parameters:
    ///   - weekdays: none for every day.
    ///   - channel: nil for all that callers come by.
    ///
    /// Errors: `badValue`.
    @discardableResult
    public func addHours(
        _ weekdays: [Weekday], _ hours: [String], from: CalendarDate? = nil, through: CalendarDate? = nil,
        channel: Channel? = nil
    ) throws -> RecordID {
        _ = try OpeningHours.Pattern(
            weekdays.isEmpty ? Weekday.allCases : weekdays, hours: hours, from: from, through: through)
        guard channel != .outbound else {
            throw CaseworkError(.badValue, "hours.channel")
        }
        return try insertHours(weekdays, hours, from, through, channel)
    }

    /// Closes the line on a day, or through another one. Errors: `badValue` for more than 1,000 days, or none.
    @discardableResult
    public func closeLine(on from: CalendarDate, through: CalendarDate? = nil) throws -> RecordID {
        let last = through ?? from
        guard from <= last, last <= from.adding(days: HoursEntry.closedDayLimit) else {
            throw CaseworkError(.badValue, "hours.lastDay")
        }
        return try insertHours([], [], from, last)
    }

    private func insertHours(
        _ weekdays: [Weekday], _ hours: [String], _ from: CalendarDate?, _ through: CalendarDate?,
        _ channel: Channel? = nil
    ) throws -> RecordID {
        typealias Hours = CaseworkSchema.OpeningHours
        return try replica.write { tx in
            try tx.insert(Hours.collection) { row in
                row[Hours.weekdays] =
                    weekdays.isEmpty ? nil : Set(weekdays).sorted().map(\.word).joined(separator: " ")
                row[Hours.hours] = hours.isEmpty ? nil : hours.joined(separator: " ")
                row[Hours.from] = from
                row[Hours.through] = through
                if let channel { row[Hours.channel] = channel.rawValue }
            }
        }
    }

    /// Ends hours, or a closure, with a day as its last. What contacts say of hours stays as it was recorded.
    ///
    /// Errors: `unknownItem`, `ambiguousItem`, `badValue` for a day before its first.
    public func endHours(_ item: ItemReference, through: CalendarDate) throws {
        typealias Hours = CaseworkSchema.OpeningHours
        try replica.write { tx in
            let record = try ItemReference.pick(item, of: tx.snapshot.records(Hours.collection), "openingHours")
            guard record[Hours.from].map({ $0 <= through }) ?? true else {
                throw CaseworkError(.badValue, "hours.lastBeforeFirst")
            }
            try tx.update(Hours.collection, record.id) { $0[Hours.through] = through }
        }
    }

    /// Takes away hours that never should have been there. Errors: `unknownItem`, `ambiguousItem`.
    public func removeHours(_ item: ItemReference) throws {
        typealias Hours = CaseworkSchema.OpeningHours
        try replica.write { tx in
            let record = try ItemReference.pick(item, of: tx.snapshot.records(Hours.collection), "openingHours")
            try tx.erase(Hours.collection, record.id)
        }
    }

    /// Whether the line is open, and when it opens next, by a channel or, for nil, by any.
    public func openingNow(_ channel: Channel? = nil) throws -> (isOpen: Bool, nextOpening: Timestamp?) {
        try replica.read { snapshot in
            let hours = try LineSettings(snapshot).openingHours
            let now = try now(snapshot)
            return (hours.isOpen(at: now, by: channel), hours.nextOpening(after: now, by: channel))
        }
    }

    /// Whether the line is closed all day: what is agreed for such a day gets a word of warning.
    public func isClosed(on day: CalendarDate) throws -> Bool { try !settings().openingHours.isOpen(on: day) }
}
