import Replica
import Testing

@testable import Casework

@Suite("Contacts")
struct ContactTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    @Test("an opening contact says what was asked for, how long, through whom, and whether the line was open")
    func opening() throws {
        let contact = ContactFields(
            channel: .chat, language: try LanguageTag("prs"), interpreting: .colleague, request: .advice, minutes: 45,
            summary: "Worried about a change at home.", nextStep: "Rings back on Friday.")
        let number = try casework.newCase(CaseFields(caller: .relative), contact: contact, by: desk.author)
        let shown = try casework.show(number)
        let opening = try #require(shown.contacts.first)
        #expect(shown.contacts.count == 1)
        #expect(opening.kind == "opening" && opening.channel == "chat" && opening.language == "prs")
        #expect(opening.interpreting == "colleague" && opening.request == "advice" && opening.minutes == 45)
        #expect(opening.isOutsideHours == false)
        #expect(shown.notes.map(\.kind) == ["summary", "nextStep"])
        #expect(shown.notes.allSatisfy { $0.about == opening.id })
    }

    @Test(
        "a contact is outside of hours at lunch, in the evening, on a holiday; not when an evening is opened",
        arguments: [
            ("2017-03-15", 12 * 60 + 30, true), ("2017-03-15", 19 * 60, true), ("2017-04-14", 600, true),
            ("2017-03-15", 13 * 60, false),
        ])
    func outsideHours(text: String, minute: Int, isOutside: Bool) throws {
        try desk.go(to: text, minute: minute)
        let number = try desk.newCase()
        #expect(try casework.show(number).contacts.first?.isOutsideHours == isOutside)
    }

    @Test("what was recorded of hours stays when they are changed")
    func hoursChange() throws {
        try desk.go(to: "2017-03-15", minute: 19 * 60)
        let number = try desk.newCase()
        try casework.addHours([.wednesday], ["18:00-22:00"])
        #expect(try casework.show(number).contacts.map(\.isOutsideHours) == [true])
        try casework.addContact(number, ContactFields(), by: desk.author)
        #expect(try casework.show(number).contacts.map(\.isOutsideHours) == [true, false])
        let earlier = LineTime.stockholm.moment(try day("2017-03-15"), minute: 10 * 60)
        try casework.editContact(number, nil, ContactFields(at: earlier), by: desk.author)
        // Wednesday mornings are closed now that hours are set: only what is set holds.
        #expect(try casework.show(number).contacts.map(\.isOutsideHours) == [true, true])
    }

    @Test("a repeat contact leaves a closed case closed, or opens it under the same number, and says which")
    func repeated() throws {
        let number = try desk.newCase()
        try casework.close(number, .finished, by: desk.author)
        #expect(try casework.addContact(number, ContactFields(), by: desk.author).isStillClosed)
        #expect(try casework.show(number).status == "closed")
        let second = try casework.addContact(number, ContactFields(channel: .chat), reopening: true, by: desk.author)
        #expect(second.isReopened && !second.isStillClosed)
        let shown = try casework.show(number)
        #expect(shown.status == "open")
        #expect(shown.reference == number)
        #expect(shown.contacts.map(\.kind) == ["opening", "repeat", "repeat"])
    }

    @Test("a contact without a case has a time, a channel and a language, and no text")
    func withoutCase() throws {
        let fields = ContactFields(channel: .phone, request: .knowledge, minutes: 5)
        let id = try casework.addContactWithoutCase(fields, by: desk.author)
        expectRefusal(.badValue) {
            try casework.addContactWithoutCase(ContactFields(summary: "About somebody."), by: desk.author)
        }
        let contacts = try casework.replica.read { try $0.records(CaseworkSchema.Contacts.collection) }
        #expect(contacts.map(\.id) == [id])
        #expect(contacts.first?.parent == nil)
        #expect(contacts.first?[CaseworkSchema.Contacts.kind] == "withoutCase")
    }

    @Test("what is known when the call has ended is added to the latest contact")
    func afterwards() throws {
        let number = try desk.newCase()
        try casework.addContact(number, ContactFields(), by: desk.author)
        try casework.editContact(
            number, nil, ContactFields(interpreting: .interpreter, minutes: 30, summary: "Short."), by: desk.author)
        let shown = try casework.show(number)
        #expect(shown.contacts.map(\.minutes) == [nil, 30])
        #expect(shown.notes.map(\.about) == [shown.contacts[1].id])
        let first = ItemReference(shown.contacts[0].id)
        try casework.editContact(number, first, ContactFields(minutes: 7), by: desk.author)
        #expect(try casework.show(number).contacts.map(\.minutes) == [7, 30])
        expectRefusal(.badValue) { try casework.editContact(number, nil, ContactFields(), by: desk.author) }
        expectRefusal(.unknownItem) {
            try casework.editContact(
                number, ItemReference(parsing: "00000000"), ContactFields(minutes: 1), by: desk.author)
        }
    }

    @Test("a contact in the future or of more than a day is refused, and nothing is saved")
    func limits() throws {
        let number = try desk.newCase()
        let later = LineTime.stockholm.moment(try day("2017-03-16"), minute: 0)
        expectRefusal(.badValue) { try casework.addContact(number, ContactFields(at: later), by: desk.author) }
        expectRefusal(.badValue) { try casework.addContact(number, ContactFields(minutes: 1_441), by: desk.author) }
        expectRefusal(.badValue) { try casework.addContact(number, ContactFields(minutes: -1), by: desk.author) }
        #expect(try casework.show(number).contacts.count == 1)
    }
}
