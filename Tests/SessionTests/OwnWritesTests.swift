import Merge
import Replica
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// A workstation that was put back meets what it wrote itself in the time that it has lost.
@Suite("Own writes of a lost time")
struct OwnWritesTests {
    @Test("they are not taken for unsent ones: what replaced them replaces them there too (I1, I10)")
    func replaced() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [a, b, a] { try await desk.sync() }
        let (server, old) = (try line.backUpServer(), try line.copy(a))
        line.clock.advance(by: 1_000)
        try a.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } }
        for desk in [a, b] { try await desk.sync() }
        // Both are put back to before that write, and only desk B still has it.
        try line.restoreServer(from: server)
        let restored = try line.open(old)
        try await b.sync()
        try await restored.sync()
        #expect(try restored.plant(id)?[Garden.height] == 1)
        line.clock.advance(by: 1_000)
        try b.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 2 } }
        for desk in [b, restored] { try await desk.sync() }
        #expect(try restored.conflicts().isEmpty)
        #expect(try restored.state() == b.state())
        #expect(try restored.replica.status().isVerified == true)
    }

    @Test(
        "a fork does not forget what had been taken: a server that was put back to before that is found out (I2, I10)")
    func forkedAndPutBack() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [a, b] { try await desk.sync() }
        line.clock.advance(by: 1_000)
        try a.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } }
        try await a.sync()
        line.clock.advance(by: 1_000)
        try b.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 2 } }
        let server = try line.backUpServer()
        let copy = try line.open(try line.copy(b))
        try b.replica.write { try $0.update(Garden.plants, id) { $0[Garden.price] = 3 } }
        try await b.sync()
        // The copy hears that its write was taken, that there is more under its name, and then nothing more.
        line.network.fail([.none, .requestLost])
        await #expect(throws: SyncError.self) { try await copy.sync() }
        line.network.fail([])
        #expect(try copy.replica.status().pending == 0 && copy.replica.status().replica != b.replica.status().replica)
        // Desk B is gone, and the server is put back: only the copy still has the write.
        try line.restoreServer(from: server)
        for desk in [copy, a, copy] { try await desk.sync() }
        for desk in [a, copy] {
            #expect(try desk.plant(id)?[Garden.height] == 2)
            #expect(try desk.conflicts().map(\.other) == [.integer(1)])
            #expect(try desk.replica.status().isVerified == true)
        }
    }

    @Test("what a copy writes in the middle of a feed does not claim to have seen what the original writes later (I2)")
    func copyInTheMiddle() async throws {
        let line = try await TestLine()
        let (one, two) = (try await line.desk(), try await line.desk())
        let id = try one.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [one, two] { try await desk.sync() }
        let copied = try line.copy(two)
        let pages = SyncClient.Configuration.smallestPages
        line.clock.advance(by: 1_000)
        try one.replica.write { try $0.update(Garden.plants, id) { $0[Garden.price] = 1 } }
        line.clock.advance(by: 1_000)
        try one.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 2 } }
        try await one.sync()
        let copy = try line.open(copied)
        let slow = SyncClient(replica: copy.replica, transport: line.network, configuration: pages)
        // The first page, and nothing after it.
        line.network.fail([.none, .requestLost])
        await #expect(throws: SyncError.self) { try await slow.sync() }
        line.network.fail([])
        #expect(try copy.plant(id)?[Garden.price] == 1 && copy.plant(id)?[Garden.height] == nil)
        // Earlier than the copy's writes, under the id that both have, and not seen by them.
        try two.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 5 } }
        for value in [Int64(3), 4] {
            line.clock.advance(by: 1_000)
            try copy.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = value } }
        }
        for desk in [two, copy, one, two, copy] { try await desk.sync() }
        for desk in [one, two, copy] {
            let shown = try desk.plant(id)?[Garden.height].map { Value.integer($0) }
            #expect((try desk.conflicts().map(\.other) + [shown].compactMap(\.self)).contains(.integer(5)))
            #expect(try desk.replica.status().isVerified == true)
        }
    }

    @Test("what was acknowledged is not sent again by a copy that takes a new id (I5)")
    func acknowledgedBeforeTheFork() async throws {
        let line = try await TestLine()
        let (one, two) = (try await line.desk(), try await line.desk())
        let id = try one.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [one, two] { try await desk.sync() }
        line.clock.advance(by: 1_000)
        try one.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } }
        let copy = try line.open(try line.copy(one))
        line.clock.advance(by: 1_000)
        try one.replica.write { try $0.update(Garden.plants, id) { $0[Garden.name] = "ash" } }
        try await one.sync()
        try await two.sync()
        line.clock.advance(by: 1_000)
        try two.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 3 } }
        try await two.sync()
        line.clock.advance(by: 1_000)
        try copy.replica.write { try $0.update(Garden.plants, id) { $0[Garden.price] = 4 } }
        for desk in [copy, one, two] { try await desk.sync() }
        for desk in [one, two, copy] {
            #expect(try desk.conflicts().isEmpty)
            #expect(try desk.plant(id)?[Garden.height] == 3)
        }
    }
}

extension SyncClient.Configuration {
    /// Pages of one commit each.
    fileprivate static var smallestPages: Self {
        var configuration = Self()
        configuration.pageBytes = 1
        return configuration
    }
}
