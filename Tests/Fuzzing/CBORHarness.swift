import SyncProtocol

/// The CBOR reader: what it accepts is deterministic, so that writing it again gives the same bytes; passing over an
/// item and reading it agree; and places in errors lie inside the input.
enum CBORHarness {
    static func run(_ bytes: [UInt8]) throws {
        try sequence(bytes)
        try single(bytes)
        try map(bytes)
    }

    // MARK: Whole items

    private static func sequence(_ bytes: [UInt8]) throws {
        var skipper = CBORReader(bytes)
        var walker = CBORReader(bytes)
        while !skipper.isAtEnd {
            let start = walker.offset
            var copy = CBORWriter()
            let skipError = try failure(bytes) { () throws(ProtocolError) in try skipper.skip() }
            let walkError = try failure(bytes) { () throws(ProtocolError) in try walk(&walker, &copy, depth: 0) }
            try hold((skipError == nil) == (walkError == nil), "skipping and reading an item do not agree")
            if skipError != nil { return }
            try hold(skipper.offset == walker.offset, "skipping and reading an item end at different places")
            try hold(copy.bytes.elementsEqual(bytes[start..<walker.offset]), "an accepted item was written differently")
        }
        try skipper.finish()
    }

    /// Reads one item by the methods for its type, and writes it again.
    private static func walk(
        _ reader: inout CBORReader, _ copy: inout CBORWriter, depth: Int
    ) throws(ProtocolError) {
        guard depth <= CBORReader.maximumDepth else { throw ProtocolError(.limit, offset: reader.offset) }
        let first = try reader.peek()
        switch first >> 5 {
        case 0: copy.unsigned(try reader.unsigned())
        case 1: copy.head(1, try reader.head().argument)
        case 2: copy.data(try reader.data(limit: .max))
        case 3: copy.text(try reader.text(limit: .max))
        case 4:
            let count = try reader.array(limit: .max)
            copy.array(count)
            for _ in 0..<count { try walk(&reader, &copy, depth: depth + 1) }
        case 5:
            let count = try reader.head().argument
            guard count <= UInt64((reader.end - reader.offset) / 2) else {
                throw ProtocolError(.truncated, offset: reader.offset)
            }
            copy.map(Int(count))
            for _ in 0..<count * 2 { try walk(&reader, &copy, depth: depth + 1) }
        case 6:
            copy.head(6, try reader.head().argument)
            try walk(&reader, &copy, depth: depth + 1)
        default:
            if (0xF9...0xFB).contains(first) {
                copy.real(try reader.real())
            } else if try reader.takeNull() {
                copy.null()
            } else {
                copy.boolean(try reader.boolean())
            }
        }
    }

    // MARK: Values

    /// Every method on the first item: it refuses, or gives what is written the same way.
    private static func single(_ bytes: [UInt8]) throws {
        try value(bytes) { reader, writer throws(ProtocolError) in writer.unsigned(try reader.unsigned()) }
        try value(bytes) { reader, writer throws(ProtocolError) in writer.integer(try reader.integer()) }
        try value(bytes) { reader, writer throws(ProtocolError) in writer.boolean(try reader.boolean()) }
        try value(bytes) { reader, writer throws(ProtocolError) in writer.real(try reader.real()) }
        try value(bytes) { reader, writer throws(ProtocolError) in writer.record(try reader.record()) }
        try value(bytes) { reader, writer throws(ProtocolError) in writer.text(try reader.text(limit: 1_000)) }
        try value(bytes) { reader, writer throws(ProtocolError) in
            let inner = try reader.nested(limit: 1_000)
            writer.data(bytes[inner.offset..<inner.end])
        }
    }

    private static func value(
        _ bytes: [UInt8], _ body: (inout CBORReader, inout CBORWriter) throws(ProtocolError) -> Void
    ) throws {
        var reader = CBORReader(bytes)
        var writer = CBORWriter()
        let error = try failure(bytes) { () throws(ProtocolError) in try body(&reader, &writer) }
        guard error == nil else { return }
        try hold(writer.bytes.elementsEqual(bytes[..<reader.offset]), "an accepted value was written differently")
    }

    /// A map that may be passed over, with few enough keys in ascending order, may be read.
    private static func map(_ bytes: [UInt8]) throws {
        var keys = CBORReader(bytes)
        var isSound = true
        do throws(ProtocolError) {
            let (major, count) = try keys.head()
            guard major == 5, count <= 64 else { return }
            var last: UInt64?
            for _ in 0..<count {
                let key = try keys.unsigned()
                if let last, key <= last { isSound = false }
                last = key
                try keys.skip()
            }
        } catch { isSound = false }
        var reader = CBORReader(bytes)
        let error = try failure(bytes) { () throws(ProtocolError) in try reader.map { _, _ in false } }
        try hold((error == nil) == isSound, "a map with ascending keys was refused, or another one read")
        if isSound { try hold(reader.offset == keys.offset, "a map was read to another place than it ends at") }
    }

    private static func failure(
        _ bytes: [UInt8], _ body: () throws(ProtocolError) -> Void
    ) throws -> ProtocolError? {
        do throws(ProtocolError) {
            try body()
            return nil
        } catch {
            try hold((0...bytes.count).contains(error.offset), "an error's place lies outside the message")
            return error
        }
    }
}
