import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("Line settings")
struct LineSettingsTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    @Test("what is not set is as the Swedish helplines had it")
    func defaults() throws {
        let settings = try casework.settings()
        #expect(settings.verificationMonths == 6 && settings.reminderMonths == 3)
        #expect(settings.followUpRules == FollowUpRules())
        #expect(settings.hours.isEmpty)
        let wednesday = try day("2017-03-15")
        #expect(settings.openingHours.intervals(on: wednesday) == [540..<720, 780..<960])
        #expect(settings.openingHours.intervals(on: wednesday.adding(days: 3)).isEmpty)
    }

    @Test("changes are kept, one by one; nonsense is refused")
    func changes() throws {
        var changes = SettingsChanges()
        changes.name = "Orostelefonen"
        changes.languages = [try LanguageTag("sv"), try LanguageTag("ar")]
        changes.followUpDays = 5...10
        try casework.change(changes)
        changes = SettingsChanges()
        changes.verificationMonths = 12
        changes.reminderMonths = 60
        try casework.change(changes)
        let settings = try casework.settings()
        #expect(settings.name == "Orostelefonen")
        #expect(settings.languages.map(\.text) == ["sv", "ar"])
        #expect(settings.followUpRules.days == 5...10)
        #expect(settings.verificationMonths == 12 && settings.reminderMonths == 60)
        changes = SettingsChanges()
        expectRefusal(.badValue) { try casework.change(changes) }
        changes.verificationMonths = 0
        expectRefusal(.badValue) { try casework.change(changes) }
    }

    @Test("hours of a season, a closure, and their ends")
    func hours() throws {
        try casework.addHours([.monday, .wednesday], ["09:00-12:00"], through: day("2017-08-27"))
        let evenings = try casework.addHours([], ["18:00-22:00"], from: day("2017-08-28"))
        try casework.closeLine(on: day("2017-04-03"), through: day("2017-04-05"))
        func intervals(_ text: String) throws -> [Range<Int>] {
            try casework.settings().openingHours.intervals(on: day(text))
        }
        #expect(try intervals("2017-03-15") == [540..<720])
        #expect(try intervals("2017-03-16") == [])
        #expect(try intervals("2017-04-03") == [])
        #expect(try intervals("2017-04-10") == [540..<720])
        #expect(try intervals("2017-08-29") == [1_080..<1_320])
        try casework.endHours(ItemReference(evenings), through: day("2017-09-30"))
        #expect(try intervals("2017-10-01") == [])
        try casework.removeHours(ItemReference(evenings))
        #expect(try intervals("2017-08-29") == [])
        #expect(try casework.settings().hours.count == 2)
        expectRefusal(.badValue) { try casework.addHours([], ["22:00-18:00"]) }
        expectRefusal(.badValue) { try casework.addHours([.monday], []) }
        expectRefusal(.badValue) { try casework.closeLine(on: day("2017-04-05"), through: day("2017-04-03")) }
    }

    @Test("open now, and the next opening")
    func openNow() throws {
        try desk.go(to: "2017-03-15", minute: 12 * 60 + 1)
        var opening = try casework.openingNow()
        #expect(!opening.isOpen)
        #expect(opening.nextOpening == LineTime.stockholm.moment(try day("2017-03-15"), minute: 780))
        try desk.go(to: "2017-03-17", minute: 15 * 60)
        opening = try casework.openingNow()
        #expect(opening.isOpen)
        #expect(opening.nextOpening == LineTime.stockholm.moment(try day("2017-03-20"), minute: 540))
    }

    @Test("two desks that both settle something first have one set of settings between them")
    func twoDesks() throws {
        let folder = TemporaryFolder()
        let line = try OneWayLine()
        let one = try line.desk(path: folder.file("one.db"))
        let two = try line.desk(path: folder.file("two.db"))
        try line.join(one, name: "Desk 1")
        try line.join(two, name: "Desk 2")
        var changes = SettingsChanges()
        changes.name = "Orostelefonen"
        changes.verificationMonths = 12
        try one.change(changes)
        changes = SettingsChanges()
        changes.attempts = 5
        changes.verificationMonths = 36
        try two.change(changes)
        try line.carry(from: one, to: two)
        let settings = try two.settings()
        #expect(settings.name == "Orostelefonen")
        #expect(settings.followUpRules.attemptCount == 5)
        let conflict = try #require(try two.conflicts().first)
        #expect(conflict.field == "verification_months" && conflict.collection == "settings")
        #expect(conflict.reference == nil)
        try two.settle(conflict.id, takeOther: true)
        #expect(try two.settings().verificationMonths == 12)
    }
}
