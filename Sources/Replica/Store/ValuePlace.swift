import Merge
import SQLite
import SyncProtocol

/// A field's value where it already stands, encoded, in a buffer: bound to SQLite without becoming a Swift value.
struct ValuePlace {
    enum Content {
        case null
        case integer(Int64)
        case real(Double)
        case text(Range<Int>)
        case blob(Range<Int>)
    }
    var field: Int
    /// Where its item begins; the content stands behind the item's head.
    var start: Int
    var content: Content

    /// The same place in a buffer whose bytes stand elsewhere by so much.
    func moved(by distance: Int) -> ValuePlace {
        func moved(_ range: Range<Int>) -> Range<Int> { range.lowerBound + distance..<range.upperBound + distance }
        var place = self
        place.start += distance
        switch content {
        case .text(let range): place.content = .text(moved(range))
        case .blob(let range): place.content = .blob(moved(range))
        default: break
        }
        return place
    }

    /// The bytes of a text or a blob; none for anything else.
    var byteCount: Int {
        switch content {
        case .text(let range), .blob(let range): range.count
        default: 0
        }
    }

    func value(in buffer: [UInt8], _ type: FieldType?) -> Value {
        switch content {
        case .null: return .null
        case .integer(let number): return .integer(number)
        case .real(let number): return .real(number)
        case .text(let range): return .text(String(decoding: buffer[range], as: UTF8.self))
        case .blob(let range):
            guard type == .reference else { return .blob(Array(buffer[range])) }
            return .reference(
                RecordID(
                    high: buffer[range].prefix(8).reduce(0) { $0 << 8 | UInt64($1) },
                    low: buffer[range].suffix(8).reduce(0) { $0 << 8 | UInt64($1) }))
        }
    }

    func bind(_ binder: borrowing BufferBinder, _ index: Int) throws(SQLiteError) {
        switch content {
        case .null: try binder.bindNull(index)
        case .integer(let value): try binder.bind(index, value)
        case .real(let value): try binder.bind(index, value)
        case .text(let range): try binder.bind(index, text: range)
        case .blob(let range): try binder.bind(index, blob: range)
        }
    }
}

/// Values in their wire form: a CBOR sequence, one item per field of the mask, in ascending order of field number.
enum ValueCodec {
    static func append(_ value: Value, _ type: FieldType, to writer: inout CBORWriter) {
        switch value {
        case .null: writer.null()
        case .integer(let number): type == .boolean ? writer.boolean(number != 0) : writer.integer(number)
        case .real(let number): writer.real(number)
        case .text(let text): writer.text(text)
        case .blob(let bytes): writer.data(bytes)
        case .reference(let id): writer.record(id)
        }
    }

    /// Appends the value of a column.
    static func append(_ row: borrowing Statement, _ index: Int, _ type: FieldType, to writer: inout CBORWriter) {
        switch row.type(index) {
        case .null: writer.null()
        case .integer:
            let number = row.integer(index)
            type == .boolean ? writer.boolean(number != 0) : writer.integer(number)
        case .real: writer.real(row.real(index))
        case .text: unsafe row.withBytes(index) { unsafe writer.string(3, $0) }
        case .blob: unsafe row.withBytes(index) { unsafe writer.string(2, $0) }
        }
    }

    /// Finds the values of a payload. Fields that the collection does not have are left out; their mask is returned.
    ///
    /// Throws where the bytes are not what the header and the schema say.
    static func places(
        _ bytes: [UInt8], fields: FieldMask, collection: CollectionSchema, limits: Limits,
        into places: inout [ValuePlace]
    ) throws(ProtocolError) -> FieldMask {
        places.removeAll(keepingCapacity: true)
        return try append(
            CBORReader(bytes), fields: fields, collection: collection, limits: limits, to: &places)
    }

    /// The same for a payload that stands in a larger buffer, adding to the places of others.
    static func append(
        _ payload: CBORReader, fields: FieldMask, collection: CollectionSchema, limits: Limits,
        to places: inout [ValuePlace]
    ) throws(ProtocolError) -> FieldMask {
        var reader = payload
        var unknown = FieldMask.empty
        var rest = fields.rawValue
        while rest != 0 {
            let number = rest.trailingZeroBitCount
            rest &= rest - 1
            guard let type = collection.type(of: number) else {
                unknown.insert(number)
                try reader.skip()
                continue
            }
            let start = reader.offset
            places.append(ValuePlace(field: number, start: start, content: try content(&reader, type, limits)))
        }
        try reader.finish()
        return unknown
    }

    private static func content(
        _ reader: inout CBORReader, _ type: FieldType, _ limits: Limits
    ) throws(ProtocolError) -> ValuePlace.Content {
        if try reader.takeNull() { return .null }
        switch type {
        case .text, .date: return .text(try reader.textRange(limit: limits.valueBytes))
        case .integer, .timestamp: return .integer(try reader.integer())
        case .real: return .real(try reader.real())
        case .boolean: return .integer(try reader.boolean() ? 1 : 0)
        case .blob: return .blob(try reader.dataRange(limit: limits.valueBytes))
        case .reference:
            let start = reader.offset
            let range = try reader.dataRange(limit: 16)
            guard range.count == 16 else { throw ProtocolError(.invalidValue, offset: start) }
            return .blob(range)
        }
    }

    /// A payload's values, field by field, encoded.
    static func parts(
        _ payload: ArraySlice<UInt8>, fields: FieldMask
    ) throws(ProtocolError) -> [Int: ArraySlice<UInt8>] {
        let bytes = Array(payload)
        var reader = CBORReader(bytes)
        var parts: [Int: ArraySlice<UInt8>] = [:]
        try fields.forEach { (number: Int) throws(ProtocolError) in
            let start = reader.offset
            try reader.skip()
            parts[number] = bytes[start..<reader.offset]
        }
        return parts
    }

    /// The part of a payload that belongs to some of its fields, in the same form.
    static func part(
        _ bytes: [UInt8], fields: FieldMask, wanted: FieldMask
    ) throws(ProtocolError) -> [UInt8] {
        try part(CBORReader(bytes), fields: fields, wanted: wanted)
    }

    static func part(
        _ payload: CBORReader, fields: FieldMask, wanted: FieldMask
    ) throws(ProtocolError) -> [UInt8] {
        var reader = payload
        var result: [UInt8] = []
        var rest = fields.rawValue
        while rest != 0 {
            let number = rest.trailingZeroBitCount
            rest &= rest - 1
            let start = reader.offset
            try reader.skip()
            if wanted.contains(number) { result.append(contentsOf: payload.bytes[start..<reader.offset]) }
        }
        return result
    }
}

extension ValuePlace.Content {
    /// A value that has just been encoded, its bytes up to `end` of the buffer.
    init(_ value: Value, endingAt end: Int) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let text): self = .text(end - text.utf8.count..<end)
        case .blob(let bytes): self = .blob(end - bytes.count..<end)
        case .reference: self = .blob(end - 16..<end)
        }
    }
}

extension CBORWriter {
    /// A text (3) or byte string (2) whose bytes stand in memory of somebody else's.
    @unsafe fileprivate mutating func string(_ major: UInt8, _ content: UnsafeBufferPointer<UInt8>) {
        head(major, UInt64(content.count))
        unsafe bytes.append(contentsOf: content)
    }
}
