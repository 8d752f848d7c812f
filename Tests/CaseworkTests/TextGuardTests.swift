import Replica
import Testing

@testable import Casework

@Suite("The personal data guard where texts are written")
struct TextGuardTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }
    static let number = "070-174 06 35"

    init() throws { desk = try TestDesk() }

    private func notes() throws -> [Record] {
        try casework.replica.read { try $0.records(CaseworkSchema.Notes.collection) }
    }

    @Test("every text of a case is looked at, and a refusal keeps all of the operation from being saved")
    func everywhere() throws {
        let number = try desk.newCase()
        let text = MarkedText("Ring \(Self.number) i kväll.")
        let entry = try desk.entry("Skolan")
        let due = try day("2017-03-20")
        try casework.addFollowUp(number, by: desk.author)
        let before = try casework.show(number)
        let operations: [() throws -> Void] = [
            { try casework.newCase(CaseFields(), contact: ContactFields(), note: text, by: desk.author) },
            { try casework.newCase(CaseFields(), contact: ContactFields(summary: text), by: desk.author) },
            { try casework.addNote(number, text.text, by: desk.author) },
            { try casework.addNote(number, text, kind: .summary, by: desk.author) },
            { try casework.addContact(number, ContactFields(nextStep: text), by: desk.author) },
            { try casework.editContact(number, nil, ContactFields(minutes: 3, summary: text), by: desk.author) },
            { try casework.addPromise(number, text, due: due, by: desk.author) },
            { try casework.addReferral(number, to: entry, .tips, text: text, by: desk.author) },
            { try casework.addReferralToNobody(number, text: text, by: desk.author) },
            { try casework.addAnsweredAttempt(number, nil, ContactFields(summary: text), by: desk.author) },
            { try casework.addActivity(.meeting, text: text, by: desk.author) },
            { try casework.addActivity(.meeting, organisation: text, by: desk.author) },
            { try casework.addActivity(.studyVisit, place: text, by: desk.author) },
            {
                var fields = DirectoryFields(name: "Jouren")
                fields.offers = text
                try casework.addToDirectory(fields, by: desk.author)
            },
            {
                var fields = DirectoryFields()
                fields.area = Area(municipality: text.text)
                try casework.editDirectory(entry, fields, by: desk.author)
            },
        ]
        for operation in operations {
            let error = expectRefusal(.personalData, operation)
            #expect(error?.findings.map(\.kind) == [.phone])
            #expect(!(error?.message.contains("070") ?? true), "the refusal tells the text")
        }
        #expect(try casework.list().count == 1)
        let after = try casework.show(number)
        #expect(after.notes.isEmpty && after.contacts.count == 1 && after.contacts[0].minutes == nil)
        #expect(after.promises.isEmpty && after.referrals.isEmpty)
        #expect(after.followUps.map(\.status) == before.followUps.map(\.status))
        #expect(try casework.activities().isEmpty)
        #expect(try casework.directory().count == 1)
    }

    @Test("of two texts the refusal names the one, and a mark holds for the one it was made for")
    func names() throws {
        let number = try desk.newCase()
        let phone = "Ring \(Self.number)."
        let error = expectRefusal(.personalData) {
            try casework.addContact(
                number, ContactFields(summary: "Talked.", nextStep: MarkedText(phone)), by: desk.author)
        }
        #expect(error?.textName == "next-step")
        #expect(error?.message.contains("next-step:phone@6") ?? false)
        expectRefusal(.personalData) {
            try casework.addContact(
                number,
                ContactFields(
                    summary: MarkedText(phone, notPersonalData: ["phone@6"]), nextStep: MarkedText(phone)),
                by: desk.author)
        }
        #expect(try notes().isEmpty)
    }

    @Test("a false alarm is marked; the mark is recorded beside the text, with who and when, and is shown")
    func marks() throws {
        let number = try desk.newCase()
        let text = "Beteckning 070-174 06 35 i tabellen."
        try casework.addNote(number, MarkedText(text, notPersonalData: ["phone@12"]), by: desk.author)
        let note = try #require(try casework.show(number).notes.first)
        #expect(note.exemptions == ["phone@12 2017-03-15 S3"])
        expectRefusal(.badValue) {
            try casework.addNote(number, MarkedText("Nothing here.", notPersonalData: ["phone@4"]), by: desk.author)
        }
        expectRefusal(.badValue) {
            try casework.addNote(number, MarkedText(text, notPersonalData: ["phone"]), by: desk.author)
        }
        #expect(try notes().count == 1)
    }

    @Test("numbers and addresses of the directory, of the line itself, and those for everybody may be written")
    func allowed() throws {
        let number = try desk.newCase()
        for text in ["Gav numret 112 och 116 111.", "Ring 1177."] {
            try casework.addNote(number, text, by: desk.author)
        }
        let text = "Gav numret 08-465 004 12 och info@jouren.se."
        expectRefusal(.personalData) { try casework.addNote(number, text, by: desk.author) }
        var fields = DirectoryFields(name: "Jouren")
        fields.phone = "+46 8 465 00 412, 08-465 004 13"
        fields.email = "info@jouren.se"
        fields.offers = "Samtal på 08-465 004 13."
        try casework.addToDirectory(fields, by: desk.author)
        try casework.addNote(number, text, by: desk.author)
        let own = "Ring oss på 08-465 009 99."
        expectRefusal(.personalData) { try casework.addNote(number, own, by: desk.author) }
        var changes = SettingsChanges()
        changes.phone = "08-465 009 99"
        try casework.change(changes)
        try casework.addNote(number, own, by: desk.author)
    }

    @Test("a mark in an entry of the directory goes with the text that it was made for")
    func directoryMarks() throws {
        var fields = DirectoryFields(name: "Jouren")
        fields.offers = MarkedText("Rum 070-174 06 35.", notPersonalData: ["phone@5"])
        let item = ItemReference(try casework.addToDirectory(fields, by: desk.author))
        func exemptions() throws -> String? {
            try casework.replica.read { try Casework.entryRecord(item, $0)[CaseworkSchema.Directory.exemptions] }
        }
        #expect(try exemptions() == "offers:phone@5 2017-03-15 S3")
        fields = DirectoryFields()
        fields.ages = try AgeRange(typed: "13–18")
        try casework.editDirectory(item, fields, by: desk.author)
        #expect(try exemptions() != nil)
        fields.offers = "Samtal."
        try casework.editDirectory(item, fields, by: desk.author)
        #expect(try exemptions() == nil)
    }

    @Test("a row of an import with personal data is a bad one, with kind and place; the others are kept")
    func importing() throws {
        let log = "date,note\n2017-02-01,Talked.\n2017-02-02,Ring \(Self.number).\n2017-02-03,Again.\n"
        for isDryRun in [true, false] {
            var bytes = Array(log.utf8).makeIterator()
            var bad: [ImportBadRow] = []
            var options = ImportOptions()
            options.isDryRun = isDryRun
            var listeners = ImportListeners()
            listeners.onBadRow = { bad.append($0) }
            let report = try CaseImport(casework, by: desk.author, options).run(listeners: listeners) { bytes.next() }
            #expect(report.added == 2 && report.bad == 1)
            #expect(bad.first?.reason.contains("phone@6") ?? false)
            #expect(!(bad.first?.reason.contains("070") ?? true))
        }
        #expect(try notes().count == 2)
    }
}
