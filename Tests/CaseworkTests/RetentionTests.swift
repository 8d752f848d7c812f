import Merge
import Replica
import TestSupport
import Testing
import Trust

@testable import Casework

@Suite("Retention")
struct RetentionTests {
    @Test("shredding erases all text of a case and keeps its classification")
    func shred() throws {
        let desk = try TestDesk()
        let casework = desk.casework
        let number = try casework.newCase(
            CaseFields(caller: .relative, concerns: [.general], age: .over25),
            contact: ContactFields(minutes: 20, summary: "A summary.", nextStep: "A step."), note: "A note.",
            by: desk.author)
        try casework.addPromise(number, "A promise.", due: day("2017-03-20"), by: desk.author)
        try casework.addReferralToNobody(number, text: "A word.", by: desk.author)
        #expect(try casework.shred(number, by: desk.author) == 5)
        let shown = try casework.show(number)
        #expect(shown.notes.isEmpty && shown.shreddedAt != nil)
        #expect(shown.caller == "relative" && shown.age == "over25" && shown.concerns == [.general])
        #expect(shown.contacts.map(\.minutes) == [20])
        #expect(shown.promises.map(\.text) == [nil])
        #expect(shown.referrals.map(\.outcome) == ["nobodyToReferTo"])
        expectRefusal(.alreadyDone) { try casework.shred(number, by: desk.author) }
        expectRefusal(.shredded) { try casework.addNote(number, "More.", by: desk.author) }
        expectRefusal(.shredded) {
            try casework.addContact(number, ContactFields(summary: "More."), by: desk.author)
        }
        try casework.addContact(number, ContactFields(), by: desk.author)
    }

    @Test("one text is erased by its id, and only that; so is a contact without a case")
    func single() throws {
        let desk = try TestDesk()
        let casework = desk.casework
        let number = try desk.newCase()
        try casework.addNote(number, "Name of somebody.", by: desk.author)
        try casework.addNote(number, "Fine.", by: desk.author)
        let note = try #require(try casework.show(number).notes.first { $0.text.hasPrefix("Name") })
        let other = try desk.newCase()
        expectRefusal(.unknownItem) { try casework.eraseNote(other, ItemReference(note.id)) }
        try casework.eraseNote(number, ItemReference(note.id))
        #expect(try casework.show(number).notes.map(\.text) == ["Fine."])
        let contact = try casework.addContactWithoutCase(ContactFields(minutes: 3), by: desk.author)
        #expect(try casework.contactsWithoutCase(from: day("2017-03-15")).map(\.minutes) == [3])
        #expect(try casework.contactsWithoutCase(from: day("2017-03-16")).isEmpty)
        let opening = try #require(try casework.show(number).contacts.first)
        expectRefusal(.unknownItem) { try casework.eraseContactWithoutCase(ItemReference(opening.id)) }
        try casework.eraseContactWithoutCase(ItemReference(contact))
        #expect(try casework.contactsWithoutCase().isEmpty)
    }

    @Test("no collection but the notes of a case, activities, directory and settings has a field for free text")
    func freeText() {
        // Choices, codes, numbers, tags and marks; what is new here must be looked at.
        let known: Set = [
            "number", "status", "caller", "age", "language", "opened_by", "closed_by", "closing_reason", "reopened_by",
            "shredded_by", "kind", "channel", "by_code", "interpreting", "request", "exemptions", "kept_by", "way",
            "outcome", "outcome_by", "ended_by", "result", "heard_of", "research_offer", "county", "figures",
        ]
        let ofLine: Set = ["directory", "reminders", "activities", "settings", "opening_hours"]
        for collection in CaseworkSchema.schema.collections where !ofLine.contains(collection.name) {
            let texts = collection.fields.filter { $0.type == .text && !known.contains($0.name) }.map(\.name)
            #expect(texts == (collection.name == "notes" ? ["text"] : []), "\(collection.name)")
        }
    }

    @Test("a shredded case that is opened again takes new text, and only what is older is swept")
    func reopened() throws {
        let desk = try TestDesk()
        let casework = desk.casework
        let number = try desk.newCase()
        try casework.addNote(number, "Old.", by: desk.author)
        try casework.close(number, .finished, by: desk.author)
        try casework.shred(number, by: desk.author)
        try desk.go(to: "2017-05-02")
        try casework.reopen(number, by: desk.author)
        try casework.addNote(number, "New.", by: desk.author)
        #expect(try casework.sweepShredded() == 0)
        #expect(try casework.show(number).notes.map(\.text) == ["New."])
        try casework.shred(number, by: desk.author)
        #expect(try casework.show(number).notes.isEmpty)
        // An open case can be shredded as well, and opened for text again.
        try casework.reopen(number, by: desk.author)
        try casework.addNote(number, "Newer.", by: desk.author)
    }

    @Test("a note from a desk that did not know of the shredding is erased by any desk, at all of them")
    func lateNote() throws {
        let folder = TemporaryFolder()
        let line = try OneWayLine()
        let author = try AuthorCode("S3")
        let one = try line.desk(path: folder.file("one.db"))
        let two = try line.desk(path: folder.file("two.db"))
        try line.join(one, name: "Desk 1")
        try line.join(two, name: "Desk 2")
        let number = try one.newCase(CaseFields(), by: author)
        try line.carry(from: one, to: two)
        try two.shred(number, by: author)
        try one.addNote(number, "Written offline.", by: author)
        try line.carry(from: one, to: two)
        #expect(try two.show(number).notes.map(\.text) == ["Written offline."])
        #expect(try two.sweepShredded() == 1)
        #expect(try two.show(number).notes.isEmpty)
        #expect(try two.sweepShredded() == 0)
    }

    @Test("a case that was opened again before it was shredded elsewhere is shredded, for that was later")
    func reopenedBefore() throws {
        let folder = TemporaryFolder()
        let line = try OneWayLine()
        let author = try AuthorCode("S3")
        let one = try line.desk(path: folder.file("one.db"))
        let two = try line.desk(path: folder.file("two.db"))
        try line.join(one, name: "Desk 1")
        try line.join(two, name: "Desk 2")
        let number = try one.newCase(CaseFields(), by: author)
        try one.close(number, .finished, by: author)
        try line.carry(from: one, to: two)
        try one.addContact(number, ContactFields(summary: "Is back."), reopening: true, by: author)
        try two.shred(number, by: author)
        try line.carry(from: one, to: two)
        #expect(try two.sweepShredded() == 1)
        let shown = try two.show(number)
        #expect(shown.notes.isEmpty && shown.status == "open" && shown.shreddedAt != nil)
    }

    @Test(
        "by rule: closed for more than so many months; the preview changes nothing, and both rules count from closing")
    func rule() throws {
        let desk = try TestDesk("2017-03-15")
        let casework = desk.casework
        let old = try desk.newCase()
        try casework.addNote(old, "Old.", by: desk.author)
        try casework.close(old, .finished, by: desk.author)
        let open = try desk.newCase()
        try casework.addNote(open, "Open.", by: desk.author)
        try desk.go(to: "2017-03-16")
        let newer = try desk.newCase()
        try casework.close(newer, .finished, by: desk.author)
        try desk.go(to: "2019-03-15")
        #expect(try casework.retentionPreview().isEmpty)
        try desk.go(to: "2019-03-16")
        let preview = try casework.retentionPreview()
        #expect(preview.map(\.reference) == [old])
        #expect(preview.map(\.action) == [.shred])
        #expect(preview.map(\.closedOn) == [try day("2017-03-15")])
        #expect(preview.map(\.noteCount) == [1])
        #expect(try casework.show(old).notes.count == 1)
        #expect(try desk.applyRetention() == (1, 0))
        #expect(try casework.show(old).notes.isEmpty)
        #expect(try casework.show(open).notes.count == 1)
        #expect(try casework.retentionPreview().isEmpty)
    }

    @Test("a lead settles the rules in the roster: they hold at every desk, and what cannot be read destroys nothing")
    func rulesOfTheRoster() throws {
        let folder = TemporaryFolder()
        let line = try OneWayLine()
        let author = try AuthorCode("S3")
        let desk = try line.desk(path: folder.file("one.db"))
        #expect(try desk.retentionRules() == .standard)
        try line.join(desk, name: "Desk 1")
        #expect(try desk.retentionRules() == .standard)
        let number = try desk.newCase(CaseFields(), by: author, note: "Old.")
        try desk.close(number, .finished, by: author)
        line.advance(days: 400)
        try TestDesk.hearServer(desk)
        #expect(try desk.retentionPreview().isEmpty)
        // To see what other rules would mean settles nothing.
        #expect(try desk.retentionPreview(RetentionRules(shreddingMonths: 12)).map(\.action) == [.shred])
        #expect(try desk.applyRetention(by: author) == (0, 0))
        for months in [0, -1, 1_201] {
            expectRefusal(.badValue) { _ = try RetentionRules(shreddingMonths: months).encoded() }
            expectRefusal(.badValue) { _ = try RetentionRules(shreddingMonths: 1, erasureMonths: months).encoded() }
        }
        // Sealed with a key that nobody has, written by a newer program, and no rules at all.
        for bytes in [
            [UInt8](repeating: 7, count: 100), line.keyring.seal(rules: [0x83, 2, 12, 0]),
            line.keyring.seal(rules: [0x83, 1, 0, 0]), [],
        ] {
            try line.settle(unreadable: bytes, at: desk)
            expectRefusal(.rulesUnread) { _ = try desk.retentionRules() }
            expectRefusal(.rulesUnread) { _ = try desk.applyRetention(by: author) }
        }
        try line.settle(RetentionRules(shreddingMonths: 12, erasureMonths: 36), at: desk)
        #expect(try desk.retentionRules() == RetentionRules(shreddingMonths: 12, erasureMonths: 36))
        #expect(try desk.applyRetention(by: author) == (1, 0))
        line.advance(days: 800)
        try TestDesk.hearServer(desk)
        #expect(try desk.applyRetention(by: author) == (0, 1))
        expectRefusal(.unknownNumber) { _ = try desk.show(number) }
    }

    @Test("a case that was opened again elsewhere before a rule shredded it keeps what was written since (I7)")
    func ruleAndReopening() throws {
        let folder = TemporaryFolder()
        let line = try OneWayLine()
        let author = try AuthorCode("S3")
        let one = try line.desk(path: folder.file("one.db"))
        let two = try line.desk(path: folder.file("two.db"))
        try line.join(one, name: "Desk 1")
        try line.join(two, name: "Desk 2")
        let number = try one.newCase(CaseFields(), by: author, note: "Old.")
        try one.close(number, .finished, by: author)
        try line.carry(from: one, to: two)
        line.advance(days: 800)
        try one.addContact(number, ContactFields(summary: "Is back."), reopening: true, by: author)
        line.advance(days: 1)
        try TestDesk.hearServer(two)
        #expect(try two.applyRetention(by: author) == (1, 0))
        try line.carry(from: one, to: two)
        #expect(try two.sweepShredded() == 0)
        let shown = try two.show(number)
        #expect(shown.notes.map(\.text) == ["Is back."])
        #expect(shown.status == "open" && shown.conflicts.isEmpty)
        try two.addNote(number, "Goes on.", by: author)
    }

    @Test("a rule that says much is done in parts, all of it")
    func many() throws {
        let desk = try TestDesk("2017-03-15")
        let casework = desk.casework
        for _ in 0..<130 {
            let number = try casework.newCase(CaseFields(), by: desk.author, note: "A note.")
            try casework.close(number, .finished, by: desk.author)
        }
        try desk.go(to: "2020-03-15")
        var told: [Int] = []
        try desk.hearServer()
        #expect(try casework.applyRetention(by: desk.author) { told.append($0) } == (130, 0))
        #expect(told == [50, 100, 130])
        #expect(try casework.replica.read { try $0.records(CaseworkSchema.Notes.collection) }.isEmpty)
    }

    @Test("an erased case is gone with all that belongs to it, the attempts of its follow-ups too")
    func erase() throws {
        let desk = try TestDesk()
        let casework = desk.casework
        let number = try casework.newCase(CaseFields(), contact: ContactFields(summary: "Talked."), by: desk.author)
        try casework.addPromise(number, "A list.", due: day("2017-03-20"), by: desk.author)
        try casework.addReferralToNobody(number, by: desk.author)
        try casework.addFollowUp(number, by: desk.author)
        try casework.addMeasure(number, .concernReport, by: desk.author)
        try desk.go(to: "2017-03-22")
        try casework.addUnansweredAttempt(number, by: desk.author)
        try casework.erase(number)
        for collection in CaseworkSchema.schema.collections {
            let left = try casework.replica.read { try $0.records(collection) }
            #expect(left.isEmpty, "\(collection.name)")
        }
        expectRefusal(.unknownNumber) { try casework.erase(number) }
    }
}
