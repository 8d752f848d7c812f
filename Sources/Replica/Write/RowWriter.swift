import Merge
import SyncProtocol

/// Collects the values of one write: `row[Cases.status] = "open"`. Setting nil clears a field, and is a write like any other.
///
/// Cheapest where fields are set in ascending order of their numbers: each value is then encoded once, where it stays.
public struct RowWriter {
    let collection: CollectionSchema
    /// The values in their wire form.
    private(set) var values: CBORWriter
    /// Where each stands.
    private(set) var places: [ValuePlace]
    private(set) var fields = FieldMask.empty
    private var isInOrder = true

    /// Takes the memory of the write before; ``giveBack(_:)`` returns it, with the values in it.
    init(_ collection: CollectionSchema, taking buffers: inout Buffers) {
        self.collection = collection
        values = CBORWriter()
        places = []
        exchange(&buffers)
        values.bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    mutating func giveBack(_ buffers: inout Buffers) { exchange(&buffers) }

    /// Exchanged and never copied: what two variables hold would have to be allocated anew.
    private mutating func exchange(_ buffers: inout Buffers) {
        swap(&values.bytes, &buffers.bytes)
        swap(&places, &buffers.places)
    }

    /// Memory that one write leaves to the next.
    struct Buffers {
        var bytes: [UInt8] = []
        var places: [ValuePlace] = []
    }

    public subscript<Content: FieldValue>(field: Field<Content>) -> Content? {
        get { value(of: field.definition.number).flatMap { Content($0) } }
        @inlinable set { set(field.definition, newValue?.fieldValue ?? .null) }
    }

    /// The same for texts, which most values are: they are written without an enum around them.
    public subscript(field: Field<String>) -> String? {
        get { value(of: field.definition.number).flatMap { String($0) } }
        set {
            guard let text = newValue else { return set(field.definition, .null) }
            let start = begin(field.definition)
            let count = values.text(text)
            let end = values.bytes.count
            places.append(ValuePlace(field: field.definition.number, start: start, content: .text(end - count..<end)))
        }
    }

    /// For callers that know fields only at run time. The value must be of the field's type.
    public mutating func set(_ field: FieldDefinition, _ value: Value) {
        let start = begin(field)
        ValueCodec.append(value, field.type, to: &values)
        places.append(
            ValuePlace(field: field.number, start: start, content: .init(value, endingAt: values.bytes.count)))
    }

    /// Returns where the field's value begins.
    private mutating func begin(_ field: FieldDefinition) -> Int {
        precondition(collection.type(of: field.number) == field.type, "\(field.name) is not of \(collection.name)")
        // This field or a higher one has been set already.
        if fields.rawValue >> UInt64(field.number) != 0 { isInOrder = false }
        fields.insert(field.number)
        return values.bytes.count
    }

    /// Brings the values into ascending order of field, as they travel; of a field set twice the last one counts.
    mutating func finish() {
        if isInOrder { return }
        var latest: [Int: Int] = [:]
        for (index, place) in places.enumerated() { latest[place.field] = index }
        let kept = latest.sorted { $0.key < $1.key }.map(\.value)
        let old = (bytes: values.bytes, places: places)
        values = CBORWriter()
        places = []
        for index in kept {
            let start = old.places[index].start
            let end = index + 1 < old.places.count ? old.places[index + 1].start : old.bytes.count
            places.append(old.places[index].moved(by: values.bytes.count - start))
            values.bytes.append(contentsOf: old.bytes[start..<end])
        }
        isInOrder = true
    }

    private func value(of number: Int) -> Value? {
        guard let place = places.last(where: { $0.field == number }) else { return nil }
        return place.value(in: values.bytes, collection.type(of: number))
    }
}
