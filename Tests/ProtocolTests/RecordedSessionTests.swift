import ChangeLog
import Foundation
import HTTPClient
import HTTPServer
import JSON
import Merge
import Replica
import Sealing
import Support
import SyncClient
import SyncProtocol
import SyncServer
import Testing

/// A whole session as it went over the wire, kept in `Protocol/vectors/session.json`: two workstations join, one writes,
/// both sync, both write the same field, one settles it. `LUGN_UPDATE_VECTORS=1` records it anew.
@Suite("The recorded session")
struct RecordedSessionTests {
    private enum Pages {
        static let title = Field<String>(1, "title")
        static let pages = CollectionSchema.records(1, "pages", fields: [title])
        static let text = Field<String>(1, "text")
        static let comments = CollectionSchema.notes(2, "comments", parent: pages, fields: [text])
        static let schema = Schema(version: 1, [pages, comments])
    }

    static let file = VectorTests.folder.appendingPathComponent("session.json")
    static let key = LineKey(epoch: 1, secret: (0..<32).map { UInt8($0) })!

    @Test("every message of it is read, and written again to the same bytes")
    func readAgain() async throws {
        if ProcessInfo.processInfo.environment["LUGN_UPDATE_VECTORS"] == "1" { try await record() }
        let document = try JSONValue(parsing: Array(Data(contentsOf: Self.file)))
        let exchanges = try #require(document["exchanges"]?.array)
        #expect(exchanges.count >= 8)
        var opened: [String] = []
        for exchange in exchanges {
            let request = try #require(exchange["request"]?.string.flatMap { bytes(hexadecimal: $0) })
            let response = try #require(exchange["response"]?.string.flatMap { bytes(hexadecimal: $0) })
            switch exchange["path"]?.string {
            case "/v1/join":
                #expect(try JoinRequest(encoded: request).encoded() == request)
                #expect(try JoinResponse(encoded: response).encoded() == response)
            case "/v1/sync":
                let message = try SyncRequest(encoded: request)
                #expect(message.encoded() == request)
                #expect(try SyncResponse(encoded: response).encoded() == response)
                opened += try open(message)
            default: Issue.record("an exchange has no path")
            }
        }
        #expect(opened.contains("Calm"))
        #expect(opened.contains("a comment"))
    }

    /// The texts that the request's commits seal.
    private func open(_ request: SyncRequest) throws -> [String] {
        let sealer = Sealer(line: request.line, key: Self.key)
        var texts: [String] = []
        for commit in request.commits {
            for (index, change) in commit.changes.enumerated() where change.header.kind != .erase {
                var plain: [UInt8] = []
                let isOpen = sealer.open(
                    change.sealed, header: change.header, stamp: Stamp(time: commit.time, replica: request.replica),
                    nonce: commit.nonce, index: UInt64(index), into: &plain)
                #expect(isOpen)
                var reader = CBORReader(plain)
                texts.append(try reader.text(limit: 1_000))
            }
        }
        return texts
    }

    // MARK: Recording

    private final class Recorder: HTTPTransport {
        let server: SyncServer
        let exchanges = Lock<[JSONValue]>([])
        init(_ server: SyncServer) { self.server = server }

        func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
            let path = String(request.url.dropFirst("http://recorded".count))
            let head = HTTPRequestHead(
                method: .post, path: path, headers: request.headers.map { HTTPHeader($0.name, $0.value) },
                contentLength: request.body.count)
            let response = await server.answer(head, body: request.body)
            exchanges.withLock {
                $0.append([
                    "path": .string(path), "status": JSONValue(response.status),
                    "request": .string(hexadecimalText(request.body)),
                    "response": .string(hexadecimalText(response.body)),
                ])
            }
            return HTTPClientResponse(
                status: response.status, headers: response.headers.map { ($0.name, $0.value) }, body: response.body)
        }
    }

    private func record() async throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-recording-\(UUID())")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let log = try SQLiteChangeLog(path: folder.appendingPathComponent("server.db").path)
        let line = try log.createLine(name: "Recorded", now: systemWallMilliseconds())
        let recorder = Recorder(SyncServer(log: log, logger: Logger(minimumLevel: .error)))
        var desks: [(Replica, SyncClient)] = []
        for name in ["one", "two"] {
            let replica = try Replica(path: folder.appendingPathComponent(name).path, schema: Pages.schema)
            let client = SyncClient(replica: replica, transport: recorder)
            let invitation = try Secrets.invitation(to: line, in: log, now: systemWallMilliseconds(), hours: 1)
            try await client.join(server: "http://recorded", invitation: invitation.text, name: name, key: Self.key)
            desks.append((replica, client))
        }
        let page = try desks[0].0.write { tx in
            let page = try tx.insert(Pages.pages) { $0[Pages.title] = "Calm" }
            try tx.add(Pages.comments, parent: page) { $0[Pages.text] = "a comment" }
            return page
        }
        for desk in desks { try await desk.1.sync() }
        for (index, desk) in desks.enumerated() {
            try desk.0.write { tx in try tx.update(Pages.pages, page) { $0[Pages.title] = "title \(index)" } }
        }
        for desk in desks + [desks[0]] { try await desk.1.sync() }
        let conflict = try #require(try desks[0].0.read { try $0.conflicts() }.first)
        try desks[0].0.write { tx in try tx.settle(conflict, takeOther: true) }
        for desk in desks { try await desk.1.sync() }
        let document: JSONValue = [
            "secret": .string(hexadecimalText((0..<32).map { UInt8($0) })), "epoch": 1,
            "exchanges": .array(recorder.exchanges.withLock { $0 }),
        ]
        try (document.indentedText + "\n").write(to: Self.file, atomically: true, encoding: .utf8)
    }
}
