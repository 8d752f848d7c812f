import Foundation
import JSON
import Merge
import SyncProtocol
import TestSupport
import Testing

/// A folder of `Tests/Fixtures`: files and messages of one format version, and what they say.
struct Frozen: Sendable, CustomTestStringConvertible {
    static let all = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .appendingPathComponent("Fixtures")
    static let desks = ["one", "two", "three"]
    static let stores = ["server.db"] + desks.map { "\($0).db" }

    let folder: URL
    /// When the files were closed, in milliseconds since 1970.
    var now: Int64 = 0
    /// The server's process at that time: the ids of desk one is good for it.
    var incarnation: UInt64 = 0
    /// One that was not used.
    var invitation = ""
    var serverFingerprint = ""
    var fingerprints: [String: String] = [:]
    var standing: [String: [String]] = [:]
    var contents: [String: [String]] = [:]
    /// The same after everybody has synced.
    var settled: [String: [String]] = [:]
    /// Everything that went over the wire while the files were made.
    var history: [FixtureExchange] = []
    /// What went over it when they were opened, and everybody synced, the same process of the server answering.
    var settling: [FixtureExchange] = []

    var testDescription: String { folder.lastPathComponent }

    init(folder: URL) { self.folder = folder }

    /// Every format version that was ever frozen.
    static func everyVersion() throws -> [Frozen] {
        try FileManager.default.contentsOfDirectory(atPath: all.path).filter { $0.hasPrefix("format-") }.sorted().map {
            try Frozen(reading: all.appendingPathComponent($0))
        }
    }

    /// Copies of the files, to be worked with.
    func copies() throws -> TemporaryFolder {
        let copies = TemporaryFolder()
        for name in Self.stores {
            try FileManager.default.copyItem(
                atPath: folder.appendingPathComponent(name).path, toPath: copies.file(name))
        }
        return copies
    }

    // MARK: As files

    struct Unreadable: Error { let file: String }

    init(reading folder: URL) throws {
        self.init(folder: folder)
        let expected = try Self.parse(folder, "expected.json")
        guard let now = expected["now"]?.integer, let incarnation = expected["incarnation"]?.string,
            let word = UInt64(incarnation, radix: 16), let invitation = expected["invitation"]?.string,
            let serverFingerprint = expected["serverFingerprint"]?.string
        else { throw Unreadable(file: "expected.json") }
        self.now = now
        self.incarnation = word
        self.invitation = invitation
        self.serverFingerprint = serverFingerprint
        for name in Self.desks + ["four"] {
            guard let desk = expected["desks"]?[name] else { throw Unreadable(file: "expected.json") }
            fingerprints[name] = desk["fingerprint"]?.string
            standing[name] = Self.lines(desk["standing"])
            contents[name] = Self.lines(desk["contents"])
            settled[name] = Self.lines(desk["settled"])
        }
        let wire = try Self.parse(folder, "wire.json")
        history = (wire["history"]?.array ?? []).compactMap(FixtureExchange.init)
        settling = (wire["settling"]?.array ?? []).compactMap(FixtureExchange.init)
        guard history.count == wire["history"]?.array?.count, settling.count == wire["settling"]?.array?.count else {
            throw Unreadable(file: "wire.json")
        }
    }

    func write() throws {
        let desks = (Self.desks + ["four"]).map { name in
            JSONMember(
                name,
                [
                    "fingerprint": fingerprints[name].map { .string($0) } ?? nil,
                    "standing": Self.json(standing[name]), "contents": Self.json(contents[name]),
                    "settled": Self.json(settled[name]),
                ])
        }
        try Self.write(
            [
                "now": JSONValue(now), "incarnation": .string(String(incarnation, radix: 16)),
                "invitation": .string(invitation), "serverFingerprint": .string(serverFingerprint),
                "desks": .object(desks),
            ], folder, "expected.json")
        try Self.write(
            ["history": .array(history.map(\.json)), "settling": .array(settling.map(\.json))], folder, "wire.json")
    }

    private static func parse(_ folder: URL, _ name: String) throws -> JSONValue {
        try JSONValue(parsing: Array(Data(contentsOf: folder.appendingPathComponent(name))))
    }

    private static func write(_ document: JSONValue, _ folder: URL, _ name: String) throws {
        try (document.indentedText + "\n").write(
            to: folder.appendingPathComponent(name), atomically: true, encoding: .utf8)
    }

    private static func lines(_ json: JSONValue?) -> [String] { (json?.array ?? []).compactMap(\.string) }
    private static func json(_ lines: [String]?) -> JSONValue { .array((lines ?? []).map { .string($0) }) }
}
