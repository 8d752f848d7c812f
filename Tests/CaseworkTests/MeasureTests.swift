import Replica
import Testing

@testable import Casework

@Suite("Research, children, reviews, quiet cases")
struct MeasureTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    @Test("a yes to research is an agreement to speak again, and decides the way of a referral")
    func research() throws {
        let entry = try desk.entry("Jouren")
        let yes = try casework.newCase(CaseFields(research: ResearchAnswer(.weCall)), by: desk.author)
        #expect(try casework.show(yes).followUps.map(\.kind) == ["call"])
        #expect(try casework.show(yes).followUps.map(\.due) == [try day("2017-03-22")])
        let back = try casework.newCase(
            CaseFields(research: ResearchAnswer(.ringsBack, on: day("2017-03-20"))), by: desk.author)
        #expect(try casework.show(back).followUps.map(\.kind) == ["ringBack"])
        let no = try casework.newCase(CaseFields(research: ResearchAnswer(.no)), by: desk.author)
        #expect(try casework.show(no).followUps.isEmpty)
        let unasked = try desk.newCase()
        for (number, way) in [(yes, "research"), (back, "research"), (no, "tips"), (unasked, "tips")] {
            try casework.addReferral(number, to: entry, by: desk.author)
            #expect(try casework.show(number).referrals.map(\.way) == [way])
        }
        try casework.edit(unasked, CaseFields(research: ResearchAnswer(.weCall)), by: desk.author)
        #expect(try casework.show(unasked).researchOffer == "weCall")
        #expect(try casework.show(unasked).followUps.count == 1)
    }

    @Test("who rings back does so on a day that is named; without a day, or past, nothing is saved")
    func researchDay() throws {
        expectRefusal(.badValue) {
            try casework.newCase(CaseFields(research: ResearchAnswer(.ringsBack)), by: desk.author)
        }
        expectRefusal(.badValue) {
            try casework.newCase(
                CaseFields(research: ResearchAnswer(.ringsBack, on: day("2017-03-14"))), by: desk.author)
        }
        expectRefusal(.badValue) {
            try casework.newCase(CaseFields(research: ResearchAnswer(.no, on: day("2017-03-20"))), by: desk.author)
        }
        #expect(try casework.list().isEmpty)
    }

    @Test("a child's case is in the list of today until somebody has assessed it; another case is not assessed")
    func assessment() throws {
        let child = try desk.newCase(CaseFields(age: .under18))
        let other = try desk.newCase(CaseFields(age: .over25))
        #expect(try casework.today().map(\.kind) == [.assess])
        #expect(try casework.today().map(\.reference) == [child])
        expectRefusal(.badValue) { try casework.addMeasure(other, .assessment, by: desk.author) }
        #expect(try casework.close(child, .finished, by: desk.author).lacksAssessment)
        try casework.reopen(child, by: desk.author)
        let id = try casework.addMeasure(child, .assessment, on: day("2017-03-14"), by: desk.author)
        #expect(try casework.today().isEmpty)
        #expect(try casework.show(child).assessments.map(\.on) == [try day("2017-03-14")])
        try casework.takeBackMeasure(child, ItemReference(id))
        #expect(try casework.today().map(\.kind) == [.assess])
        try casework.edit(other, CaseFields(childMadeContact: true))
        #expect(try casework.today().count == 2)
    }

    @Test("what no lead has reviewed is listed, again when it was closed after its review")
    func reviews() throws {
        let number = try desk.newCase()
        _ = try desk.newCase()
        var filter = CaseFilter()
        filter.isReviewed = false
        #expect(try casework.list(filter).count == 2)
        try casework.addMeasure(number, .review, by: AuthorCode("L1"))
        #expect(try casework.list(filter).count == 1)
        #expect(try casework.show(number).reviews.map(\.by) == ["L1"])
        try casework.close(number, .finished, by: desk.author)
        #expect(try casework.list(filter).count == 2)
        try casework.addMeasure(number, .review, by: AuthorCode("L1"))
        filter.isReviewed = true
        #expect(try casework.list(filter).map(\.reference) == [number])
    }

    @Test("an open case with nothing ahead is listed after 60 days, or as the settings say, and not while something is")
    func quiet() throws {
        let number = try desk.newCase()
        let planned = try desk.newCase()
        try casework.addFollowUp(planned, on: day("2017-12-01"), by: desk.author)
        let promised = try desk.newCase()
        try casework.addPromise(promised, "Later.", due: day("2017-12-01"), by: desk.author)
        let closed = try desk.newCase()
        try casework.close(closed, .finished, by: desk.author)
        try desk.go(to: "2017-05-14")
        #expect(try casework.today().isEmpty)
        try desk.go(to: "2017-05-15")
        #expect(try casework.today().map(\.kind) == [.quiet])
        #expect(try casework.today().map(\.reference) == [number])
        try casework.addContact(number, ContactFields(), by: desk.author)
        #expect(try casework.today().isEmpty)
        var changes = SettingsChanges()
        changes.quietDays = 10
        try casework.change(changes)
        try desk.go(to: "2017-05-26")
        #expect(try casework.today().map(\.kind) == [.quiet])
    }

    @Test("how the caller heard of the line is kept, asked for and cleared")
    func heardOf() throws {
        let number = try desk.newCase(CaseFields(heardOf: .colleague))
        _ = try desk.newCase()
        var filter = CaseFilter()
        filter.heardOf = .colleague
        #expect(try casework.list(filter).map(\.reference) == [number])
        var changes = CaseFields()
        changes.cleared = [.heardOf]
        try casework.edit(number, changes)
        #expect(try casework.show(number).heardOf == nil)
    }

    @Test("none is proposed on a day on which nobody is there; a long closure puts the next attempt off too")
    func closedDays() throws {
        try casework.closeLine(on: day("2017-03-20"), through: day("2017-04-07"))
        let number = try desk.newCase()
        #expect(try casework.addFollowUp(number, by: desk.author) == day("2017-04-10"))
        #expect(try casework.isClosed(on: day("2017-03-21")))
        try casework.moveFollowUp(number, to: day("2017-03-17"), by: desk.author)
        try desk.go(to: "2017-03-17")
        let next = try casework.addUnansweredAttempt(number, by: desk.author).next
        #expect(next == .call(number: 2, of: 3, from: try day("2017-04-10"), isExtraForChild: false))
    }

    @Test(
        "a mistaken attempt is taken back: the follow-up waits again, and its contact is gone; what was written stays")
    func takingBack() throws {
        let number = try desk.newCase()
        expectRefusal(.unknownItem) { try casework.takeBackAttempt(number, by: desk.author) }
        try casework.addFollowUp(number, on: day("2017-03-15"), by: desk.author)
        try casework.addUnansweredAttempt(number, by: desk.author)
        try casework.addAnsweredAttempt(number, nil, ContactFields(summary: "Talked."), by: desk.author)
        let first = try casework.takeBackAttempt(number, by: desk.author)
        #expect(first.isPlanned && first.attempts.map(\.result) == ["noAnswer"])
        let shown = try casework.show(number)
        #expect(shown.contacts.map(\.kind) == ["opening"] && shown.notes.map(\.text) == ["Talked."])
        #expect(try casework.takeBackAttempt(number, by: desk.author).attempts.isEmpty)
        #expect(try casework.today().map(\.kind) == [.followUp])
    }

    @Test("whenever a call back was agreed, closing reminds of the slip; once, and not for who rings back")
    func slip() throws {
        let number = try desk.newCase()
        try casework.addFollowUp(number, .ringBack, on: day("2017-03-20"), by: desk.author)
        #expect(try !casework.close(number, .finished, by: desk.author).remindsToShredSlip)
        try casework.reopen(number, by: desk.author)
        try casework.addFollowUp(number, by: desk.author)
        try casework.cancelFollowUp(number, by: desk.author)
        #expect(try casework.close(number, .finished, by: desk.author).remindsToShredSlip)
        try casework.reopen(number, by: desk.author)
        #expect(try !casework.close(number, .finished, by: desk.author).remindsToShredSlip)
    }

    @Test("each channel has its hours; the line is open while one is, and a contact is outside by its own")
    func channels() throws {
        try casework.addHours([.wednesday], ["09:00-12:00"])
        try casework.addHours([.wednesday], ["18:00-22:00"], channel: .chat)
        try casework.addHours([.wednesday], ["13:00-16:00"], channel: .phone)
        expectRefusal(.badValue) { try casework.addHours([.wednesday], ["13:00-16:00"], channel: .outbound) }
        let expected: [(minute: Int, any: Bool, phone: Bool, chat: Bool)] = [
            (600, true, true, true), (800, true, true, false), (1_100, true, false, true), (1_000, false, false, false),
        ]
        for (minute, any, phone, chat) in expected {
            try desk.go(to: "2017-03-15", minute: minute)
            #expect(try casework.openingNow().isOpen == any)
            #expect(try casework.openingNow(.phone).isOpen == phone)
            #expect(try casework.openingNow(.chat).isOpen == chat)
        }
        try desk.go(to: "2017-03-15", minute: 1_100)
        let number = try casework.newCase(CaseFields(), channel: .phone, by: desk.author)
        #expect(try casework.show(number).contacts.map(\.isOutsideHours) == [true])
        try casework.editContact(number, nil, ContactFields(channel: .chat), by: desk.author)
        #expect(try casework.show(number).contacts.map(\.isOutsideHours) == [false])
        #expect(
            try casework.openingNow(.phone).nextOpening == LineTime.stockholm.moment(day("2017-03-22"), minute: 540))
    }

    @Test("an activity has a kind, and an organisation, a place or a text")
    func activities() throws {
        for kind in ActivityKind.allCases { try casework.addActivity(kind, place: "Örebro", by: desk.author) }
        #expect(try casework.activities().map(\.kind).sorted() == ActivityKind.allCases.map(\.rawValue).sorted())
        #expect(try casework.activities().allSatisfy { $0.place == "Örebro" })
        expectRefusal(.badValue) { try casework.addActivity(.lesson, by: desk.author) }
    }
}
