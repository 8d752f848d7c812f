import ChangeLog
import Foundation
import HTTPClient
import Replica
import Sealing
import SimulatedLead
import SyncClient
import SyncProtocol
import Trust

/// A line whose server is a process of its own, started by ``start()``.
///
/// The store, its line and all workstations are made here before the server first runs: it alone has the store open then.
final class ProcessLine {
    let folder: String
    private let lead: SimulatedLead
    private let administrator = SigningKey(seed: SecretBytes(randomCount: 32))
    private var log: SQLiteChangeLog?

    init(folder: String) async throws {
        self.folder = folder
        try FileManager.default.createDirectory(atPath: folder + "/server", withIntermediateDirectories: true)
        let log = try SQLiteChangeLog(path: folder + "/server/log.db")
        let now = systemWallMilliseconds()
        lead = try SimulatedLead(now: now)
        try await lead.found(in: log, lineName: "Bench", now: now)
        try await log.perform(
            .addOperator(signingKey: administrator.publicKey, label: "Bench", line: nil), by: nil,
            request: randomBytes(16), now: now)
        self.log = log
    }

    var line: LineID { lead.line }

    /// A workstation's files, let into the line: for ``open(_:_:)``, or for a process of its own.
    func prepare(_ name: String) async throws {
        let replica = try Replica(path: path(name), schema: Entries.schema)
        try await lead.admit(
            replica, name: name, in: try store(), server: "http://127.0.0.1:1", now: systemWallMilliseconds())
    }

    /// Lets a workstation in that is one at the wire only.
    func prepare(_ keys: DeviceKeys, name: String) async throws {
        try await lead.admit(keys, name: name, in: try store(), now: systemWallMilliseconds())
    }

    /// Starts the server on the store, and waits until it listens.
    func start() throws -> ServerProcess {
        log = nil
        return try ServerProcess(store: folder + "/server", administrator: administrator)
    }

    func path(_ name: String) -> String { "\(folder)/\(name).db" }

    /// A prepared workstation in this process.
    func open(_ name: String, _ server: ServerProcess) throws -> (replica: Replica, client: SyncClient) {
        let replica = try Replica(path: path(name), schema: Entries.schema)
        try replica.moveServer(to: server.address)
        var configuration = SyncClient.Configuration()
        configuration.leasedNumbers = 0
        return (replica, SyncClient(replica: replica, transport: HTTPClient(), configuration: configuration))
    }

    private func store() throws -> SQLiteChangeLog {
        guard let log else { throw BenchError("the server has the store now") }
        return log
    }
}
