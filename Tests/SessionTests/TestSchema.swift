import Foundation
import Merge
import Replica
import Sealing

/// A small schema of every field type, for tests.
enum Garden {
    static let name = Field<String>(1, "name", indexed: true)
    static let height = Field<Int64>(2, "height")
    static let price = Field<Double>(3, "price")
    static let isPerennial = Field<Bool>(4, "is_perennial")
    static let planted = Field<CalendarDate>(5, "planted")
    static let seen = Field<Timestamp>(6, "seen")
    static let photo = Field<[UInt8]>(7, "photo")
    static let neighbour = Field<RecordID>(8, "neighbour")
    static let plants = CollectionSchema.records(
        1, "plants", fields: [name, height, price, isPerennial, planted, seen, photo, neighbour])

    static let text = Field<String>(1, "text")
    static let remarks = CollectionSchema.notes(2, "remarks", parent: plants, fields: [text])

    static let leafName = Field<String>(1, "name")
    static let leaves = CollectionSchema.records(3, "leaves", parent: plants, fields: [leafName])

    static let schema = Schema(version: 1, [plants, remarks, leaves])
}

/// A folder of its own for each test, removed with the last reference.
final class TemporaryFolder {
    let path: String
    init() {
        path = "/tmp/lugn-test-\(ReplicaID(rawValue: randomWord()))"
        unsafe mkdir(path, 0o700)
    }
    func file(_ name: String) -> String { path + "/" + name }
    deinit {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] {
            try? FileManager.default.removeItem(atPath: path + "/" + name)
        }
        unsafe rmdir(path)
    }
}
