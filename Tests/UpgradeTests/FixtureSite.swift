import ChangeLog
import Foundation
import HTTPServer
import Merge
import Replica
import SQLite
import Sealing
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport

/// A real server on 127.0.0.1 over a store of the frozen line, in a folder of its own.
final class FixtureSite: Sendable {
    /// What the frozen files call their server.
    static let url = "http://frozen.test"
    static let key = LineKey(epoch: 1, secret: (0..<32).map { UInt8($0) })!
    static let timeoutSeconds: Double = 900
    static let operatorToken = "lugn-operator-frozen"

    let folder: TemporaryFolder
    let clock: SettableWallClock
    let log: SQLiteChangeLog
    private let http: HTTPServer
    let exchanges = Lock<[FixtureExchange]>([])

    var address: String { "http://127.0.0.1:\(http.port)" }

    init(folder: TemporaryFolder, clock: SettableWallClock, store: String = "server.db", incarnation: UInt64? = nil)
        throws
    {
        self.folder = folder
        self.clock = clock
        log = try SQLiteChangeLog(
            path: folder.file(store), incarnation: incarnation.map { Incarnation(rawValue: $0) })
        let server = SyncServer(log: log, clock: clock.clock, logger: Logger(minimumLevel: .error))
        http = try HTTPServer(configuration: .init(connectionTimeoutSeconds: 900), handler: server)
    }

    func stop() async { await http.stop() }

    func desk(_ name: String, clockAheadMilliseconds: Int64 = 0) throws -> FixtureDesk {
        try FixtureDesk(
            name, path: folder.file("\(name).db"), site: self, clockAheadMilliseconds: clockAheadMilliseconds)
    }

    func join(_ name: String, invitation: String, clockAheadMilliseconds: Int64 = 0) async throws -> FixtureDesk {
        let desk = try desk(name, clockAheadMilliseconds: clockAheadMilliseconds)
        try await desk.client.join(server: Self.url, invitation: invitation, name: "Desk \(name)", key: Self.key)
        return desk
    }

    /// Everybody syncs until everybody has what the others sent: the desks in turn, three times.
    func settle(_ desks: [FixtureDesk]) async throws {
        for _ in 0..<3 {
            for desk in desks { try await desk.sync() }
        }
    }

    /// Copies a database as it stands, log and all, into one file.
    static func copy(_ source: String, to destination: String) throws {
        let from = try Connection(path: source, mode: .readOnly)
        let to = try Connection(path: destination, mode: .create)
        try from.backUp(to: to)
    }
}
