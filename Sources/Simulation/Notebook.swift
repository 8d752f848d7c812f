import Merge
import Replica

/// The schema that simulated workstations work with, in an older and a newer version.
enum Notebook {
    static let name = Field<String>(1, "name")
    static let height = Field<Int64>(2, "height")
    static let soil = Field<String>(3, "soil")
    static let leafName = Field<String>(1, "name")
    static let toolName = Field<String>(1, "name")
    static let text = Field<String>(1, "text")

    static let plants = CollectionSchema.records(1, "plants", fields: [name, height])
    static let newerPlants = CollectionSchema.records(1, "plants", fields: [name, height, soil])
    static let remarks = CollectionSchema.notes(2, "remarks", parent: plants, fields: [text])
    static let leaves = CollectionSchema.records(3, "leaves", parent: plants, fields: [leafName])
    static let tools = CollectionSchema.records(4, "tools", fields: [toolName])

    static let older = Schema(version: 1, [plants, remarks, leaves])
    static let newer = Schema(version: 2, [newerPlants, remarks, leaves, tools])

    static func plant(_ record: Int) -> RecordID { id(1, record) }
    static func leaf(_ record: Int) -> RecordID { id(2, record) }
    static func tool(_ record: Int) -> RecordID { id(3, record) }

    private static func id(_ kind: UInt64, _ record: Int) -> RecordID {
        RecordID(milliseconds: 1_700_000_000_000, randomHigh: UInt64(record), randomLow: kind)
    }

    /// Text that says which write it is of, in a way that can be searched for in files.
    static func marker(_ write: Int, padding: Int = 0) -> String {
        let digits = String(write)
        return markerStart + String(repeating: "0", count: 7 - digits.count) + digits
            + String(repeating: "x", count: padding)
    }

    static let markerStart = "marker-"

    /// The write that a text is of; nil if it is of none.
    static func write(of text: String) -> Int? {
        guard text.hasPrefix(markerStart) else { return nil }
        return Int(text.dropFirst(markerStart.count).prefix(7))
    }
}
