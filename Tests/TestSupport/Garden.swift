public import Merge
public import Replica

/// A small schema of every field type, for tests.
public enum Garden {
    public static let name = Field<String>(1, "name", indexed: true)
    public static let height = Field<Int64>(2, "height")
    public static let price = Field<Double>(3, "price")
    public static let isPerennial = Field<Bool>(4, "is_perennial")
    public static let planted = Field<CalendarDate>(5, "planted")
    public static let seen = Field<Timestamp>(6, "seen")
    public static let photo = Field<[UInt8]>(7, "photo")
    public static let neighbour = Field<RecordID>(8, "neighbour")
    public static let plantFields: [any FieldProtocol] = [
        name, height, price, isPerennial, planted, seen, photo, neighbour,
    ]
    public static let plants = CollectionSchema.records(1, "plants", fields: plantFields)

    public static let text = Field<String>(1, "text")
    public static let remarks = CollectionSchema.notes(2, "remarks", parent: plants, fields: [text])

    public static let leafName = Field<String>(1, "name")
    public static let leaves = CollectionSchema.records(3, "leaves", parent: plants, fields: [leafName])

    public static let schema = Schema(version: 1, [plants, remarks, leaves])
}
