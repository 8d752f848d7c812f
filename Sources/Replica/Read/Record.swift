public import Merge
import SQLite

/// One record's or note's values, read by typed fields: `record[Cases.status]`.
public struct Record: Sendable {
    public let id: RecordID
    public let parent: RecordID?
    private let values: [Value]
    private let indexByNumber: [Int8]

    /// From a row of id, parent, and all fields in the collection's order.
    init(_ collection: CollectionSchema, _ row: borrowing Statement) {
        let id = row.halves(0) ?? (0, 0)
        self.id = RecordID(high: id.high, low: id.low)
        parent = row.halves(1).map { RecordID(high: $0.high, low: $0.low) }
        var values: [Value] = []
        values.reserveCapacity(collection.fields.count)
        for (index, field) in collection.fields.enumerated() { values.append(Value(row, index + 2, field.type)) }
        self.values = values
        indexByNumber = collection.indexByNumber
    }

    /// The field's value; nil where nobody has set it. The field must be one of the record's collection.
    public subscript<Content>(field: Field<Content>) -> Content? {
        let index = indexByNumber[field.definition.number]
        precondition(index >= 0, "field \(field.definition.name) is not one of this collection")
        return Content(values[Int(index)])
    }
}
