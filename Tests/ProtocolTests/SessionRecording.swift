import ChangeLog
import Foundation
import HTTPClient
import HTTPServer
import JSON
import Merge
import Replica
import SQLite
import Sealing
import SimulatedLead
import Support
import SyncClient
import SyncProtocol
import SyncServer
import Testing
import Trust

/// Records scenes of a session between real workstations and a real server, as they go over the wire.
final class SessionRecording {
    enum Pages {
        static let title = Field<String>(1, "title")
        static let pages = CollectionSchema.records(1, "pages", fields: [title])
        static let text = Field<String>(1, "text")
        static let comments = CollectionSchema.notes(2, "comments", parent: pages, fields: [text])
        static let schema = Schema(version: 1, [pages, comments])
    }

    struct Desk {
        let replica: Replica
        let client: SyncClient
    }

    private let folder: URL
    private var founder: Desk?
    private var log: SQLiteChangeLog
    private let recorder: Recorder
    private var scenes: [JSONValue] = []
    private var count = 0

    init() async throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-recording-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = try SQLiteChangeLog(path: folder.appendingPathComponent("server.db").path)
        recorder = Recorder(Self.server(log))
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// All scenes, in one document.
    static func document() async throws -> JSONValue {
        let recording = try await SessionRecording()
        try await recording.record()
        let keyring = try #require(try recording.founder?.replica.membership()?.keyring)
        return [
            "secret": Vectors.hex(keyring.current.secret.copied()), "epoch": 1,
            "line": Vectors.hex(keyring.line.bytes),
            "scenes": .array(recording.scenes),
        ]
    }

    private func record() async throws {
        let one = try await found("one")
        let two = try await join("two")
        end("join")
        let page = try one.replica.write { tx in
            let page = try tx.insert(Pages.pages) { $0[Pages.title] = "Calm" }
            try tx.add(Pages.comments, parent: page) { $0[Pages.text] = "a comment" }
            return page
        }
        for desk in [one, two] { try await desk.client.sync() }
        for (index, desk) in [one, two].enumerated() {
            try desk.replica.write { try $0.update(Pages.pages, page) { $0[Pages.title] = "title \(index)" } }
        }
        for desk in [one, two, one] { try await desk.client.sync() }
        let conflict = try #require(try one.replica.read { try $0.conflicts() }.first)
        try one.replica.write { try $0.settle(conflict, takeOther: true) }
        for desk in [one, two] { try await desk.client.sync() }
        end("done")

        let fast = try await join("fast", clockAhead: 3_600_000)
        try fast.replica.write { tx in
            _ = try tx.insert(Pages.pages) { $0[Pages.title] = "from tomorrow" }
        }
        try fast.replica.write { tx in
            _ = try tx.insert(Pages.pages) { $0[Pages.title] = "and after it" }
        }
        recorder.forget()
        try await fast.client.sync()
        end("clock")

        try await two.client.sync()
        let copy = try open(try copied(two.replica.path))
        recorder.forget()
        for (desk, title) in [(two, "the original"), (copy, "the copy")] {
            try desk.replica.write { tx in _ = try tx.insert(Pages.pages) { $0[Pages.title] = title } }
            try await desk.client.sync()
        }
        end("forked")

        var limits = Limits()
        limits.commitBytes = 300
        log = try SQLiteChangeLog(path: log.path, limits: limits)
        recorder.connect(to: SyncServer(log: log, registry: log, logger: Logger(minimumLevel: .error)))
        try one.replica.write { tx in
            for number in 1...4 { _ = try tx.insert(Pages.pages) { $0[Pages.title] = "too much \(number)" } }
        }
        try one.replica.write { tx in _ = try tx.insert(Pages.pages) { $0[Pages.title] = "and on" } }
        try await one.client.sync()
        end("refused")

        log = try SQLiteChangeLog(path: log.path)
        recorder.connect(to: Self.server(log))
        for desk in [one, two] { try await desk.client.sync() }
        let backup = try copied(log.path)
        let comment = try one.replica.write { tx in
            try tx.update(Pages.pages, page) { $0[Pages.title] = "lost by the server" }
            return try tx.add(Pages.comments, parent: page) { $0[Pages.text] = "a lost comment" }
        }
        try await one.client.sync()
        try one.replica.write { try $0.erase(Pages.comments, comment) }
        try await one.client.sync()
        log = try SQLiteChangeLog(path: backup)
        recorder.connect(to: Self.server(log))
        try two.replica.write { tx in
            try tx.update(Pages.pages, page) { $0[Pages.title] = "written after the restore" }
        }
        try await two.client.sync()
        recorder.forget()
        try one.replica.write { tx in _ = try tx.insert(Pages.pages) { $0[Pages.title] = "waiting meanwhile" } }
        try await one.client.sync()
        try await two.client.sync()
        end("diverged")
    }

    // MARK: Parts

    private static func server(_ log: SQLiteChangeLog) -> SyncServer {
        SyncServer(log: log, registry: log, logger: Logger(minimumLevel: .error))
    }

    private func end(_ name: String) {
        scenes.append(["name": .string(name), "exchanges": .array(recorder.take())])
    }

    private func found(_ name: String) async throws -> Desk {
        let desk = try open(folder.appendingPathComponent(name).path)
        let invitation = Invitation(kind: .found, line: nil, address: Recorder.address)
        let now = systemWallMilliseconds()
        try await log.perform(
            .inviteFounder(
                signingKey: invitation.keys.signing.publicKey, name: "Recorded", expires: now + 3_600_000), by: nil,
            request: randomBytes(16), now: now)
        try await desk.client.found(try desk.client.prepareFounding(invitation: invitation.text, name: name))
        founder = desk
        return desk
    }

    private func join(_ name: String, clockAhead: Int64 = 0) async throws -> Desk {
        let desk = try open(folder.appendingPathComponent(name).path, clockAhead: clockAhead)
        let lead = Lead(try #require(founder).client)
        try await WholeAdmission.run(
            desk.replica, name: name, invitation: try await lead.invite().text, by: lead, over: recorder)
        return desk
    }

    private func open(_ path: String, clockAhead: Int64 = 0) throws -> Desk {
        let replica = try Replica(
            path: path, schema: Pages.schema,
            environment: .init(wallMilliseconds: { systemWallMilliseconds() + clockAhead }))
        return Desk(replica: replica, client: SyncClient(replica: replica, transport: recorder))
    }

    private func copied(_ path: String) throws -> String {
        count += 1
        let copy = folder.appendingPathComponent("copy\(count).db").path
        let source = try Connection(path: path, mode: .readOnly)
        let destination = try Connection(path: copy, mode: .create)
        try source.backUp(to: destination)
        if FileManager.default.fileExists(atPath: path + "-keys") {
            try FileManager.default.copyItem(atPath: path + "-keys", toPath: copy + "-keys")
        }
        return copy
    }
}

/// Hands requests to a server in this process, and keeps what went over.
private final class Recorder: HTTPTransport {
    static let address = "http://recorded"
    private let server: Lock<SyncServer>
    private let exchanges = Lock<[JSONValue]>([])

    init(_ server: SyncServer) { self.server = Lock(server) }

    func connect(to server: SyncServer) { self.server.withLock { $0 = server } }
    func forget() { _ = take() }

    func take() -> [JSONValue] {
        exchanges.withLock { exchanges in
            defer { exchanges = [] }
            return exchanges
        }
    }

    func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
        let path = String(request.url.dropFirst(Self.address.count))
        let head = HTTPRequestHead(
            method: HTTPMethod(rawValue: request.method), target: path,
            headers: request.headers.map { HTTPHeader($0.name, $0.value) },
            contentLength: request.body.count)
        let response = await server.withLock { $0 }.answer(head, body: request.body)
        exchanges.withLock {
            $0.append([
                "method": .string(request.method), "path": .string(path), "status": JSONValue(response.status),
                "request": Vectors.hex(request.body),
                "response": Vectors.hex(response.body),
            ])
        }
        return HTTPClientResponse(
            status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body)
    }
}
