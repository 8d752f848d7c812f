import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import SQLite
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// Staying in sync by oneself.
@Suite("Watching")
struct WatchTests {
    /// A watch in a task of its own, and what it tells.
    private final class Watch {
        private let task: Task<Void, any Error>
        private var events: AsyncStream<SyncEvent>.Iterator

        init(_ client: SyncClient) {
            let (stream, continuation) = AsyncStream.makeStream(of: SyncEvent.self)
            events = stream.makeAsyncIterator()
            task = Task {
                defer { continuation.finish() }
                try await client.watch { continuation.yield($0) }
            }
        }

        /// The next event for which the body has something; nil if the watch ended before.
        func next<Result>(_ body: (SyncEvent) throws -> Result?) async throws -> Result? {
            while let event = await events.next(isolation: #isolation) {
                if let result = try body(event) { return result }
            }
            return nil
        }

        func upToDate() async throws -> SyncReport? {
            try await next { if case .upToDate(let report) = $0 { report } else { nil } }
        }

        func offline() async throws -> (error: any Error, seconds: Double)? {
            try await next { if case .offline(let error, let seconds) = $0 { (error, seconds) } else { nil } }
        }

        /// Ends it, and says how it ended.
        func stop() async throws {
            task.cancel()
            try await task.value
        }

        func end() async throws { try await task.value }

        deinit { task.cancel() }
    }

    @Test("what another desk sends arrives without being asked for, and what is written here is sent at once")
    func bothWays() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let watch = Watch(a.client)
        _ = try await watch.upToDate()
        let id = try b.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await b.sync()
        let received = try await watch.next { if case .received(let receipt) = $0 { receipt } else { nil } }
        #expect(received?.applied == 1)
        #expect(try a.plant(id)?[Garden.name] == "oak")
        try a.replica.write { try $0.update(Garden.plants, id) { $0[Garden.name] = "elm" } }
        while try a.replica.status().pending > 0 { _ = try #require(await watch.upToDate()) }
        try await b.sync()
        #expect(try b.plant(id)?[Garden.name] == "elm")
        try await watch.stop()
    }

    @Test("what another process writes to the same file is sent at once, and told of")
    func otherProcess() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        let watch = Watch(a.client)
        _ = try await watch.upToDate()
        var notices = a.replica.changes().makeAsyncIterator()
        let clock = line.clock
        let other = try Replica(
            path: a.path, schema: Garden.schema, environment: .init(wallMilliseconds: { clock.now }))
        try other.write { try $0.insert(Garden.plants) { $0[Garden.name] = "by a command" } }
        while try a.replica.status().pending > 0 { _ = try #require(await watch.upToDate()) }
        #expect(await notices.next(isolation: #isolation)?.origin == .otherProcess)
        #expect(try await line.log.lines().first?.head == 1)
        try await watch.stop()
    }

    @Test("without a network it tries again, with growing patience, and goes on by itself")
    func offline() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        line.network.setDown(true)
        let slept = Lock<[Double]>([])
        let client = SyncClient(
            replica: a.replica, transport: line.network,
            sleep: { seconds in
                // The look for other processes, ten times a second, is not what this is about.
                if seconds == 0.1 { return try await waitUntilCancelled() }
                slept.withLock { $0.append(seconds) }
            }, random: { 0.75 })
        let watch = Watch(client)
        var told: [Double] = []
        for _ in 0..<10 {
            let (error, seconds) = try #require(try await watch.offline())
            #expect((error as? SyncError)?.code == .unreachable)
            told.append(seconds)
        }
        #expect(told == [0.375, 0.75, 1.5, 3, 6, 12, 24, 45, 45, 45])
        line.network.setDown(false)
        #expect(try await watch.upToDate()?.isVerified == true)
        #expect(Array(slept.withLock { $0 }.prefix(10)) == told)
        // Patience begins anew.
        line.network.setDown(true)
        try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        #expect(try await watch.offline()?.seconds == 0.375)
        try await watch.stop()
    }

    @Test("while it waits to try again, a local write makes it try at once")
    func writeWhileOffline() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        line.network.setDown(true)
        let client = SyncClient(
            replica: a.replica, transport: line.network,
            sleep: { _ in try await waitUntilCancelled() }, random: { 0.999 })
        let watch = Watch(client)
        _ = try await watch.offline()
        line.network.setDown(false)
        try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        #expect(try await watch.upToDate()?.acknowledged == 1)
        try await watch.stop()
    }

    @Test("a busy server is left alone for as long as it asks")
    func busy() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        try line.restartServer(workLimit: 0)
        let client = SyncClient(
            replica: a.replica, transport: line.network, sleep: { _ in try await waitUntilCancelled() },
            random: { 0.1 })
        let watch = Watch(client)
        let (error, seconds) = try #require(try await watch.offline())
        #expect((error as? SyncError)?.code == .unavailable && seconds == 2)
        try await watch.stop()
    }

    @Test("what differs while it waits is healed")
    func differs() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try b.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await b.sync()
        let watch = Watch(a.client)
        _ = try await watch.upToDate()
        let connection = try Connection(path: a.path, mode: .readWrite)
        try connection.execute("DELETE FROM plants; UPDATE lugn_state SET fingerprint = zeroblob(16)")
        try b.replica.write { _ = try $0.add(Garden.remarks, parent: id) { $0[Garden.text] = "news" } }
        try await b.sync()
        while try a.plant(id) == nil { _ = try #require(await watch.upToDate()) }
        #expect(try a.state() == b.state())
        try await watch.stop()
    }

    @Test("a desk that is let in no more ends its watch, and says why")
    func revoked() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        try await a.sync()
        try await line.block(a)
        let watch = Watch(a.client)
        await #expect { try await watch.end() } throws: { ($0 as? SyncError)?.code == .refused }
    }

    @Test("one process watches a replica at a time, and the lock ends with it")
    func lock() throws {
        let folder = TemporaryFolder()
        var lock: WatchLock? = try WatchLock(replicaPath: folder.file("a.db"))
        #expect { _ = try WatchLock(replicaPath: folder.file("a.db")) } throws: {
            ($0 as? SyncError)?.code == .alreadyWatching
        }
        _ = try WatchLock(replicaPath: folder.file("b.db"))
        lock = nil
        #expect(lock == nil)
        lock = try WatchLock(replicaPath: folder.file("a.db"))
        #expect { _ = try WatchLock(replicaPath: folder.file("no such folder/a.db")) } throws: {
            ($0 as? SyncError)?.code == .unavailable
        }
    }

    /// Closing a descriptor twice closes somebody else's that was opened in between: a database's, or a connection's.
    @Test("a lock that others hold costs its own descriptor, and nobody else's")
    func refusedLocks() async throws {
        let folder = TemporaryFolder()
        let path = folder.file("replica.db")
        let held = try WatchLock(replicaPath: path)
        let lost = await withTaskGroup(of: Int.self) { group in
            group.addTask {
                for _ in 0..<3_000 { _ = try? WatchLock(replicaPath: path) }
                return 0
            }
            group.addTask {
                var lost = 0
                for _ in 0..<20_000 {
                    // Open for a while, as a database's would be.
                    guard let file = FileHandle(forReadingAtPath: path + ".watch") else { continue }
                    for _ in 0..<20 where fcntl(file.fileDescriptor, F_GETFD) == -1 { lost += 1 }
                    if lost > 0 { return lost }
                    try? file.close()
                }
                return lost
            }
            return await group.reduce(0, +)
        }
        #expect(lost == 0)
        withExtendedLifetime(held) {}
    }
}
