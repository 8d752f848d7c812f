import Casework
import Merge
import Replica
import Support
import TestSupport
import Testing

@testable import Workstation

@Suite struct FindTests {
    let folder: TemporaryFolder
    let desk: Workstation
    let author: AuthorCode

    init() throws {
        folder = TemporaryFolder()
        desk = try Workstation(folder: folder.path)
        author = try AuthorCode("S3")
    }

    private func newCase(_ note: String) throws -> CaseReference {
        let reference = try desk.casework.newCase(CaseFields(caller: .relative), by: author, note: note)
        try desk.index.catchUp(with: desk.replica)
        return reference
    }

    @Test(
        "words are found with and without dots, composed or not, by their beginnings",
        arguments: ["Örebro", "orebro", "OREBRO", "O\u{308}rebro", "öreb", "skolan örebro", "Malmo", "mal"])
    func folding(_ query: String) throws {
        let reference = try newCase("Hen flyttade till O\u{308}rebro och talar med skolan. Kom från Malmö.")
        #expect(try desk.find(query).cases.map(\.reference) == [reference])
    }

    @Test(
        "what is searched for may look like the index's own language",
        arguments: ["\"", "a AND", "NEAR(", "* -", "text:x"])
    func quoting(_ query: String) throws {
        _ = try newCase("Ett samtal.")
        _ = try desk.find(query)
    }

    @Test("a number goes to its case, a mistyped one says so, whatever stands between its digits")
    func numbers() throws {
        let reference = try newCase("Ett samtal.")
        for text in [reference.description, reference.number.digits, " " + reference.number.digits + " "] {
            guard case .found(let found) = try desk.find(text).number else {
                Issue.record("\(text) was not found")
                continue
            }
            #expect(found.number == reference.number)
        }
        var digits = Array(reference.number.digits)
        digits[0] = digits[0] == "9" ? "8" : "9"
        guard case .mistyped = try desk.find(String(digits)).number else {
            Issue.record("a wrong digit passed")
            return
        }
        #expect(try desk.find("48").number == nil)
    }

    @Test("text that was erased leaves the index, and its file byte for byte")
    func erased() throws {
        let marker = "zebrafinkens"
        let reference = try newCase("Ett samtal om \(marker) sång, och mer.")
        _ = try newCase("Ett annat samtal.")
        #expect(try desk.find(marker).cases.count == 1)
        #expect(try folder.holds(marker, in: "search.db"))
        try desk.casework.shred(reference, by: author)
        try desk.index.catchUp(with: desk.replica)
        #expect(try desk.find(marker).cases.isEmpty)
        // The replica's own files keep it in the outbox until it is sent: that is theirs to test.
        #expect(try !folder.holds(marker, in: "search.db"))
        #expect(try desk.find("annat").cases.count == 1)
    }

    @Test("told which records have changed, the index is as if it had looked at all, also where a case has gone")
    func updated() throws {
        let first = try desk.casework.newCase(CaseFields(), by: author, note: "Om kajakpaddling.")
        let second = try desk.casework.newCase(CaseFields(), by: author, note: "Om bergsklättring.")
        let notes = try [first, second].flatMap { try desk.casework.show($0).notes.map(\.id) }
        try desk.index.update(notes, from: desk.replica)
        #expect(try desk.find("kajak").cases.map(\.reference) == [first])
        let id = try desk.casework.show(first).id
        try desk.casework.erase(first)
        try desk.index.update([id], from: desk.replica)
        #expect(try desk.find("kajak").cases.isEmpty)
        #expect(try !folder.holds("kajak", in: "search.db"))
        #expect(try desk.find("berg").cases.map(\.reference) == [second])
        try desk.index.update(notes, from: desk.replica)
        #expect(try !desk.index.catchUp(with: desk.replica))
    }

    @Test("a missing index is made anew")
    func madeAnew() throws {
        let reference = try newCase("Ett samtal om kajakpaddling.")
        try removeFile(folder.path + "/search.db")
        #expect(try Workstation(folder: folder.path).find("kajak").cases.map(\.reference) == [reference])
    }

    @Test(
        "days are read as they are typed",
        arguments: [
            ("i morgon", "2026-11-28"), ("fre", "2026-12-04"), ("fredag", "2026-12-04"), ("tisdag", "2026-12-01"),
            ("1 dec", "2026-12-01"), ("tisdag 1 dec.", "2026-12-01"), ("1/12", "2026-12-01"),
            ("om en vecka", "2026-12-04"),
            ("om 2 veckor", "2026-12-11"), ("+3", "2026-11-30"), ("2027-01-02", "2027-01-02"), ("3 jan", "2027-01-03"),
            ("in a week", "2026-12-04"), ("Mon", "2026-11-30"), ("31 feb", nil), ("nån gång", nil), ("", nil),
        ] as [(String, String?)])
    func days(_ text: String, _ day: String?) throws {
        let today = try #require(CalendarDate("2026-11-27"))
        #expect(SpokenDay.parse(text, today: today)?.description == day)
    }

    @Test("a wrong PIN is counted, five bring a minute's wait, and the right one opens")
    func pins() throws {
        let clock = Lockable(1_000_000)
        let desk = try Workstation(
            Casework(path: folder.path + "/replica.db"), folder: folder.path, wallMilliseconds: { clock.value })
        try desk.setFirstPIN("135790", of: author)
        #expect(throws: WorkstationError.self) { try desk.setFirstPIN("246800", of: author) }
        #expect(throws: WorkstationError.self) { try desk.setFirstPIN("12345", of: AuthorCode("S4")) }
        for left in [4, 3, 2, 1, 0] {
            #expect { try desk.checkPIN("000000", of: author) } throws: { ($0 as? WorkstationError)?.triesLeft == left }
        }
        #expect { try desk.checkPIN("135790", of: author) } throws: { ($0 as? WorkstationError)?.code == .waitForPIN }
        clock.value += 61_000
        try desk.checkPIN("135790", of: author)
        #expect(try !folder.holds("135790"))
    }
}
