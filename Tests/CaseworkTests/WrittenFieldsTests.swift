import Merge
import Replica
import SQLite
import Testing

@testable import Casework

/// What whoever sees the changes of a desk, and cannot open them, learns from which fields they have.
@Suite("Which fields are written")
struct WrittenFieldsTests {
    let desk: TestDesk
    var casework: Casework { desk.casework }

    init() throws { desk = try TestDesk() }

    /// The fields that the latest write of each record had, in the order of the records.
    private func masks(_ table: String) throws -> [FieldMask] {
        try casework.replica.read { snapshot in
            try snapshot.query("SELECT stamps FROM \(table) ORDER BY id") { row in
                RecordState(encoded: row.bytes(0).span)?.entries.first?.fields
            }
        }.map { try #require($0) }
    }

    @Test("a new case has the same fields whether a child is concerned or not, and so has an edit of either")
    func child() throws {
        let plain = try desk.newCase(CaseFields(caller: .relative))
        let child = try desk.newCase(CaseFields(caller: .relative, age: .under18, childMadeContact: true))
        #expect(Set(try masks("cases")).count == 1)
        try casework.edit(plain, CaseFields(age: .over25))
        try casework.edit(child, CaseFields(childMadeContact: false))
        let edits = try masks("cases")
        #expect(Set(edits).count == 1)
        typealias Cases = CaseworkSchema.Cases
        #expect(
            edits[0]
                == FieldMask(field: Cases.age.definition.number).union(
                    FieldMask(field: Cases.childMadeContact.definition.number)))
        #expect(try casework.show(child).age == "under18" && casework.show(plain).age == "over25")
        var cleared = CaseFields()
        cleared.cleared = [.age]
        try casework.edit(child, cleared)
        #expect(try masks("cases")[1] == edits[1])
        #expect(try casework.show(child).age == nil)
    }

    @Test("a report of concern has the same fields, in the same collection, as a promise, an assessment and a review")
    func measures() throws {
        let number = try desk.newCase(CaseFields(age: .under18))
        try casework.addPromise(number, "A list.", due: day("2017-03-20"), by: desk.author)
        for kind in [MeasureKind.concernReport, .assessment, .review] {
            try casework.addMeasure(number, kind, by: desk.author)
        }
        #expect(try masks("measures").count == 4)
        #expect(Set(try masks("measures")).count == 1)
    }
}
