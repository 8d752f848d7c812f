import Merge
import Replica
import SyncClient
import TestSupport
import Testing

/// A workstation that was put back meets what it wrote itself in the time that it has lost.
@Suite("Own writes of a lost time")
struct OwnWritesTests {
    @Test("they are not taken for unsent ones: what replaced them replaces them there too (I1, I10)")
    func replaced() async throws {
        let line = try TestLine()
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
}
