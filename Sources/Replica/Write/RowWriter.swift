import Merge
import SyncProtocol

/// Collects the values of one write: `row[Cases.status] = "open"`. Setting nil clears a field, and is a write like any other.
public struct RowWriter {
    let collection: CollectionSchema
    private(set) var values: [(field: FieldDefinition, value: Value)] = []
    private(set) var fields = FieldMask.empty

    init(_ collection: CollectionSchema) {
        self.collection = collection
        values.reserveCapacity(collection.fields.count)
    }

    public subscript<Content: FieldValue>(field: Field<Content>) -> Content? {
        get {
            values.first { $0.field.number == field.definition.number }.flatMap { Content($0.value) }
        }
        set { set(field.definition, newValue?.fieldValue ?? .null) }
    }

    /// For callers that know fields only at run time. The value must be of the field's type.
    public mutating func set(_ field: FieldDefinition, _ value: Value) {
        precondition(collection.field(field.number)?.type == field.type, "\(field.name) is not of \(collection.name)")
        if fields.contains(field.number), let index = values.firstIndex(where: { $0.field.number == field.number }) {
            values[index].value = value
        } else {
            fields.insert(field.number)
            values.append((field, value))
        }
    }

    /// Writes the values in ascending order of field and notes where each stands.
    mutating func encode(into writer: inout CBORWriter, places: inout [ValuePlace]) {
        values.sort { $0.field.number < $1.field.number }
        places.removeAll(keepingCapacity: true)
        for (field, value) in values {
            ValueCodec.append(value, field.type, to: &writer)
            let end = writer.bytes.count
            let content: ValuePlace.Content
            switch value {
            case .null: content = .null
            case .integer(let number): content = .integer(number)
            case .real(let number): content = .real(number)
            case .text(let text): content = .text(end - text.utf8.count..<end)
            case .blob(let bytes): content = .blob(end - bytes.count..<end)
            case .reference: content = .blob(end - 16..<end)
            }
            places.append(ValuePlace(field: field.number, content: content))
        }
    }
}
