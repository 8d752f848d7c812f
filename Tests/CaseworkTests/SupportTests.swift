import Replica
import Testing

@testable import Casework

@Suite("Promises, referrals, closing")
struct SupportTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    @Test("a promise is open until it is kept or dropped, and can be put off")
    func promises() throws {
        let number = try desk.newCase()
        try casework.addPromise(number, "Find a school nurse.", due: day("2017-03-20"), by: desk.author)
        #expect(try casework.openPromises().map(\.text) == ["Find a school nurse."])
        try casework.movePromise(number, to: day("2017-03-22"), by: desk.author)
        #expect(try casework.show(number).promises.map(\.due) == [try day("2017-03-22")])
        try casework.keepPromise(number, by: desk.author)
        let kept = try #require(try casework.show(number).promises.first)
        #expect(kept.status == "kept")
        #expect(kept.keptOn == (try day("2017-03-15")))
        #expect(kept.keptBy == "S3")
        #expect(try casework.openPromises().isEmpty)
        expectRefusal(.unknownItem) { try casework.keepPromise(number, by: desk.author) }
        expectRefusal(.badValue) {
            try casework.addPromise(number, "Too late.", due: day("2017-03-14"), by: desk.author)
        }
        #expect(try casework.show(number).notes.count == 1)
    }

    @Test("of two open promises one is named by its id; without it neither is touched")
    func twoPromises() throws {
        let number = try desk.newCase()
        let first = try casework.addPromise(number, "One.", due: day("2017-03-20"), by: desk.author)
        let second = try casework.addPromise(number, "Two.", due: day("2017-03-21"), by: desk.author)
        let error = expectRefusal(.ambiguousItem) { try casework.dropPromise(number, by: desk.author) }
        #expect(error?.message.contains(ItemReference(second).description) ?? false)
        try casework.dropPromise(number, ItemReference(first), by: desk.author)
        #expect(try casework.openPromises().map(\.id) == [second])
        let shown = try casework.show(number).promises
        #expect(shown.map(\.status) == ["dropped", "open"])
        #expect(shown[0].keptOn == nil)
    }

    @Test("nobody is referred to an entry that nobody has been reached at, and the refusal names the ways out")
    func gateNever() throws {
        let number = try desk.newCase()
        let entry = try desk.entry("Ungdomsjouren", verified: false)
        let error = expectRefusal(.notVerified) {
            try casework.addReferral(number, to: entry, .tips, by: desk.author)
        }
        #expect(error?.message.contains("lugn directory verify \(entry)") ?? false)
        #expect(error?.message.contains("--nobody") ?? false)
        try casework.verify(entry, by: desk.author)
        try casework.addReferral(number, to: entry, .tips, text: "Open in the evenings.", by: desk.author)
        let referral = try #require(try casework.show(number).referrals.first)
        #expect(referral.organisation == "Ungdomsjouren" && referral.way == "tips" && referral.outcome == nil)
        #expect(referral.verifiedOn == (try day("2017-03-15")))
    }

    @Test("a verification holds for six months to the day, or for as long as the settings say")
    func gateAge() throws {
        let number = try desk.newCase()
        let entry = try desk.entry("Kommunen")
        try desk.go(to: "2017-09-15")
        try casework.addReferral(number, to: entry, .firstContact, by: desk.author)
        try desk.go(to: "2017-09-16")
        expectRefusal(.notVerified) { try casework.addReferral(number, to: entry, .tips, by: desk.author) }
        var changes = SettingsChanges()
        changes.verificationMonths = 7
        try casework.change(changes)
        try casework.addReferral(number, to: entry, .tips, by: desk.author)
    }

    @Test("the last call counts: no answer after a confirmation closes the gate, also for an entry out of use")
    func gateLast() throws {
        let number = try desk.newCase()
        let entry = try desk.entry("Församlingen")
        try casework.verify(entry, .noAnswer, by: desk.author)
        expectRefusal(.notVerified) { try casework.addReferral(number, to: entry, .tips, by: desk.author) }
        try casework.verify(entry, by: desk.author)
        try casework.addReferral(number, to: entry, .tips, by: desk.author)
        try casework.setRetired(entry, true)
        expectRefusal(.notVerified) { try casework.addReferral(number, to: entry, .tips, by: desk.author) }
        #expect(
            try casework.directoryEntry(entry).verifications.map(\.result) == ["confirmed", "noAnswer", "confirmed"])
    }

    @Test("nobody to refer to is an outcome; what a referral led to is recorded later")
    func outcomes() throws {
        let number = try desk.newCase()
        try casework.addReferralToNobody(number, text: "Over 21, no place left.", by: desk.author)
        #expect(try casework.show(number).referrals.map(\.outcome) == ["nobodyToReferTo"])
        #expect(try casework.openReferrals().isEmpty)
        try casework.addReferral(number, to: desk.entry("Skolan"), .research, by: desk.author)
        #expect(try casework.openReferrals().map(\.reference) == [number])
        try casework.setOutcome(number, nil, .contactMade, by: desk.author)
        expectRefusal(.unknownItem) { try casework.setOutcome(number, nil, .supportReceived, by: desk.author) }
        let referral = try #require(try casework.show(number).referrals.last)
        try casework.setOutcome(
            number, ItemReference(referral.id), .supportReceived, text: "They meet weekly.", by: desk.author)
        let shown = try casework.show(number)
        #expect(shown.referrals.last?.outcome == "supportReceived")
        #expect(shown.notes.map(\.kind) == ["referral", "referral"])
        #expect(shown.notes.last?.about == referral.id)
    }

    @Test("closing tells what is open: promises stay, follow-ups end; a closed case takes no new ones")
    func closing() throws {
        let number = try desk.newCase()
        try casework.addPromise(number, "Send the list.", due: day("2017-03-20"), by: desk.author)
        try casework.addFollowUp(number, by: desk.author)
        let result = try casework.close(number, .finished, by: desk.author)
        #expect(result.openPromises.map(\.text) == ["Send the list."])
        #expect(result.endedFollowUps.count == 1)
        let shown = try casework.show(number)
        #expect(shown.promises.map(\.status) == ["open"])
        #expect(shown.followUps.map(\.status) == ["cancelled"])
        expectRefusal(.caseClosed) { try casework.addFollowUp(number, by: desk.author) }
        expectRefusal(.caseClosed) {
            try casework.addPromise(number, "More.", due: day("2017-03-20"), by: desk.author)
        }
        try casework.keepPromise(number, by: desk.author)
        expectRefusal(.alreadyDone) { try casework.close(number, .finished, by: desk.author) }
    }

    @Test("of a report of concern only that and when is recorded")
    func concernReport() throws {
        let number = try desk.newCase(CaseFields(age: .under18))
        try casework.addMeasure(number, .concernReport, on: day("2017-03-14"), by: desk.author)
        expectRefusal(.badValue) {
            try casework.addMeasure(number, .concernReport, on: day("2017-03-16"), by: desk.author)
        }
        let reports = try casework.show(number).concernReports
        #expect(reports.map(\.on) == [try day("2017-03-14")])
        let fields = CaseworkSchema.Measures.collection.fields.map(\.name)
        #expect(fields == ["kind", "day", "status", "at", "by_code", "kept_on", "kept_by"])
        expectRefusal(.unknownItem) { try casework.takeBackMeasure(number, ItemReference(parsing: "00000000")) }
        try casework.takeBackMeasure(number, ItemReference(reports[0].id))
        #expect(try casework.show(number).concernReports.isEmpty)
    }
}
