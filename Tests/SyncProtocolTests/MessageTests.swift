import Merge
import SyncProtocol
import TestSupport
import Testing

@Suite("Messages")
struct MessageTests {
    static let all: [(name: String, bytes: [UInt8], decode: @Sendable ([UInt8]) throws -> [UInt8])] = [
        ("SyncRequest", Examples.request.encoded(), { try SyncRequest(encoded: $0).encoded() }),
        ("SyncResponse", Examples.response.encoded(), { try SyncResponse(encoded: $0).encoded() }),
        ("HealRequest", Examples.heal.encoded(), { try HealRequest(encoded: $0).encoded() }),
        ("HealRequest that compares", Examples.compare.encoded(), { try HealRequest(encoded: $0).encoded() }),
        ("DesksResponse", Examples.desks.encoded(), { try DesksResponse(encoded: $0).encoded() }),
        ("HealResponse", Examples.healed.encoded(), { try HealResponse(encoded: $0).encoded() }),
        (
            "FeedCommit", Examples.page,
            { bytes in
                var reader = CBORReader(bytes)
                let commit = try reader.feedCommit(limits: Limits())
                try reader.finish()
                var writer = CBORWriter()
                writer.feedCommit(commit)
                return writer.bytes
            }
        ),
    ]

    @Test("every message comes back as it was", arguments: all.indices)
    func roundTrip(index: Int) throws {
        let (name, bytes, decode) = Self.all[index]
        #expect(try decode(bytes) == bytes, "\(name)")
    }

    @Test("what is in a message is what was put in")
    func content() throws {
        #expect(try SyncRequest(encoded: Examples.request.encoded()) == Examples.request)
        #expect(try SyncResponse(encoded: Examples.response.encoded()) == Examples.response)
        #expect(try HealRequest(encoded: Examples.heal.encoded()) == Examples.heal)
        #expect(try HealRequest(encoded: Examples.compare.encoded()) == Examples.compare)
        #expect(try HealResponse(encoded: Examples.healed.encoded()) == Examples.healed)
    }

    @Test("every message that ends too early is refused", arguments: all.indices)
    func truncated(index: Int) {
        let (name, bytes, decode) = Self.all[index]
        for end in 0..<bytes.count {
            #expect(throws: ProtocolError.self, "\(name) cut at \(end)") { try decode(Array(bytes[..<end])) }
        }
        #expect(throws: ProtocolError.self, "\(name) with more behind it") { try decode(bytes + [0]) }
    }

    @Test("no mutation crashes, and what is taken is written as it was read (I11)", arguments: all.indices)
    func mutated(index: Int) throws {
        let (name, bytes, decode) = Self.all[index]
        var random = SplitMix64(seed: UInt64(index))
        for round in 0..<20_000 {
            var mutant = bytes
            for _ in 0...Int.random(in: 0..<3, using: &random) {
                let place = Int.random(in: mutant.indices, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: mutant[place] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: mutant[place] = UInt8.random(in: 0...255, using: &random)
                default: mutant.remove(at: place)
                }
            }
            do {
                let again = try decode(mutant)
                // Unknown keys are dropped: then the message is shorter, never longer.
                #expect(again.count <= mutant.count + 64, "\(name), seed \(index), round \(round)")
            } catch is ProtocolError {}
        }
    }

    @Test("a length that the bytes do not bear out reserves nothing")
    func lengths() {
        for head: [UInt8] in [
            [0x5B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0x9B, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
            [0xBB, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF],
        ] {
            var reader = CBORReader(head)
            #expect(throws: ProtocolError.self) { try reader.skip() }
        }
        var deep = CBORReader([UInt8](repeating: 0x81, count: 1_000_000))
        #expect(throws: ProtocolError(.limit, offset: 17)) { try deep.skip() }
    }

    @Test("a key of a later version is passed over")
    func unknownKeys() throws {
        var bytes = Examples.healed.encoded()
        bytes[0] += 1
        bytes += [0x18, 0x63, 0x82, 0x01, 0xA1, 0x61, 0x78, 0xF6]
        #expect(try HealResponse(encoded: bytes) == Examples.healed)
    }

    @Test("another version is refused in every message", arguments: all.indices.dropLast())
    func versions(index: Int) {
        let (name, bytes, decode) = Self.all[index]
        for version in [0, 1, 3] as [UInt8] {
            var other = bytes
            other[2] = version
            #expect(throws: ProtocolError(.version, offset: 2), "\(name)") { try decode(other) }
        }
    }

    @Test("each key that is left out is missed", arguments: all.indices.dropLast())
    func missingKeys(index: Int) throws {
        let (name, bytes, decode) = Self.all[index]
        let entries = try entries(of: bytes)
        #expect(entries.count >= 4)
        for left in entries.indices {
            var message: [UInt8] = [0xA0 + UInt8(entries.count - 1)]
            for (index, entry) in entries.enumerated() where index != left { message += entry }
            #expect(throws: ProtocolError(.missing, offset: message.count), "\(name) without entry \(left)") {
                try decode(message)
            }
        }
    }

    @Test("each key that comes twice, or out of order, is refused", arguments: all.indices.dropLast())
    func repeatedKeys(index: Int) throws {
        let (name, bytes, decode) = Self.all[index]
        let entries = try entries(of: bytes)
        for twice in entries.indices {
            var doubled = entries
            doubled.insert(entries[twice], at: twice)
            var swapped = entries
            swapped.swapAt(twice, (twice + 1) % entries.count)
            for broken in [doubled, swapped] {
                let head = broken.count < 24 ? [0xA0 + UInt8(broken.count)] : [0xB8, UInt8(broken.count)]
                do {
                    _ = try decode(head + broken.flatMap(\.self))
                    Issue.record("\(name) with entry \(twice) twice or out of order was taken")
                } catch let error as ProtocolError {
                    #expect(error.code == .notDeterministic, "\(name), entry \(twice)")
                }
            }
        }
    }

    /// A message's keys with their values.
    private func entries(of bytes: [UInt8]) throws -> [[UInt8]] {
        var reader = CBORReader(bytes)
        let count = Int(try reader.head().argument)
        return try (0..<count).map { _ in
            let start = reader.offset
            _ = try reader.unsigned()
            try reader.skip()
            return Array(bytes[start..<reader.offset])
        }
    }
}
