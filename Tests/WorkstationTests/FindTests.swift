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
        try desk.casework.newCase(CaseFields(caller: .relative), by: author, note: note)
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

    @Test("text that was erased is not found, and in no file, byte for byte")
    func erased() throws {
        let marker = "zebrafinkens"
        let reference = try newCase("Ett samtal om \(marker) sång, och mer.")
        _ = try newCase("Ett annat samtal.")
        #expect(try desk.find(marker).cases.count == 1)
        #expect(try folder.holds(marker))
        try desk.casework.shred(reference, by: author)
        #expect(try desk.find(marker).cases.isEmpty)
        #expect(try !folder.holds(marker))
        #expect(try desk.find("annat").cases.count == 1)
    }

    @Test("a case that was erased is not found by its words; the others are")
    func erasedCase() throws {
        let first = try newCase("Om kajakpaddling.")
        let second = try newCase("Om bergsklättring.")
        try desk.casework.erase(first)
        #expect(try desk.find("kajak").cases.isEmpty)
        #expect(try !folder.holds("kajak"))
        #expect(try desk.find("berg").cases.map(\.reference) == [second])
    }

    @Test("filters are asked of every text, and not of the latest ones alone")
    func filters() throws {
        let mine = try newCase("Ett samtal om musik.")
        try desk.casework.edit(mine, CaseFields(concerns: [.rightWing]))
        let other = try AuthorCode("S9")
        for _ in 0..<250 { _ = try desk.casework.newCase(CaseFields(age: .under18), by: other, note: "Om musik.") }
        #expect(try desk.find("musik").cases.count == 50)
        func found(_ change: (inout FindFilter) throws -> Void) throws -> [CaseReference] {
            var filter = FindFilter()
            try change(&filter)
            return try desk.find("musik", filter).cases.map(\.reference)
        }
        #expect(try found { $0.author = author } == [mine])
        #expect(try found { $0.concern = .rightWing } == [mine])
        try desk.casework.addFollowUp(mine, .call, on: nil, by: author)
        #expect(try found { $0.followUpDue = true } == [], "it is a week from now")
        try desk.casework.close(mine, .finished, by: author)
        #expect(try !found { $0.isOpen = true }.contains(mine))
        let month = try Month(desk.casework.currentDay())
        #expect(try found { $0.month = month }.count == 50)
        #expect(try found { $0.month = try Month(parsing: "1999-01") }.isEmpty)
        #expect(try found { $0.concernsChild = true }.count == 50)
    }

    @Test(
        "who is there for somebody is found by structured ages and areas",
        arguments: [
            ("21, Örebro", ["Alla", "Länet", "Staden"]), ("21 orebro", ["Alla", "Länet", "Staden"]),
            ("21, orebro län", ["Alla", "Länet", "Staden", "Grannen"]),
            ("12 Örebro", ["Alla"]), ("Karlskoga", ["Alla", "Länet", "Grannen"]), ("30", ["Alla", "Långt bort"]),
            ("21 musik örebro", ["Staden"]), ("Kiruna", ["Alla", "Långt bort"]),
        ] as [(String, Set<String>)])
    func directory(_ query: String, _ names: Set<String>) throws {
        for (name, area, ages, offers) in [
            ("Länet", "Örebro län", "13-25", ""), ("Staden", "Örebro", "13-25", "Musik"),
            ("Grannen", "Karlskoga", "13-25", ""), ("Långt bort", "Kiruna", "18+", ""),
            ("Alla", "hela landet", "alla", ""),
        ] {
            var fields = DirectoryFields(name: MarkedText(name))
            fields.area = try Area(typed: area)
            fields.ages = try AgeRange(typed: ages)
            fields.offers = MarkedText(offers)
            _ = try desk.casework.addToDirectory(fields, by: author)
        }
        #expect(Set(try desk.casework.directory(matching: query).map(\.name)) == names)
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
