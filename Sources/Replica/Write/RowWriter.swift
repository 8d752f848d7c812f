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
    /// The bytes of the longest text or blob.
    private(set) var longest = 0
    private var isInOrder = true
    /// The first value that cannot be right; told before anything is written.
    private(set) var mistake: String?

    /// Takes the memory of the write before; ``exchange(_:)`` returns it, with the values in it.
    init(_ collection: CollectionSchema, taking buffers: inout Buffers) {
        self.collection = collection
        values = CBORWriter()
        places = []
        exchange(&buffers)
        values.bytes.removeAll(keepingCapacity: true)
        places.removeAll(keepingCapacity: true)
    }

    /// Exchanged and never copied: what two variables hold would have to be allocated anew.
    mutating func exchange(_ buffers: inout Buffers) {
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

    /// The same for texts and whole numbers, which most values are: they are written without an enum around them.
    public subscript(field: Field<String>) -> String? {
        get { value(of: field.definition.number).flatMap { String($0) } }
        @inlinable set {
            if let newValue { set(field.definition.number, newValue) } else { set(field.definition, .null) }
        }
    }

    public subscript(field: Field<Int64>) -> Int64? {
        get { value(of: field.definition.number).flatMap { Int64($0) } }
        @inlinable set {
            if let newValue { set(field.definition.number, newValue) } else { set(field.definition, .null) }
        }
    }

    /// For callers that know fields only at run time. The value must be of the field's type; otherwise the write throws.
    public mutating func set(_ field: FieldDefinition, _ value: Value) {
        guard collection.field(field.number) == field else {
            return note("field \(field.name) is none of \(collection.name)")
        }
        guard value.fits(field.type) else { return note("a value of another type for \(field.name)") }
        let start = begin(field.number)
        ValueCodec.append(value, field.type, to: &values)
        add(field.number, start, .init(value, endingAt: values.bytes.count))
    }

    private mutating func note(_ mistake: String) { self.mistake = self.mistake ?? mistake }

    @usableFromInline mutating func set(_ number: Int, _ text: String) {
        guard collection.type(of: number) == .text else {
            return note("field \(number) of \(collection.name) holds no text")
        }
        let start = begin(number)
        let count = values.text(text)
        let end = values.bytes.count
        add(number, start, .text(end - count..<end))
    }

    @usableFromInline mutating func set(_ number: Int, _ integer: Int64) {
        guard collection.type(of: number) == .integer else {
            return note("field \(number) of \(collection.name) holds no whole number")
        }
        let start = begin(number)
        values.integer(integer)
        add(number, start, .integer(integer))
    }

    /// Returns where the field's value begins.
    private mutating func begin(_ number: Int) -> Int {
        let field = FieldMask(field: number)
        // This field or a higher one has been set already.
        if fields.rawValue >= field.rawValue { isInOrder = false }
        fields.formUnion(field)
        return values.bytes.count
    }

    private mutating func add(_ number: Int, _ start: Int, _ content: ValuePlace.Content) {
        let place = ValuePlace(field: number, start: start, content: content)
        longest = max(longest, place.byteCount)
        places.append(place)
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

extension Value {
    /// Whether a field of this type can hold it. A number that is none cannot be compared, and stands nowhere.
    fileprivate func fits(_ type: FieldType) -> Bool {
        switch (self, type) {
        case (.null, _), (.integer, .integer), (.integer, .timestamp), (.text, .text), (.blob, .blob),
            (.reference, .reference):
            true
        case (.integer(let number), .boolean): number == 0 || number == 1
        case (.real(let number), .real): !number.isNaN
        case (.text(let text), .date): CalendarDate(text) != nil
        default: false
        }
    }
}
