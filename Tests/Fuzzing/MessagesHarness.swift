import SyncProtocol

/// The messages: whatever is accepted means the same when it is written and read again, and is written as it was read
/// if it has the keys of this version and no others.
///
/// The first byte chooses the message.
enum MessagesHarness {
    static func run(_ bytes: [UInt8]) throws {
        guard let kind = bytes.first else { return }
        let body = Array(bytes.dropFirst())
        do {
            try check(kind % 9, body)
        } catch let error as ProtocolError {
            try hold((0...body.count).contains(error.offset), "an error's place lies outside the message")
        }
    }

    private static func check(_ kind: UInt8, _ bytes: [UInt8]) throws {
        switch kind {
        case 0:
            try message(
                bytes, keys: 16, { bytes throws(ProtocolError) in try SyncRequest(encoded: bytes) }, { $0.encoded() })
        case 1:
            try message(
                bytes, keys: 12, { bytes throws(ProtocolError) in try SyncResponse(encoded: bytes) }, { $0.encoded() })
            if let page = try SyncResponse(encoded: bytes).page { try self.page(Array(page)) }
        case 2:
            try message(
                bytes, keys: 7, { bytes throws(ProtocolError) in try HealRequest(encoded: bytes) }, { $0.encoded() })
        case 3:
            try message(
                bytes, keys: 8, { bytes throws(ProtocolError) in try HealResponse(encoded: bytes) }, { $0.encoded() })
        case 4: try TrustMessages.check(bytes)
        case 5: try TrustMessages.entry(bytes)
        case 6: try page(bytes)
        case 7:
            try part(bytes) { reader, writer throws(ProtocolError) in
                writer.commit(try reader.commit(limits: Limits()))
            }
        default:
            try part(bytes) { reader, writer throws(ProtocolError) in
                writer.change(try reader.change(limits: Limits()))
            }
        }
    }

    private static func message<Message: Equatable>(
        _ bytes: [UInt8], keys: UInt64, _ decode: ([UInt8]) throws(ProtocolError) -> Message,
        _ encode: (Message) -> [UInt8]
    ) throws {
        let message = try decode(bytes)
        let written = encode(message)
        let again: Message
        do throws(ProtocolError) { again = try decode(written) } catch {
            throw Violation("a message that was accepted is refused when it is written again: \(error)")
        }
        try hold(again == message, "a message means something else when it is written again")
        if hasExactly(keys, bytes) { try hold(written == bytes, "an accepted message was written differently") }
    }

    /// Whether a message has the keys of this version, and no others.
    private static func hasExactly(_ count: UInt64, _ bytes: [UInt8]) -> Bool {
        var reader = CBORReader(bytes)
        var keys: [UInt64] = []
        do throws(ProtocolError) {
            try reader.map { key, _ in
                keys.append(key)
                return false
            }
        } catch { return false }
        return keys.elementsEqual(0..<count)
    }

    private static func page(_ bytes: [UInt8]) throws {
        var reader = CBORReader(bytes)
        while !reader.isAtEnd {
            let start = reader.offset
            let commit = try reader.feedCommit(limits: Limits())
            var writer = CBORWriter()
            writer.feedCommit(commit)
            try hold(
                writer.bytes.elementsEqual(bytes[start..<reader.offset]),
                "an accepted commit of the feed was written differently")
        }
    }

    private static func part(
        _ bytes: [UInt8], _ body: (inout CBORReader, inout CBORWriter) throws(ProtocolError) -> Void
    ) throws {
        var reader = CBORReader(bytes)
        var writer = CBORWriter()
        try body(&reader, &writer)
        try hold(writer.bytes.elementsEqual(bytes[..<reader.offset]), "an accepted part was written differently")
    }
}
