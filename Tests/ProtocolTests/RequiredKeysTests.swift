import ChangeLog
import Foundation
import HTTPServer
import Merge
import Replica
import Sealing
import SimulatedLead
import Support
import SyncProtocol
import SyncServer
import Testing
import Trust

/// The keys that `Protocol/lugn.cddl` gives each message are those that its reader requires: each one, and no other.
@Suite("Keys of messages")
struct RequiredKeysTests {
    private static let cursor = Cursor.start
    private static let line = SealedVectorTests.line
    private static let replica = ReplicaID(rawValue: 1)

    private struct Message: Sendable {
        var name: String
        var bytes: [UInt8]
        /// Reads the message.
        var read: @Sendable ([UInt8]) throws(ProtocolError) -> Void
        var path: String?
    }

    private static let messages = [
        Message(
            name: "sync-request", bytes: SyncRequest(line: line, replica: replica, clock: 0).encoded(),
            read: { (bytes) throws(ProtocolError) in _ = try SyncRequest(encoded: bytes) }, path: "/v2/sync"),
        Message(
            name: "sync-response", bytes: SyncResponse(outcome: .done, serverTime: 0).encoded(),
            read: { (bytes) throws(ProtocolError) in _ = try SyncResponse(encoded: bytes) }),
        Message(
            name: "heal-request", bytes: HealRequest(line: line, replica: replica).encoded(),
            read: { (bytes) throws(ProtocolError) in _ = try HealRequest(encoded: bytes) }, path: "/v2/heal"),
        Message(
            name: "heal-response", bytes: HealResponse(outcome: .done, serverTime: 0, cursor: cursor).encoded(),
            read: { (bytes) throws(ProtocolError) in _ = try HealResponse(encoded: bytes) }),
        Message(
            name: "desks-response", bytes: DesksResponse(serverTime: 0).encoded(),
            read: { (bytes) throws(ProtocolError) in _ = try DesksResponse(encoded: bytes) }),
    ]

    @Test("the specification and the code give every message the same keys")
    func sameKeys() throws {
        let specified = try Self.specifiedKeys()
        #expect(Set(specified.keys) == Set(Self.messages.map(\.name)))
        for message in Self.messages {
            #expect(specified[message.name] == (try Self.pairs(message.bytes)).map(\.key), "\(message.name)")
        }
    }

    @Test("a message is refused without any one of its keys, and read with one more")
    func eachIsRequired() throws {
        for message in Self.messages {
            let pairs = try Self.pairs(message.bytes)
            try message.read(message.bytes)
            for place in pairs.indices {
                var rest = pairs
                rest.remove(at: place)
                #expect(throws: ProtocolError.self, "\(message.name) without key \(pairs[place].key)") {
                    try message.read(Self.map(rest))
                }
            }
            try message.read(Self.map(pairs + [(99, [0x82, 0x01, 0xA1, 0x00, 0xF6])]))
        }
    }

    @Test("the specification's limits are those of the code")
    func sameLimits() throws {
        let limits = Limits()
        let folder = Vectors.folder.deletingLastPathComponent()
        let shapes = try String(contentsOf: folder.appendingPathComponent("lugn.cddl"), encoding: .utf8)
        for shape in [
            "changes: [0*\(limits.commitChanges) change]", "changes: [0*\(limits.commitChanges) feed-change]",
            "index: 0..\(limits.commitChanges - 1)", "[0*\(limits.commitChanges) part]",
            "sealed: bstr .size (0..\(limits.commitBytes))", "ancestors: [0*\(Limits.ancestors) record]",
            "replaced: [0*\(Limits.replacedDots) (dot, mask)]", "[0*\(Limits.requestCommits) commit]",
            "[0*\(Limits.requestCommits) digest]", "[0*\(HealRequest.maximumCompared) compared]",
            "[0*\(Limits.leases) [ordinal", "tstr .size (0..\(Limits.nameBytes))",
            "uint .lt \(Cursor.positionLimit)",
            "0..\(HybridTimestamp.implausible.milliseconds - 1)",
        ] {
            #expect(shapes.contains(shape), "\(shape)")
        }
        let text = try String(contentsOf: folder.appendingPathComponent("README.md"), encoding: .utf8)
        for row in [
            "| \(limits.requestBytes >> 20) MiB; \(RosterExtension.limitBytes >> 10) KiB; 64 KiB; 16 KiB |",
            "| \(limits.pageBytes >> 20) MiB |",
            "| \(limits.commitBytes >> 10) KiB; 10,000 |",
            "| \(limits.commitBytes >> 10) KiB; \(limits.valueBytes >> 10) KiB |",
            "| \(limits.waitMilliseconds / 1_000) s |", "| \(CBORReader.maximumDepth); 64 |",
        ] {
            #expect(text.contains(row), "\(row)")
        }
    }

    @Test("the server answers 400 to a request without any one of its keys, and changes nothing")
    func serverRefuses() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-keys-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = try SQLiteChangeLog(path: folder.appendingPathComponent("server.db").path)
        let now = systemWallMilliseconds()
        let lead = try SimulatedLead(now: now)
        try await lead.found(in: log, lineName: "Keys", now: now)
        let server = SyncServer(log: log, registry: log, logger: Logger(minimumLevel: .error))
        for message in Self.messages {
            guard let path = message.path else { continue }
            let pairs = try Self.pairs(message.bytes)
            for place in pairs.indices {
                var rest = pairs
                rest.remove(at: place)
                let body = Self.map(rest)
                let head = try SignedHead(.post, path, body, by: .device(lead.device), at: log, now: now).head
                let response = await server.answer(head, body: body)
                #expect(response.status == 400, "\(message.name) without key \(pairs[place].key)")
                #expect(String(decoding: response.body, as: UTF8.self).contains("urn:lugn:problem:malformed"))
            }
        }
        let summary = try #require(try await log.lines().first)
        #expect(summary.head == 0 && summary.replicas == 0)
    }

    // MARK: Parts

    private typealias Pair = (key: UInt64, value: [UInt8])

    private static func pairs(_ bytes: [UInt8]) throws(ProtocolError) -> [Pair] {
        var reader = CBORReader(bytes)
        var pairs: [Pair] = []
        try reader.map { key, reader throws(ProtocolError) in
            let start = reader.offset
            try reader.skip()
            pairs.append((key, Array(bytes[start..<reader.offset])))
            return true
        }
        return pairs
    }

    private static func map(_ pairs: [Pair]) -> [UInt8] {
        var writer = CBORWriter()
        writer.map(pairs.count)
        for pair in pairs {
            writer.unsigned(pair.key)
            writer.bytes += pair.value
        }
        return writer.bytes
    }

    /// The keys of each message in the CDDL: `name = {`, then lines that begin with a number and a colon.
    private static func specifiedKeys() throws -> [String: [UInt64]] {
        let file = Vectors.folder.deletingLastPathComponent().appendingPathComponent("lugn.cddl")
        var keys: [String: [UInt64]] = [:]
        var name: String?
        for line in try String(contentsOf: file, encoding: .utf8).split(separator: "\n") {
            if line.hasSuffix("= {") {
                name = String(line.prefix { $0 != " " })
                keys[name!] = []
            } else if line == "}" {
                name = nil
            } else if let name, let key = UInt64(line.drop { $0 == " " }.prefix { $0.isNumber }) {
                keys[name]?.append(key)
            }
        }
        return keys
    }
}
