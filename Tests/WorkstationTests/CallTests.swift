import Casework
import JSON
import Merge
import Replica
import SQLite
import TestSupport
import Testing

@testable import Workstation

@Suite struct CallTests {
    let folder: TemporaryFolder
    let author: AuthorCode
    let clock = Lockable(1_500_000_000_000)

    init() throws {
        folder = TemporaryFolder()
        author = try AuthorCode("S3")
    }

    private func desk() throws -> Workstation {
        let clock = clock
        let now: @Sendable () -> Int64 = { clock.value }
        let replica = try Replica(
            path: folder.path + "/replica.db", schema: CaseworkSchema.schema,
            environment: .init(wallMilliseconds: now))
        return try Workstation(Casework(replica, wallMilliseconds: now), folder: folder.path, wallMilliseconds: now)
    }

    private func keep(_ changes: JSONValue, _ draft: CallDraft, _ desk: Workstation) throws -> CallDraft {
        try desk.keep(changes, in: draft.id, revision: draft.revision, by: author, holder: "tab")
    }

    @Test("what was typed is there after the program has died, and with it the number")
    func survives() throws {
        var draft = try desk().startCall(by: author, holder: "tab")
        draft = try keep(["text": "Ringer om sin son.", "isNumberGiven": true], draft, desk())
        let after = try #require(try desk().openCalls(of: author).first)
        #expect(after.form.text == "Ringer om sin son.")
        #expect(after.form.isNumberGiven)
        #expect(after.number == draft.number)
    }

    @Test("a call is saved whole, once, under the number that was told")
    func saves() throws {
        let desk = try desk()
        var draft = try desk.startCall(by: author, holder: "tab")
        draft = try keep(
            [
                "text": "Ringer om sin son.", "isNumberGiven": true, "caller": "relative", "concerns": ["religious"],
                "age": "under18", "child": "no", "request": "advice", "nextStep": "Talar med skolan.",
                "promise": "fråga kommunen", "promiseDay": "+3", "research": "call",
            ], draft, desk)
        clock.value += 12 * 60_000
        let saved = try desk.save(draft.id, .ends(withoutNumber: false, closing: nil), by: author, holder: "tab")
        let reference = try #require(saved.reference)
        #expect(reference.number == draft.number)
        #expect(saved.minutes == 12)
        #expect(try desk.openCalls(of: author).isEmpty)
        let shown = try desk.casework.show(reference)
        #expect(shown.caller == "relative" && shown.concernsChild && shown.researchOffer == "weCall")
        #expect(shown.notes.map(\.kind).sorted() == ["nextStep", "promise", "summary"])
        #expect(shown.contacts.map(\.minutes) == [12])
        #expect(shown.promises.count == 1 && shown.followUps.count == 1)
    }

    @Test("saved again after a crash between the saving and the erasing of the draft, nothing is there twice")
    func savesOnce() throws {
        let desk = try desk()
        let draft = try keep(
            ["text": "Ringer om sin son.", "isNumberGiven": true, "research": "call"],
            try desk.startCall(by: author, holder: "tab"), desk)
        _ = try desk.save(draft.id, .ends(withoutNumber: false, closing: nil), by: author, holder: "tab")
        // As if the program had died before the draft was erased.
        try desk.drafts.insert(draft)
        let again = try desk.save(draft.id, .ends(withoutNumber: false, closing: nil), by: author, holder: "tab")
        let shown = try desk.casework.show(try #require(again.reference))
        #expect(shown.contacts.count == 1 && shown.notes.count == 1 && shown.followUps.count == 1)
        #expect(try desk.casework.list().count == 1)
        // And the next opening sweeps such a draft.
        try desk.drafts.insert(draft)
        #expect(try self.desk().openCalls(of: author).isEmpty)
    }

    @Test("a call that goes on after it was saved adds to the same case")
    func goesOn() throws {
        let desk = try desk()
        var draft = try keep(
            ["text": "Först.", "isNumberGiven": true], try desk.startCall(by: author, holder: "tab"), desk)
        draft = try #require(try desk.save(draft.id, .goesOn, by: author, holder: "tab").draft)
        #expect(draft.form.text.isEmpty)
        draft = try keep(["text": "Sedan."], draft, desk)
        let saved = try desk.save(draft.id, .ends(withoutNumber: false, closing: nil), by: author, holder: "tab")
        let shown = try desk.casework.show(try #require(saved.reference))
        #expect(shown.contacts.count == 1)
        #expect(Set(shown.notes.map(\.text)) == ["Först.", "Sedan."])
    }

    @Test("a refused text saves nothing of the call")
    func refusesWhole() throws {
        let desk = try desk()
        let draft = try keep(
            ["text": "Bra.", "nextStep": "Ring 070-174 06 35.", "isNumberGiven": true, "caller": "relative"],
            try desk.startCall(by: author, holder: "tab"), desk)
        #expect(throws: CaseworkError.self) {
            try desk.save(draft.id, .ends(withoutNumber: false, closing: nil), by: author, holder: "tab")
        }
        #expect(try desk.casework.list().isEmpty)
        #expect(try desk.openCalls(of: author).count == 1)
    }

    @Test("a call does not end before the caller has the number, unless the caller has hung up")
    func needsNumber() throws {
        let desk = try desk()
        let draft = try keep(["text": "Bröts."], try desk.startCall(by: author, holder: "tab"), desk)
        #expect {
            try desk.save(draft.id, .ends(withoutNumber: false, closing: nil), by: author, holder: "tab")
        } throws: { ($0 as? WorkstationError)?.code == .numberNotGiven }
        #expect(
            try desk.save(draft.id, .ends(withoutNumber: true, closing: nil), by: author, holder: "tab").reference
                != nil)
    }

    @Test("two calls at once have two numbers, and the number of a call that needed no case is used again")
    func numbers() throws {
        let desk = try desk()
        let first = try desk.startCall(by: author, holder: "tab")
        let second = try desk.startCall(by: author, holder: "other")
        #expect(first.number != second.number)
        let draft = try keep(["subject": "without"], first, desk)
        #expect(
            try desk.save(draft.id, .ends(withoutNumber: false, closing: nil), by: author, holder: "tab").reference
                == nil)
        #expect(try desk.startCall(by: author, holder: "tab").number == first.number)
        #expect(try desk.casework.contactsWithoutCase().count == 1)
    }

    @Test("another tab does not write in a draft before it has taken it over; then the first one does not")
    func tabs() throws {
        let desk = try desk()
        let draft = try desk.startCall(by: author, holder: "first")
        func keep(_ holder: String, _ revision: Int64) throws -> CallDraft {
            try desk.keep(["text": .string(holder)], in: draft.id, revision: revision, by: author, holder: holder)
        }
        #expect { try keep("second", draft.revision) } throws: { ($0 as? WorkstationError)?.code == .otherTab }
        let taken = try desk.takeOver(draft.id, by: author, holder: "second")
        #expect(try keep("second", taken.revision).form.text == "second")
        #expect { try keep("first", taken.revision + 1) } throws: { ($0 as? WorkstationError)?.code == .otherTab }
        #expect { try keep("second", 0) } throws: { ($0 as? WorkstationError)?.code == .outdated }
    }

    @Test(
        "a draft is its counsellor's alone, can be taken back for ten minutes, and then leaves the file byte for byte")
    func discarding() throws {
        let marker = "Hemligheten-\(clock.value)"
        let desk = try desk()
        let draft = try keep(["text": .string(marker)], try desk.startCall(by: author, holder: "tab"), desk)
        #expect(try desk.openCalls(of: AuthorCode("S4")).isEmpty)
        try desk.discard(draft.id, by: author)
        #expect(try desk.openCalls(of: author).isEmpty)
        try desk.restore(draft.id, by: author)
        #expect(try desk.openCalls(of: author).count == 1)
        #expect(try folder.holds(marker))
        try desk.discard(draft.id, by: author)
        clock.value += 11 * 60_000
        try desk.sweep()
        #expect(try !folder.holds(marker))
    }

    @Test("a draft about a case that was shredded goes with its text")
    func shredded() throws {
        let desk = try desk()
        let reference = try desk.casework.newCase(CaseFields(caller: .relative), by: author, note: "Ett samtal.")
        let marker = "Utkastet-\(clock.value)"
        _ = try keep(
            ["text": .string(marker)],
            try desk.startCall(by: author, holder: "tab", quoted: reference.description), desk)
        clock.value += 1_000
        try desk.casework.shred(reference, by: author)
        try desk.sweep()
        #expect(try desk.openCalls(of: author).isEmpty)
        #expect(try !folder.holds(marker))
    }

    @Test(
        "edits of a text are taken as they are sent",
        arguments: [
            ("abc", 1, 1, "X", "aXc"), ("abc", 3, 0, "d", "abcd"), ("a👩‍👧b", 1, 5, "", "ab"), ("", 0, 0, "å", "å"),
        ])
    func edits(_ before: String, _ at: Int, _ remove: Int, _ insert: String, _ after: String) {
        var form = CallForm()
        form.text = before
        let change: JSONValue = ["text": ["at": JSONValue(at), "remove": JSONValue(remove), "insert": .string(insert)]]
        let isTaken = form.take(change)
        #expect(isTaken)
        #expect(form.text == after)
    }

    @Test(
        "what does not fit changes nothing",
        arguments: [
            ["text": ["at": 5, "remove": 0, "insert": ""]], ["text": ["at": 0, "remove": 9, "insert": ""]],
            ["text": ["at": -1, "remove": 0, "insert": ""]], ["subject": "what"], ["isNumberGiven": "yes"],
            ["concerns": [1]], ["marks": ["text": [1]]], ["caller": .string(String(repeating: "x", count: 300))],
            ["text": .string(String(repeating: "x", count: 300_000))],
        ] as [JSONValue])
    func misfits(_ change: JSONValue) {
        var form = CallForm()
        form.text = "abc"
        let before = form
        let isTaken = form.take(change)
        #expect(!isTaken)
        #expect(form == before)
    }
}
