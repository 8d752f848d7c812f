import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import SQLite
import Sealing
import Support
import SyncClient
import SyncProtocol
import SyncServer

/// A line whose server is a process of its own, started by ``start()``.
///
/// The store, its line and all invitations are made here before the server first runs: it alone has the store open then.
final class ProcessLine {
    let folder: String
    let key = LineKey.random()
    let operatorToken: String
    private var invitations: [String] = []

    init(folder: String, invitations count: Int) async throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder + "/server", withIntermediateDirectories: true)
        let log = try SQLiteChangeLog(path: folder + "/server/log.db")
        let now = systemWallMilliseconds()
        let line = try await log.createLine(name: "Bench", now: now)
        operatorToken = Secrets.make("lugn-operator")
        try await log.addOperator(tokenHash: Secrets.hash(operatorToken))
        for _ in 0..<count {
            invitations.append(
                try await Secrets.invitation(to: line, in: log, now: now, hours: Secrets.invitationHours).text)
        }
    }

    /// Starts the server on the store, and waits until it listens.
    func start() throws -> ServerProcess { try ServerProcess(store: folder + "/server", operatorToken: operatorToken) }

    /// One that nobody has used yet.
    func invitation() throws -> String {
        guard let last = invitations.popLast() else { throw BenchError("too few invitations were made") }
        return last
    }

    /// A replica in this process that has joined over the network.
    func join(_ server: ServerProcess, name: String) async throws -> (replica: Replica, client: SyncClient) {
        let replica = try Replica(path: "\(folder)/\(name).db", schema: Entries.schema)
        var configuration = SyncClient.Configuration()
        configuration.leasedNumbers = 0
        let client = SyncClient(replica: replica, transport: HTTPClient(), configuration: configuration)
        try await client.join(server: server.address, invitation: invitation(), name: name, key: key)
        return (replica, client)
    }
}
