import Merge
import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("Casework of two desks")
struct TwoDesksTests {
    let folder = TemporaryFolder()
    let author: AuthorCode
    let one: Casework
    let two: Casework
    let line: OneWayLine

    init() throws {
        author = try AuthorCode("S3")
        line = try OneWayLine()
        one = try line.desk(path: folder.file("one.db"))
        two = try line.desk(path: folder.file("two.db"))
        try line.join(one, name: "Desk 1")
        try line.join(two, name: "Desk 2")
    }

    @Test("leased numbers come first, in no order, then those with the desk's own number (I6)")
    func numbers() throws {
        try line.lease(one, start: 40, count: 3, desk: 12)
        let numbers = try (0..<5).map { _ in try one.newCase(CaseFields(), by: author).number }
        #expect(numbers.map(\.digits.utf8.count) == [7, 7, 7, 9, 9])
        let permutation = NumberPermutation(key: try #require(try one.replica.referenceNumberKey()))
        #expect(numbers.prefix(3) == (40..<43).map { ReferenceNumber(scattered: permutation.scatter($0)) }[...])
        #expect(numbers[3] == ReferenceNumber(desk: 12, counter: 1))
        #expect(numbers[4] == ReferenceNumber(desk: 12, counter: 2))
    }

    @Test("a desk that the server has given no number counts under one of 5000 to 9999 (I6)")
    func noDeskNumber() throws {
        let first = try one.newCase(CaseFields(), by: author).number
        let expected = 5_000 + Int(try one.replica.status().replica.rawValue % 5_000)
        #expect(first == ReferenceNumber(desk: expected, counter: 1))
    }

    @Test("a number given at both of two copies is found, and neither case is picked (I6)")
    func duplicates() throws {
        // Two desks that were leased the same block, as copies of one desk would be.
        try line.lease(one, start: 9, count: 1, desk: 12)
        try line.lease(two, start: 9, count: 1, desk: 12)
        let number = try one.newCase(CaseFields(caller: .relative), by: author)
        #expect(try two.newCase(CaseFields(caller: .external), by: author) == number)
        try line.carry(from: one, to: two)
        let both = try two.duplicates()
        #expect(both.map(\.number) == [number.number, number.number])
        let shown = try two.today().filter { $0.kind == .duplicateNumber }
        #expect(shown.compactMap(\.reference) == both, "the list of today names both")
        #expect { try two.show(number) } throws: { error in
            let error = error as? CaseworkError
            return error?.code == .ambiguousNumber && error?.candidates == both
        }
        #expect(throws: CaseworkError.self) { try two.addNote(number, "Whose?", by: author) }
        let callers = try both.map { try two.show(CaseReference(parsing: $0.description)).caller }
        #expect(Set(callers) == ["relative", "external"])
    }

    @Test(
        "a log that two desks import before they have heard of each other is no conflict; every number finds its case")
    func oneLogTwice() throws {
        let log = "date,case,caller\n2017-02-01,A,relative\n2017-02-02,A,\n2017-02-03,B,external\n"
        for desk in [one, two] {
            var bytes = Array(log.utf8).makeIterator()
            #expect(try CaseImport(desk, by: author).run { bytes.next() }.added == 3)
        }
        let given = try [one, two].flatMap { desk in
            try desk.list().compactMap { details in details.reference.map { ($0, details.id) } }
        }
        #expect(Set(given.map(\.0)).count == 4)
        try line.carry(from: one, to: two)
        #expect(try two.conflicts().isEmpty && two.duplicates().isEmpty)
        #expect(try two.list().count == 2)
        for (number, id) in given { #expect(try two.show(number).id == id) }
        #expect(try Set(two.list().map(\.reference)) == Set(given.prefix(2).map(\.0)), "the first is the one shown")
    }

    @Test("two desks' concerns add up; their ages are a conflict until somebody decides (I7)")
    func conflict() throws {
        let number = try one.newCase(CaseFields(concerns: [.general]), by: author)
        try line.carry(from: one, to: two)
        try two.edit(number, CaseFields(concerns: [.general, .religious], age: .over25))
        try one.edit(number, CaseFields(concerns: [.general, .rightWing], age: .from18To21))
        try line.carry(from: one, to: two)
        let shown = try two.show(number)
        #expect(shown.concerns == [.general, .religious, .rightWing])
        let conflict = try #require(shown.conflicts.first)
        #expect(try two.conflicts().map(\.id) == [conflict.id])
        #expect(conflict.reference == number)
        #expect(conflict.field == "age")
        #expect([conflict.kept, conflict.other] == ["18-21", "over25"])
        #expect(conflict.otherBy == (try two.replica.status().desk))
        // People see the desk's name, which the roster has.
        #expect(conflict.otherByName == "Desk 2" && conflict.keptByName == "Desk 1")
        try two.settle(conflict.id, takeOther: true)
        #expect(try two.show(number).age == "over25")
        #expect(try two.conflicts().isEmpty)
        #expect { try two.settle(conflict.id, takeOther: false) } throws: {
            ($0 as? CaseworkError)?.code == .unknownConflict
        }
    }

    @Test("writing a disputed concern as it stands decides it (I7)")
    func disputedConcern() throws {
        let number = try one.newCase(CaseFields(concerns: [.religious]), by: author)
        try line.carry(from: one, to: two)
        try two.edit(number, CaseFields(concerns: []))
        try one.edit(number, CaseFields(concerns: []))
        try one.edit(number, CaseFields(concerns: [.religious]))
        try line.carry(from: one, to: two)
        #expect(try two.conflicts().map(\.field) == ["concern_religious"])
        let standing = try two.show(number).concerns
        try two.edit(number, CaseFields(concerns: Set(standing)))
        #expect(try two.conflicts().isEmpty)
        #expect(try two.show(number).concerns == standing)
    }

    @Test("a conflict of a contact is shown with its case")
    func contactConflict() throws {
        let number = try one.newCase(CaseFields(), by: author)
        try line.carry(from: one, to: two)
        try two.edit(number, CaseFields(), channel: .outbound)
        try one.edit(number, CaseFields(), channel: .chat)
        try line.carry(from: one, to: two)
        #expect(try two.show(number).conflicts.map(\.field) == ["channel"])
        #expect(try two.conflicts().map(\.reference) == [number])
    }

    @Test("a log that both desks import is one set of cases, contacts and notes")
    func importedTwice() throws {
        let log = "date,caller,note\n2017-02-01,relative,Talked.\n2017-02-01,relative,Talked.\n"
        for desk in [one, two] {
            var bytes = Array(log.utf8).makeIterator()
            #expect(try CaseImport(desk, by: author).run(next: { bytes.next() }).added == 2)
        }
        try line.carry(from: one, to: two)
        #expect(try two.list().count == 2)
        for details in try two.list() {
            let shown = try two.show(try #require(details.reference))
            #expect(shown.contacts.count == 1)
            #expect(shown.notes.map(\.text) == ["Talked."])
            #expect(shown.conflicts.isEmpty)
        }
    }

    @Test("what two desks did about the same promise is a conflict of its case; attempts of both count (I7)")
    func supportOfBoth() throws {
        let number = try one.newCase(CaseFields(), by: author)
        try one.addPromise(number, "A list.", due: one.currentDay(), by: author)
        try one.addFollowUp(number, on: one.currentDay(), by: author)
        try line.carry(from: one, to: two)
        try two.dropPromise(number, by: author)
        try two.addUnansweredAttempt(number, by: author)
        try one.keepPromise(number, by: author)
        #expect(try one.addUnansweredAttempt(number, by: author).attempts.count == 1)
        try line.carry(from: one, to: two)
        let shown = try two.show(number)
        #expect(Set(shown.conflicts.map(\.field)) == ["status", "kept_on"])
        #expect(shown.conflicts.allSatisfy { $0.reference == number && $0.collection == "measures" })
        #expect(shown.followUps.first?.attempts.count == 2)
        guard case .call(let attempt, let count, _, _) = shown.followUps.first?.next else {
            Issue.record("there is another attempt to make")
            return
        }
        #expect(attempt == 3 && count == 3)
    }

    @Test("an entry's verifications from both desks are one history; its conflicts belong to no case")
    func directory() throws {
        let item = ItemReference(try one.addToDirectory(DirectoryFields(name: "Jouren"), by: author))
        try line.carry(from: one, to: two)
        try two.verify(item, .noAnswer, by: author)
        line.advance(days: 1)
        try one.verify(item, by: author)
        var fields = DirectoryFields()
        fields.phone = "08-465 004 12"
        try two.editDirectory(item, fields, by: author)
        fields.phone = "08-465 004 13"
        try one.editDirectory(item, fields, by: author)
        try line.carry(from: one, to: two)
        let entry = try two.directoryEntry(item)
        #expect(entry.verifications.map(\.result) == ["confirmed", "noAnswer"])
        let conflicts = try two.conflicts()
        #expect(conflicts.map(\.field) == ["phone"])
        #expect(conflicts.first?.collection == "directory" && conflicts.first?.reference == nil)
    }
}
