import Merge
import Replica

/// The schemas of the frozen files. They never change: the files were made with them.
enum Greenhouse {
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

    // What a later version of the program added.
    static let soil = Field<String>(9, "soil")
    static let plantsOnSoil = CollectionSchema.records(
        1, "plants", fields: [name, height, price, isPerennial, planted, seen, photo, neighbour, soil])
    static let potName = Field<String>(1, "name")
    static let pots = CollectionSchema.records(4, "pots", fields: [potName])
    static let newerSchema = Schema(version: 2, [plantsOnSoil, remarks, leaves, pots])
}
