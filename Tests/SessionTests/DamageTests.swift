import ChangeLog
import HTTPServer
import Merge
import Replica
import SQLite
import Sealing
import SimulatedDisk
import SimulatedLead
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// Files with rows that nobody sound wrote, and disks that fail: said clearly, and nothing is made worse.
@Suite("Damaged files and failing disks")
struct DamageTests {
    private func code(_ body: () throws -> Void) -> ReplicaError.Code? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ReplicaError)?.code
        }
    }

    @Test(
        "a replica whose rows are broken says that it is damaged, whatever row it is",
        arguments: [
            "DELETE FROM lugn_state", "UPDATE lugn_state SET fingerprint = x'00'", "DELETE FROM lugn_link",
            "UPDATE plants SET stamps = x'0102'", "UPDATE lugn_parked_record SET stamps = x'0102'",
        ])
    func brokenRows(_ sql: String) async throws {
        let line = try await TestLine()
        let soil = Field<String>(9, "soil")
        let newer = CollectionSchema.records(1, "plants", fields: Garden.plantFields + [soil])
        let tools = CollectionSchema.records(7, "tools", fields: [Field<String>(1, "name")])
        let (a, b) = (
            try await line.desk(),
            try await line.desk(schema: Schema(version: 2, [newer, Garden.remarks, Garden.leaves, tools]))
        )
        let id = try b.replica.write { tx in
            try tx.insert(tools) { $0[Field<String>(1, "name")] = "spade" }
            return try tx.insert(newer) { row in
                row[Garden.name] = "oak"
                row[soil] = "clay"
            }
        }
        for desk in [b, a] { try await desk.sync() }
        try Connection(path: a.path, mode: .readWrite).execute(sql)
        let codes = [
            code { _ = try a.replica.status() }, code { _ = try a.replica.recomputedFingerprint() },
            code { try a.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } } },
            code { try a.replica.write { try $0.erase(Garden.plants, id) } },
            code { try a.replica.compareWithServer() },
        ]
        #expect(codes.contains(.damaged))
        #expect(codes.allSatisfy { $0 == nil || $0 == .damaged })
        // The other desk and the server go on.
        #expect(try await b.sync().isVerified == true)
    }

    @Test("a server's store with a broken row is refilled, or refuses with an answer until it is put back")
    func brokenStore() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await desk.sync()
        let backup = try line.backUpServer()
        // A lost place in the log: nothing is handed out as if it were whole, and who compares brings it back.
        try line.site.execute("UPDATE log SET key = key + 1000")
        #expect(try await desk.client.verify(isDeep: true).isEqual)
        #expect(try await line.log.verify(line: line.line, now: line.clock.now).setAsideChanges == 1)
        try line.site.execute("UPDATE line SET fingerprint = x'00'")
        await #expect { try await desk.client.verify() } throws: { ($0 as? SyncError)?.code == .unavailable }
        try line.restoreServer(from: backup)
        #expect(try await desk.client.verify(isDeep: true).isEqual)
        #expect(try desk.state().count == 1)
    }

    @Test("a full or failing disk stops a replica from being opened or written, by its own name, and harms nothing")
    func disks() throws {
        for (fault, expected) in [(SimulatedDisk.Fault.full, ReplicaError.Code.diskFull), (.failure, .storage)] {
            let disk = SimulatedDisk()
            disk.inject(fault, at: 3, of: .write, lasts: true)
            #expect(code { _ = try open(disk) } == expected)
            disk.relieve()
            let replica = try open(disk)
            let id = try replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
            disk.inject(fault, at: 1, of: .changing, lasts: true)
            #expect(
                code { try replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } } } == expected)
            disk.relieve()
            #expect(try replica.read { try $0.fetch(Garden.plants, id) }?[Garden.height] == nil)
            try replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 2 } }
            #expect(try replica.recomputedFingerprint() == replica.status().fingerprint)
        }
        let folder = TemporaryFolder()
        #expect(code { _ = try Replica(path: folder.file("no/folder.db"), schema: Garden.schema) } == .inaccessible)
    }

    private func open(_ disk: SimulatedDisk) throws -> Replica {
        try Replica(path: "desk.db", schema: Garden.schema, environment: .init(vfs: disk.vfs))
    }

    @Test("a watch waits for room on a full disk, says so, and goes on when there is some")
    func watchOnFullDisk() async throws {
        let line = try await TestLine()
        let disk = SimulatedDisk()
        let replica = try open(disk)
        let client = SyncClient(
            replica: replica, transport: line.network,
            sleep: { if $0 == 0.1 { try await waitUntilCancelled() } }, random: { 0.5 })
        try await line.admit(replica, name: "Desk")
        let other = try await line.desk()
        try other.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await other.sync()
        disk.inject(.full, at: 1, of: .changing, lasts: true)
        let (events, continuation) = AsyncStream.makeStream(of: SyncEvent.self)
        let watch = Task { try await client.watch { continuation.yield($0) } }
        var wasFull = false
        loop: for await event in events {
            switch event {
            case .offline(let error, _):
                #expect((error as? ReplicaError)?.code == .diskFull)
                wasFull = true
                disk.relieve()
            case .upToDate: break loop
            case .received: continue
            }
        }
        #expect(wasFull)
        #expect(try replica.read { try $0.records(Garden.plants).count } == 1)
        watch.cancel()
        try await watch.value
    }

    @Test("a commit of too many changes or bytes is refused before it is saved")
    func limits() throws {
        let folder = TemporaryFolder()
        var limits = Limits()
        limits.commitChanges = 10
        limits.commitBytes = 4_000
        let replica = try Replica(path: folder.file("a.db"), schema: Garden.schema, limits: limits)
        func insert(_ count: Int, _ size: Int) throws {
            try replica.write { tx in
                for _ in 0..<count {
                    try tx.insert(Garden.plants) { $0[Garden.name] = String(repeating: "x", count: size) }
                }
            }
        }
        #expect(code { try insert(11, 1) } == .limit)
        #expect(code { try insert(1, 4_000) } == .limit)
        #expect(try replica.status().pending == 0 && replica.read { try $0.records(Garden.plants).isEmpty })
        try insert(10, 1)
        #expect(try replica.status().pending == 1)
    }

    @Test("healing is for a line's own devices, each with its own replica")
    func strangersHeal() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        for desk in [a, b] { try await desk.sync() }
        let keys = try a.replica.deviceKeys()
        func heal(_ request: HealRequest) async throws -> HTTPResponse {
            let head = try SignedHead(
                .post, "/v2/heal", request.encoded(), by: .device(keys), at: line.log, now: line.clock.now
            ).head
            return await line.server.answer(head, body: request.encoded())
        }
        var request = HealRequest(line: line.line, replica: try b.replica.status().replica)
        let stranger = try await heal(request)
        #expect(stranger.status == 403 && String(decoding: stranger.body, as: UTF8.self).contains("wrong-device"))
        let second = try SimulatedLead(now: line.clock.now)
        try await second.found(in: line.log, lineName: "Second", now: line.clock.now)
        request.line = second.line
        let astray = try await heal(request)
        #expect(astray.status == 403 && String(decoding: astray.body, as: UTF8.self).contains("wrong-line"))
        #expect(try await b.sync().isVerified == true)
    }
}
