import ChangeLog
import Merge
import Replica
import SQLite
import SimulatedLead
import Support
import SyncClient
import SyncServer
import Trust

/// A line on a real store, and the replicas that have joined it.
final class BenchLine {
    let log: SQLiteChangeLog
    let server: SyncServer
    private let lead: SimulatedLead
    private let folder: String
    private var count = 0

    init(folder: String) async throws {
        self.folder = folder
        // Its writes are done at once, on the thread that asks: there is no other to wait for.
        log = try SQLiteChangeLog(path: folder + "/server.db", schedule: { $0() })
        lead = try SimulatedLead(now: systemWallMilliseconds())
        try await lead.found(in: log, lineName: "Bench", now: systemWallMilliseconds())
        server = SyncServer(log: log, registry: log, logger: Logger(minimumLevel: .error))
    }

    /// A replica that has joined, under a name of its own.
    func replica(_ path: String? = nil) async throws -> Replica {
        count += 1
        let replica = try Replica(path: path ?? "\(folder)/replica\(count).db", schema: Entries.schema)
        try await lead.admit(
            replica, name: "Bench \(count)", in: log, server: DirectTransport.address, now: systemWallMilliseconds())
        return replica
    }

    func client(_ replica: Replica) -> SyncClient {
        var configuration = SyncClient.Configuration()
        configuration.leasedNumbers = 0
        return SyncClient(replica: replica, transport: DirectTransport(server: server), configuration: configuration)
    }

    func sync(_ replica: Replica) async throws { try await client(replica).sync() }

    /// The workstation that a replica is on.
    func device(_ replica: Replica) async throws -> Device {
        guard let device = try log.device(try replica.deviceKeys().id) else {
            throw BenchError("the replica has not joined")
        }
        return device
    }

    /// A copy of the store as it stands.
    func backUp(to path: String) throws {
        let source = try Connection(path: log.path, mode: .readOnly)
        try source.backUp(to: try Connection(path: path, mode: .create))
    }
}

extension Replica {
    /// Inserts rows `size` at a time, and returns their ids and how long that took; making the rows does not count.
    func fill(
        _ count: Int, from first: Int = 0, perTransaction size: Int, key: ((Int) -> RecordID)? = nil
    ) throws -> (ids: [RecordID], watch: Stopwatch) {
        var watch = Stopwatch()
        var ids: [RecordID] = []
        ids.reserveCapacity(count)
        for part in Bench.parts(count, of: size) {
            let rows = part.map { (key?($0), Entry($0 + first)) }
            try watch.time {
                try write { transaction in
                    for (id, entry) in rows {
                        ids.append(try transaction.insert(Entries.collection, id: id) { entry.fill(&$0) })
                    }
                }
            }
        }
        return (ids, watch)
    }

    /// Edits one field of each of the records, `size` at a time.
    func edit(_ ids: [RecordID], perTransaction size: Int, round: Int = 0) throws -> Stopwatch {
        var watch = Stopwatch()
        for part in Bench.parts(ids.count, of: size) {
            let edits = part.map { (ids[$0], Entry.edit($0, round: round)) }
            try watch.time {
                try write { transaction in
                    for (id, text) in edits {
                        try transaction.update(Entries.collection, id) { $0[Entries.edited] = text }
                    }
                }
            }
        }
        return watch
    }
}

extension Replica {
    /// The next request of a session, as it goes over the wire.
    func nextRequest(requestBytes: Int = 4 << 20, pageBytes: Int = 1 << 20) throws -> SyncSession.Request {
        var sizes = SyncSession.Sizes()
        sizes.requestBytes = requestBytes
        sizes.pageBytes = pageBytes
        return try SyncSession(self).nextRequest(sizes)
    }
}
