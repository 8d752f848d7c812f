import JSON
import Replica
import Testing

@testable import Casework

@Suite("The internal report's own figures")
struct InternalReportTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    @Test("nobody to refer to is told by age and county; not of a case opened by mistake, nor of another month")
    func gaps() throws {
        let adult = try desk.newCase(CaseFields(age: .over25))
        let young = try desk.newCase(CaseFields(age: .from18To21))
        let unknown = try desk.newCase()
        let mistake = try desk.newCase(CaseFields(age: .over25))
        for county in [County.orebro, .orebro, .skane] {
            try casework.addReferralToNobody(adult, in: county, by: desk.author)
        }
        try casework.addReferralToNobody(young, in: .orebro, by: desk.author)
        try casework.addReferralToNobody(unknown, by: desk.author)
        try casework.addReferralToNobody(mistake, in: .orebro, by: desk.author)
        try casework.close(mistake, .mistake, by: desk.author)
        try desk.go(to: "2017-04-01")
        try casework.addReferralToNobody(adult, in: .orebro, by: desk.author)
        let report = try casework.internalReport(Month(parsing: "2017-03"))
        #expect(
            report.team.gaps == [
                .init(age: "from18To21", county: "orebro", count: 1), .init(age: "over25", county: "skane", count: 1),
                .init(age: "over25", county: "orebro", count: 2), .init(age: "notRecorded", county: nil, count: 1),
            ])
        let table = try #require(report.document(.swedish).tables.first { $0.word == "gaps" })
        #expect(table.title == "Ingen att hänvisa till, efter ålder och län")
        #expect(table.rows.map(\.label).contains("Över 25 år, Örebro län"))
        #expect(report.json["nobodyToReferTo"]?.array?.count == 4)
    }

    @Test("organisations that as many were referred to stand in Swedish order, and what was most often first")
    func referredOrder() throws {
        let reference = try desk.newCase()
        for name in ["Örebro jour", "ängens hus", "Zeta", "alfa", "Åsa hjälp", "Beta"] {
            let id = try casework.addToDirectory(DirectoryFields(name: MarkedText(name)), by: desk.author)
            try casework.verify(ItemReference(id), .confirmed, on: nil, by: desk.author)
            for _ in 0..<(name == "Zeta" ? 2 : 1) {
                try casework.addReferral(reference, to: ItemReference(id), .tips, by: desk.author)
            }
        }
        let report = try casework.internalReport(Month(parsing: "2017-03"))
        #expect(
            report.referred.map(\.organisation) == ["Zeta", "alfa", "Beta", "Åsa hjälp", "ängens hus", "Örebro jour"])
    }

    @Test("offers of research, heard of through, children's assessments, mails and reviews are counted")
    func team() throws {
        let child = try desk.newCase(
            CaseFields(age: .under18, heardOf: .colleague, research: ResearchAnswer(.weCall)))
        _ = try desk.newCase(CaseFields(childMadeContact: true, heardOf: .colleague, research: ResearchAnswer(.no)))
        _ = try desk.newCase()
        try casework.addMeasure(child, .assessment, by: desk.author)
        try casework.addMeasure(child, .review, by: desk.author)
        var items: [ItemReference] = []
        for (name, email) in [("Ett", "a@example.org"), ("Två", "A@example.org"), ("Tre", "b@example.org")] {
            var fields = DirectoryFields(name: MarkedText(name))
            fields.email = email
            items.append(ItemReference(try casework.addToDirectory(fields, by: desk.author)))
        }
        try casework.recordReminders(items, by: desk.author)
        for kind in [ActivityKind.studyVisit, .studyVisit, .knowledgeCouncil] {
            try casework.addActivity(kind, place: "Örebro", by: desk.author)
        }
        let team = try casework.internalReport(Month(parsing: "2017-03")).team
        #expect(team.research["weCall"] == Figure(1) && team.research["no"] == Figure(1))
        #expect(team.research["notAsked"] == Figure(1))
        #expect(team.heardOf["colleague"] == Figure(2) && team.heardOf["notRecorded"] == Figure(1))
        #expect(team.assessments["assessed"] == Figure(1) && team.assessments["notAssessed"] == Figure(1))
        #expect(team.work["assessmentsMade"] == Figure(1) && team.work["reviewsMade"] == Figure(1))
        #expect(team.work["remindersSent"] == Figure(2), "a mail about two entries is one")
        #expect(team.activities["studyVisit"] == Figure(2) && team.activities["knowledgeCouncil"] == Figure(1))
        #expect(team.activities["meeting"] == Figure(0))
        let next = try casework.internalReport(Month(parsing: "2017-04")).team
        #expect(
            next.work.entries.allSatisfy { $0.figure.isZero } && next.activities.entries.allSatisfy { $0.figure.isZero }
        )
    }
}
