import Foundation
import Merge
import Replica
import SQLite
import TestSupport
import Testing

@Suite("Opening a file")
struct OpeningTests {
    let folder = TemporaryFolder()

    func code(_ body: () throws -> Void) -> ReplicaError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ReplicaError)?.code
        }
    }

    @Test("another program's database is refused and not touched")
    func foreign() throws {
        let path = folder.file("foreign.db")
        let connection = try Connection(path: path, mode: .create)
        try connection.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        let before = try Data(contentsOf: URL(fileURLWithPath: path))
        #expect(code { _ = try Replica(path: path, schema: Garden.schema) } == .foreignFile)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    }

    @Test("a file that is no database is refused and not touched")
    func garbage() throws {
        let path = folder.file("garbage.db")
        let bytes = Data((0..<10_000).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        try bytes.write(to: URL(fileURLWithPath: path))
        #expect(code { _ = try Replica(path: path, schema: Garden.schema) } == .damaged)
        #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == bytes)
    }

    @Test("a newer format or schema is refused")
    func newer() throws {
        let path = folder.file("newer.db")
        _ = try Replica(path: path, schema: Schema(version: 2, Garden.schema.collections))
        #expect(code { _ = try Replica(path: path, schema: Garden.schema) } == .newerVersion)
        let connection = try Connection(path: path, mode: .readWrite)
        try connection.setUserVersion(99)
        #expect(code { _ = try Replica(path: path, schema: Garden.schema) } == .newerVersion)
    }

    @Test("a schema that contradicts the data is refused; one that adds is taken")
    func schemas() throws {
        let path = folder.file("schema.db")
        _ = try Replica(path: path, schema: Garden.schema)
        let changed = CollectionSchema.records(1, "plants", fields: [Field<Int64>(1, "name")])
        #expect(code { _ = try Replica(path: path, schema: Schema(version: 2, [changed])) } == .schemaConflict)
        let soil = Field<String>(9, "soil")
        let more = CollectionSchema.records(
            1, "plants",
            fields: [
                Garden.name, Garden.height, Garden.price, Garden.isPerennial, Garden.planted,
                Garden.seen, Garden.photo, Garden.neighbour, soil,
            ])
        let replica = try Replica(path: path, schema: Schema(version: 2, [more, Garden.remarks, Garden.leaves]))
        let id = try replica.write { tx in try tx.insert(more) { $0[soil] = "clay" } }
        #expect(try replica.read { try $0.fetch(more, id) }?[soil] == "clay")
    }

    @Test("a folder that cannot be written is a clear error", .disabled(if: getuid() == 0, "root may write anywhere"))
    func readOnlyFolder() throws {
        unsafe chmod(folder.path, 0o500)
        defer { unsafe chmod(folder.path, 0o700) }
        #expect(code { _ = try Replica(path: folder.file("x.db"), schema: Garden.schema) } == .inaccessible)
    }

    @Test("the file is its owner's alone")
    func rights() throws {
        let path = folder.file("rights.db")
        _ = try Replica(path: path, schema: Garden.schema)
        let attributes = try FileManager.default.attributesOfItem(atPath: path)
        #expect((attributes[.posixPermissions] as? NSNumber)?.intValue == 0o600)
    }
}
