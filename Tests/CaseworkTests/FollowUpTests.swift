import Replica
import Testing

@testable import Casework

@Suite("Follow-ups")
struct FollowUpTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    @Test("a follow-up is proposed a week ahead on a working day on which the line is open")
    func proposal() throws {
        #expect(try casework.proposeFollowUp() == day("2017-03-22"))
        // A week from Friday 7 April is Good Friday; Easter Monday is none either.
        try desk.go(to: "2017-04-07")
        #expect(try casework.proposeFollowUp() == day("2017-04-18"))
        try casework.closeLine(on: day("2017-04-18"), through: day("2017-04-19"))
        #expect(try casework.proposeFollowUp() == day("2017-04-20"))
    }

    @Test("three attempts, each a working day after the last, then the proposal to close and to shred the slip")
    func attempts() throws {
        let number = try desk.newCase()
        #expect(try casework.addFollowUp(number, by: desk.author) == day("2017-03-22"))
        try desk.go(to: "2017-03-24")
        let first = try casework.addUnansweredAttempt(number, by: desk.author)
        #expect(first.next == .call(number: 2, of: 3, from: try day("2017-03-27"), isExtraForChild: false))
        // The same Friday, and the weekend after it.
        for text in ["2017-03-24", "2017-03-25"] {
            try desk.go(to: text, minute: 700)
            let error = expectRefusal(.tooManyAttempts) {
                try casework.addUnansweredAttempt(number, by: desk.author)
            }
            #expect(error?.message.contains("2017-03-27") ?? false)
        }
        try desk.go(to: "2017-03-27")
        try casework.addUnansweredAttempt(number, by: desk.author)
        try desk.go(to: "2017-03-28")
        #expect(try casework.addUnansweredAttempt(number, by: desk.author).next == .proposeClosing)
        #expect(try casework.today().map(\.kind) == [.proposeClosing])
        #expect(try casework.today().map(\.remindsToShredSlip) == [true])
        try desk.go(to: "2017-03-30")
        expectRefusal(.tooManyAttempts) { try casework.addUnansweredAttempt(number, by: desk.author) }
        try casework.addUnansweredAttempt(number, anyway: true, by: desk.author)
        #expect(try casework.show(number).followUps.first?.attempts.count == 4)
        try casework.close(number, .unreachable, by: desk.author)
        #expect(try casework.show(number).followUps.map(\.status) == ["unreachable"])
        #expect(try casework.today().isEmpty)
    }

    @Test("a child's case has one attempt more, also when it turns out to concern a child after the third")
    func child() throws {
        let number = try desk.newCase()
        try casework.addFollowUp(number, on: day("2017-03-22"), by: desk.author)
        for text in ["2017-03-22", "2017-03-23", "2017-03-24"] {
            try desk.go(to: text)
            try casework.addUnansweredAttempt(number, by: desk.author)
        }
        #expect(try casework.show(number).followUps.first?.next == .proposeClosing)
        try casework.edit(number, CaseFields(childMadeContact: true))
        try desk.go(to: "2017-03-27")
        let item = try #require(try casework.today().first { $0.kind == .followUp })
        #expect(item.isExtraForChild && item.concernsChild)
        #expect(item.attempt?.number == 4 && item.attempt?.of == 4)
        #expect(try casework.addUnansweredAttempt(number, by: desk.author).next == .proposeClosing)
    }

    @Test("an answered attempt is a contact of the case and ends the follow-up, on whatever day")
    func reached() throws {
        let number = try desk.newCase()
        try casework.addFollowUp(number, by: desk.author)
        try desk.go(to: "2017-03-22")
        try casework.addUnansweredAttempt(number, by: desk.author)
        try casework.addAnsweredAttempt(
            number, nil, ContactFields(minutes: 20, summary: "It is calmer."), by: desk.author)
        let shown = try casework.show(number)
        #expect(shown.followUps.map(\.status) == ["reached"])
        #expect(shown.followUps.first?.attempts.map(\.result) == ["noAnswer", "reached"])
        #expect(shown.contacts.last?.channel == "outbound")
        #expect(shown.contacts.last?.kind == "repeat")
        #expect(shown.contacts.last?.minutes == 20)
        expectRefusal(.unknownItem) { try casework.addUnansweredAttempt(number, by: desk.author) }
    }

    @Test("a caller who rings back is expected on the day, and closing is proposed 60 days after it")
    func ringBack() throws {
        let number = try desk.newCase()
        try casework.addFollowUp(number, .ringBack, on: day("2017-03-20"), by: desk.author)
        expectRefusal(.badValue) { try casework.addUnansweredAttempt(number, by: desk.author) }
        #expect(try casework.today().isEmpty)
        try desk.go(to: "2017-03-20")
        #expect(try casework.today().map(\.kind) == [.ringBack])
        try desk.go(to: "2017-05-18")
        #expect(try casework.today().map(\.kind) == [.ringBack])
        #expect(try casework.today().map(\.isOverdue) == [true])
        try desk.go(to: "2017-05-19")
        let proposal = try #require(try casework.today().first)
        #expect(proposal.kind == .proposeClosing && !proposal.remindsToShredSlip && !proposal.isOverdue)
        // The caller rings after all.
        #expect(try casework.addContact(number, ContactFields(), by: desk.author).metRingBacks == 1)
        #expect(try casework.today().isEmpty)
        #expect(try casework.show(number).followUps.map(\.status) == ["reached"])
    }

    @Test("an outbound call does not meet an agreement that the caller rings")
    func outbound() throws {
        let number = try desk.newCase()
        try casework.addFollowUp(number, .ringBack, on: day("2017-03-20"), by: desk.author)
        let result = try casework.addContact(number, ContactFields(channel: .outbound), by: desk.author)
        #expect(result.metRingBacks == 0)
        #expect(try casework.show(number).followUps.map(\.status) == ["planned"])
    }

    @Test("the agreed day is moved, or given up")
    func moving() throws {
        let number = try desk.newCase()
        try casework.addFollowUp(number, by: desk.author)
        try casework.moveFollowUp(number, to: day("2017-03-30"), by: desk.author)
        #expect(try casework.plannedFollowUps().map(\.due) == [try day("2017-03-30")])
        expectRefusal(.badValue) { try casework.moveFollowUp(number, to: day("2017-03-01"), by: desk.author) }
        try casework.cancelFollowUp(number, by: desk.author)
        #expect(try casework.plannedFollowUps().isEmpty)
    }
}
