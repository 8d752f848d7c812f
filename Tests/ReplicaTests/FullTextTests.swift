import Foundation
import Merge
import Replica
import SQLite
import TestSupport
import Testing

@Suite("Full-text search")
struct FullTextTests {
    let folder = TemporaryFolder()
    static let text = Field<String>(1, "text", searched: true)
    static let remarks = CollectionSchema.notes(2, "remarks", parent: Garden.plants, fields: [text])
    static let schema = Schema(version: 1, [Garden.plants, remarks])

    private func found(_ typed: String, _ replica: Replica) throws -> Int {
        let expression = try #require(Snapshot.matchExpression(typed))
        let index = Self.remarks.searchTable
        return try replica.read { snapshot in
            try snapshot.query("SELECT id FROM \(index) WHERE \(index) MATCH ?", [.text(expression)]) { _ in 1 }.count
        }
    }

    private func replica(_ schema: Schema = schema) throws -> Replica {
        try Replica(path: folder.file("garden.db"), schema: schema)
    }

    private func add(_ texts: String..., to replica: Replica) throws -> RecordID {
        try replica.write { tx in
            let plant = try tx.insert(Garden.plants) { $0[Garden.name] = "Rönn" }
            for text in texts { try tx.add(Self.remarks, parent: plant) { $0[Self.text] = text } }
            return plant
        }
    }

    @Test("words are found by their beginnings, without their dots, composed or not")
    func folding() throws {
        let replica = try replica()
        _ = try add("Kom från O\u{308}rebro.", "Växer bra i Örebro.", "Annat.", to: replica)
        for typed in ["örebro", "OREB", "o\u{308}rebro", "örebro."] { #expect(try found(typed, replica) == 2) }
        #expect(try found("växer örebro", replica) == 1)
        #expect(Snapshot.matchExpression(" *\"-( ") == nil)
    }

    @Test("what is erased leaves the index and the file, byte for byte, also after a thousand others")
    func erased() throws {
        let replica = try replica()
        for number in 0..<40 {
            _ = try add("Nummer \(number) gnistrande.", to: replica)
        }
        let plant = try add("Den vidunderligaste blomningen.", "Zebrafinken.", to: replica)
        for number in 0..<40 { _ = try add("Efter \(number).", to: replica) }
        try replica.write { tx in try tx.erase(Garden.plants, plant) }
        #expect(try found("zebrafinken", replica) == 0)
        #expect(try found("gnistrande", replica) == 40)
        for name in try FileManager.default.contentsOfDirectory(atPath: folder.path) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.file(name)))
            // The index keeps small letters without their dots.
            for marker in ["ebrafinken", "underligaste"] { #expect(bytes.range(of: Data(marker.utf8)) == nil) }
        }
    }

    @Test("an index that is missing, or of other fields, is made from the notes that are there")
    func madeAnew() throws {
        let unsearched = CollectionSchema.notes(2, "remarks", parent: Garden.plants, fields: [Garden.text])
        try replica(Schema(version: 1, [Garden.plants, unsearched])).write { tx in
            let plant = try tx.insert(Garden.plants) { $0[Garden.name] = "Rönn" }
            try tx.add(unsearched, parent: plant) { $0[Garden.text] = "Växer bra." }
        }
        #expect(try found("växer", replica()) == 1)
        let connection = try Connection(path: folder.file("garden.db"), mode: .readWrite)
        try connection.execute("DROP TABLE \(Self.remarks.searchTable)")
        #expect(try found("växer", replica()) == 1)
    }

    @Test("a file that was repaired finds its texts, and goes on finding what is added and erased")
    func repaired() throws {
        var replica: Replica? = try replica()
        let plant = try add("Kalla kriget", "Varm sommar", to: replica!)
        replica = nil
        let path = folder.file("garden.db")
        try Connection(path: path, mode: .readWrite).execute("DELETE FROM \(Self.remarks.searchTable)_data")
        let report = try Replica.repair(path: path, schema: Self.schema)
        #expect(report.records == 3)
        let again = try self.replica()
        #expect(try found("kalla", again) == 1 && found("sommar", again) == 1)
        try again.write { try $0.add(Self.remarks, parent: plant) { $0[Self.text] = "Ny sommar" } }
        #expect(try found("sommar", again) == 2)
        try again.write { try $0.erase(Garden.plants, plant) }
        #expect(try found("sommar", again) == 0)
    }
}
