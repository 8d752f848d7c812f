import Replica
import Testing

@testable import Casework

@Suite("The referral directory")
struct DirectoryTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    private func add(
        _ name: String, ages: String? = nil, area: String? = nil, plan: Bool? = nil, email: String? = nil
    ) throws -> ItemReference {
        var fields = DirectoryFields(name: MarkedText(name))
        fields.ages = try ages.map { try AgeRange(typed: $0) }
        fields.area = try area.map { try Area(typed: $0) }
        if let plan { fields.hasPlan = .some(plan) }
        fields.email = email
        return ItemReference(try casework.addToDirectory(fields, by: desk.author))
    }

    private func found(_ fill: (inout DirectoryFilter) throws -> Void) throws -> [String] {
        var filter = DirectoryFilter()
        try fill(&filter)
        return try casework.directory(filter).map(\.name)
    }

    @Test("somebody of 21 in Örebro is found those who are there for 13 to 25 in the county, and in the whole country")
    func ageAndArea() throws {
        _ = try add("A länet", ages: "13-25", area: "Örebro län")
        _ = try add("B kommunen", ages: "18+", area: "Örebro")
        _ = try add("C grannen", ages: "13-25", area: "Kumla")
        _ = try add("D unga", ages: "under 21", area: "Örebro")
        _ = try add("E landet", area: "hela landet")
        _ = try add("F Skåne", ages: "alla", area: "Malmö")
        #expect(
            try found { ($0.age, $0.area) = (21, try Area(typed: "Örebro")) } == ["A länet", "B kommunen", "E landet"])
        #expect(
            try found { ($0.age, $0.area) = (20, try Area(typed: "örebro kommun")) }
                == ["A länet", "B kommunen", "D unga", "E landet"])
        // Of somebody in the county, every municipality may be meant.
        #expect(
            try found { $0.area = try Area(typed: "Örebro län") }
                == ["A länet", "B kommunen", "C grannen", "D unga", "E landet"])
        #expect(try found { $0.words = ["skåne"] } == ["F Skåne"])
    }

    @Test(
        "ages are read as people write them",
        arguments: [
            ("13-25", 13, 25), ("13–25 år", 13, 25), ("från 13 till 25", 13, 25), ("18+", 18, nil), ("18-", 18, nil),
            ("från 18 år", 18, nil), ("över 18", 19, nil), (">18", 19, nil), ("under 18", nil, 17), ("<18", nil, 17),
            ("upp till 25", nil, 25), ("–25", nil, 25), ("21", 21, 21), ("alla", nil, nil), ("Alla åldrar", nil, nil),
        ] as [(String, Int?, Int?)])
    func ages(text: String, from: Int?, to: Int?) throws {
        let range = try AgeRange(typed: text)
        #expect(range.from == from && range.to == to)
    }

    @Test(
        "ages that are none are refused", arguments: ["", "25-13", "barn", "13,5", "121", "1-2-3", "under 0", "ca 20"])
    func noAges(text: String) {
        expectRefusal(.badValue) { _ = try AgeRange(typed: text) }
    }

    @Test("all 290 municipalities are there once, each in its county, and are found by their names")
    func municipalities() throws {
        let counts: [County: Int] = [
            .stockholm: 26, .uppsala: 8, .sodermanland: 9, .ostergotland: 13, .jonkoping: 13, .kronoberg: 8,
            .kalmar: 12, .gotland: 1, .blekinge: 5, .skane: 33, .halland: 6, .vastraGotaland: 49, .varmland: 16,
            .orebro: 12, .vastmanland: 10, .dalarna: 15, .gavleborg: 10, .vasternorrland: 7, .jamtland: 8,
            .vasterbotten: 15, .norrbotten: 14,
        ]
        var names: Set<String> = []
        for county in County.allCases {
            let own = try #require(Municipalities.byCounty[county])
            #expect(own.count == counts[county], "\(county)")
            for name in own {
                #expect(names.insert(name).inserted, "\(name)")
                for text in [name, name.uppercased(), name + " kommun"] {
                    #expect(try Area(typed: text) == Area(municipality: name, county: county))
                }
            }
            #expect(try Area(typed: county.name) == Area(county: county))
            #expect(County(named: county.rawValue) == county)
        }
        #expect(names.count == 290)
        #expect(try Area(typed: "Göteborgs stad").municipality == "Göteborg")
        #expect(try Area(typed: "Region Skåne") == Area(county: .skane))
        #expect(try Area(typed: "Hela landet") == .everywhere)
        for text in ["", "Atlantis", "Norra Hisingen"] { expectRefusal(.badValue) { _ = try Area(typed: text) } }
    }

    @Test("an organisation is meant by its id, the beginning of it, its name, or the beginning of that; never two")
    func names() throws {
        let first = try add("Ungdomsjouren Örebro")
        _ = try add("Ungdomsjouren")
        _ = try add("Samtalet")
        func name(_ text: String) throws -> String {
            try casework.directoryEntry(ItemReference(organisation: text)).name
        }
        #expect(try name("ungdomsjouren") == "Ungdomsjouren", "the whole name comes before a beginning")
        #expect(try name("ungdomsjouren ö") == "Ungdomsjouren Örebro")
        #expect(try name("samt") == "Samtalet")
        #expect(try name(first.description) == "Ungdomsjouren Örebro")
        expectRefusal(.ambiguousItem) { _ = try name("ungdoms") }
        expectRefusal(.unknownItem) { _ = try name("jouren") }
        let short = String(first.description.prefix(4))
        #expect(try casework.directoryEntry(ItemReference(parsing: short)).name == "Ungdomsjouren Örebro")
    }

    @Test("whether there is a plan is yes, no or not known")
    func plan() throws {
        let item = try add("Med", plan: true)
        _ = try add("Utan", plan: false)
        _ = try add("Okänt")
        #expect(try found { $0.hasPlan = true } == ["Med"])
        #expect(try found { $0.hasPlan = false } == ["Utan"])
        var fields = DirectoryFields()
        fields.hasPlan = .some(nil)
        try casework.editDirectory(item, fields, by: desk.author)
        #expect(try casework.directoryEntry(item).hasPlan == nil)
    }

    @Test("each contact is due an interval after the last mail, gets one about all their entries, and never two a day")
    func reminders() throws {
        let first = try add("Ett", email: "n.n@example.org")
        let second = try add("Två", email: "N.N@example.org, other@example.org")
        _ = try add("Utan adress")
        let retired = try add("Ur bruk", email: "x@example.org")
        try casework.setRetired(retired, true)
        #expect(try casework.dueReminders().isEmpty)
        try desk.go(to: "2017-06-14")
        #expect(try casework.dueReminders().isEmpty)
        try desk.go(to: "2017-06-15")
        let due = try casework.dueReminders()
        #expect(due.map(\.address) == ["n.n@example.org"])
        #expect(due.first?.entries.map(\.name) == ["Ett", "Två"])
        #expect(try casework.today().filter { $0.kind == .remind }.map(\.text) == ["n.n@example.org"])
        try casework.recordReminders([first, second], by: desk.author)
        #expect(try casework.dueReminders().isEmpty)
        let third = try add("Tre", email: "n.n@EXAMPLE.org")
        expectRefusal(.alreadyDone) { try casework.recordReminders([third], by: desk.author) }
        #expect(try casework.reminder(to: casework.directoryEntry(third).id) == nil)
        try desk.go(to: "2017-06-16")
        #expect(try casework.reminder(to: casework.directoryEntry(third).id)?.entries.count == 3)
        try desk.go(to: "2017-09-15")
        #expect(try casework.dueReminders().first?.entries.map(\.name) == ["Ett", "Tre", "Två"])
        var changes = SettingsChanges()
        changes.reminderMonths = 12
        try casework.change(changes)
        #expect(try casework.dueReminders().isEmpty)
        #expect(try casework.directoryEntry(first).reminders.map(\.on) == [try day("2017-06-15")])
    }

    @Test("a mail says what stands in the directory, nothing of a case, and cannot begin another header")
    func mail() throws {
        var fields = DirectoryFields(name: "Jouren i Örebro")
        fields.email = "a@example.org"
        fields.contactName = "Åsa"
        fields.ages = try AgeRange(typed: "13-25")
        let item = ItemReference(try casework.addToDirectory(fields, by: desk.author))
        var changes = SettingsChanges()
        changes.name = "Stödlinjen\nBcc: evil@example.org"
        try casework.change(changes)
        let reminder = try #require(try casework.reminder(to: casework.directoryEntry(item).id))
        let eml = try reminder.eml(Words(.swedish), casework.settings())
        let head = try #require(eml.split(separator: "\r\n\r\n").first)
        #expect(head.split(separator: "\r\n").allSatisfy { $0.first == " " || $0.contains(": ") })
        #expect(!head.contains("\r\nBcc:"))
        #expect(eml.split(separator: "\r\n", omittingEmptySubsequences: false).allSatisfy { $0.utf8.count <= 76 })
        #expect(eml.contains("To: a@example.org\r\n") && eml.contains("Jouren i =C3=96rebro"))
        let text = try reminder.mail(Words(.swedish), casework.settings()).text
        #expect(text.contains("kontaktperson: Åsa") && text.contains("åldrar: 13–25"))
    }
}
