import ChangeLog
import HTTPClient
import Merge
import Replica
import SQLite
import Support
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// What may happen in the middle of a healing or a verification.
@Suite("Healing, disturbed")
struct HealingFaultTests {
    /// Does something before a request of a path goes on its way.
    private final class Meddler: HTTPTransport {
        private let network: TestNetwork
        private let path: String
        private let meddle: @Sendable (_ nth: Int) throws -> Void
        private let count = Lock(0)

        init(_ network: TestNetwork, _ path: String, _ meddle: @escaping @Sendable (_ nth: Int) throws -> Void) {
            self.network = network
            self.path = path
            self.meddle = meddle
        }

        func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
            if request.url.hasSuffix(path) {
                let nth = count.withLock { count in
                    count += 1
                    return count
                }
                do { try meddle(nth) } catch { throw HTTPClientError(.internalFailure, "the test failed: \(error)") }
            }
            return try await network.send(request)
        }
    }

    private struct Confined: @unchecked Sendable { let line: TestLine }

    @Test("a server that is started again before every step is healed with all the same")
    func restartedAlways() async throws {
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        let backup = try line.backUpServer()
        try desk.replica.write { tx in
            for number in 0..<300 { try tx.insert(Garden.plants) { $0[Garden.name] = "plant \(number)" } }
        }
        try await desk.sync()
        try line.restoreServer(from: backup)
        // @unchecked: the test's tasks run one after the other.
        let confined = Confined(line: line)
        let meddler = Meddler(line.network, "/v2/heal") { _ in try confined.line.restartServer() }
        #expect(try await SyncClient(replica: desk.replica, transport: meddler).sync().isVerified == true)
        try await other.sync()
        #expect(try other.state() == desk.state() && other.state().count == 300)
    }

    @Test("a server that is put back in the middle of a healing is healed with once more")
    func putBackInTheMiddle() async throws {
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        let backup = try line.backUpServer()
        try desk.replica.write { tx in
            for number in 0..<300 { try tx.insert(Garden.plants) { $0[Garden.name] = "plant \(number)" } }
        }
        try await desk.sync()
        let confined = Confined(line: line)
        let meddler = Meddler(line.network, "/v2/heal") { nth in
            if nth == 2 { try confined.line.restoreServer(from: backup) }
        }
        let client = SyncClient(replica: desk.replica, transport: meddler)
        try desk.replica.compareWithServer()
        let report = try await client.sync()
        #expect(report.events.contains(.healingRestarted) && report.isVerified == true)
        try await other.sync()
        #expect(try other.state() == desk.state() && other.state().count == 300)
    }

    @Test("what is written while records are joined is sent first, and nothing is lost or doubled")
    func writtenMeanwhile() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try desk.replica.write { tx in
            for number in 0..<400 { try tx.insert(Garden.plants) { $0[Garden.name] = "plant \(number)" } }
        }
        try await desk.sync()
        let backup = try line.backUpServer()
        let ids = try desk.replica.read { try $0.records(Garden.plants, where: "1 ORDER BY id").map(\.id) }
        for place in [3, 200, 390] {
            try desk.replica.write { try $0.update(Garden.plants, ids[place]) { $0[Garden.height] = 1 } }
        }
        try await desk.sync()
        try line.restoreServer(from: backup)
        let replica = desk.replica
        let meddler = Meddler(line.network, "/v2/heal") { nth in
            if nth > 1, nth < 5 {
                try replica.write { try $0.update(Garden.plants, ids[nth * 50]) { $0[Garden.price] = Double(nth) } }
            }
        }
        let report = try await SyncClient(replica: desk.replica, transport: meddler).sync()
        #expect(report.isVerified == true)
        let other = try await line.desk()
        try await other.sync()
        #expect(try other.state() == desk.state())
        #expect(try desk.conflicts().isEmpty)
        #expect(try other.replica.read { try $0.records(Garden.plants, where: "height = 1").count } == 3)
        #expect(try other.replica.read { try $0.records(Garden.plants, where: "price > 0").count } == 3)
        #expect(try await line.isSound())
    }

    @Test(
        "times from the future, received in the middle of a feed that is lost then, do not keep a desk from healing (I8)"
    )
    func timesOfALostLog() async throws {
        let line = try await TestLine()
        let (one, two) = (try await line.desk(), try await line.desk())
        let backup = try line.backUpServer()
        let year: Int64 = 365 * 86_400_000
        line.clock.advance(by: year)
        for name in ["oak", "elm"] { try one.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = name } } }
        try await one.sync()
        var configuration = SyncClient.Configuration()
        configuration.pageBytes = 1
        let broken = CannedServer(.passed, .failure(.unreachable), network: line.network)
        await #expect(throws: SyncError.self) {
            try await SyncClient(replica: two.replica, transport: broken, configuration: configuration).sync()
        }
        #expect(try two.replica.status().pending == 0)
        line.clock.advance(by: -year)
        try line.restoreServer(from: backup)
        try two.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "fir" } }
        #expect(try await two.sync().isVerified == true)
        #expect(try await one.sync().isVerified == true)
        try await two.sync()
        #expect(try two.state() == one.state())
        #expect(try two.replica.read { try $0.records(Garden.plants).count } == 3)
    }

    @Test("what a healing has joined and a write replaces, before its new place in the log is read, was seen")
    func replacedBeforeItIsRead() async throws {
        let line = try await TestLine()
        let (one, two) = (try await line.desk(), try await line.desk())
        let oak = try one.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [one, two] { try await desk.sync() }
        let backup = try line.backUpServer()
        line.clock.advance(by: 1_000)
        try two.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "elm" } }
        for desk in [two, one] { try await desk.sync() }
        try line.restoreServer(from: backup)
        let (replica, clock) = (one.replica, line.clock)
        let isWritten = Lock(false)
        let meddler = Meddler(line.network, "/v2/sync") { _ in
            let heals = try replica.read { try $0.query("SELECT heals FROM lugn_link") { $0.integer(0) } }
            let isDue = try heals != [0] && !replica.status().isHealing
            guard isDue, !isWritten.withLock({ $0 }) else { return }
            clock.advance(by: 1_000)
            try replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "fir" } }
            isWritten.withLock { $0 = true }
        }
        #expect(try await SyncClient(replica: one.replica, transport: meddler).sync().isVerified == true)
        #expect(isWritten.withLock { $0 })
        try await two.sync()
        for desk in [one, two] {
            #expect(try desk.conflicts().isEmpty)
            #expect(try desk.replica.read { try $0.records(Garden.plants, where: "name = 'fir'").count } == 1)
        }
    }

    @Test("what a refused commit had replaced does not count as seen: whoever still holds it keeps it (I2)")
    func putAsideInTheMiddle() async throws {
        let line = try await TestLine()
        let (one, two, three) = (try await line.desk(), try await line.desk(), try await line.desk())
        let (oak, elm) = try one.replica.write { tx in
            (
                try tx.insert(Garden.plants) { $0[Garden.name] = "oak" },
                try tx.insert(Garden.plants) { $0[Garden.name] = "elm" }
            )
        }
        for desk in [one, two, three] { try await desk.sync() }
        let backup = try line.backUpServer()
        line.clock.advance(by: 1_000)
        try one.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.height] = 1 } }
        for desk in [one, two] { try await desk.sync() }
        try line.restoreServer(from: backup)
        var limits = Limits()
        limits.commitChanges = 2
        try line.restartServer(storeLimits: limits)
        line.clock.advance(by: 1_000)
        try three.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.height] = 9 } }
        // In the middle of its healing desk one replaces the value by a commit that the server can never take.
        let replica = one.replica
        let meddler = Meddler(line.network, "/v2/heal") { nth in
            guard nth == 2 else { return }
            try replica.write { tx in
                try tx.update(Garden.plants, oak) { $0[Garden.height] = 2 }
                try tx.update(Garden.plants, elm) { $0[Garden.height] = 2 }
                try tx.insert(Garden.plants) { $0[Garden.name] = "one too many" }
            }
        }
        let report = try await SyncClient(replica: one.replica, transport: meddler).sync()
        #expect(report.events.contains { if case .setAside = $0 { true } else { false } })
        for desk in [three, two, one, three] { try await desk.sync() }
        for desk in [one, two, three] {
            let shown = try desk.plant(oak)?[Garden.height].map { Value.integer($0) }
            let others = try desk.conflicts().map(\.other)
            #expect((others + [shown].compactMap(\.self)).contains(.integer(1)), "the value is lost")
            #expect(try desk.state() == one.state())
        }
    }

    @Test("a server that is put back while values are compared is healed with first; a write only delays it")
    func verifying() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        let backup = try line.backUpServer()
        for number in 0..<30 {
            try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "plant \(number)" } }
        }
        try await desk.sync()
        let replica = desk.replica
        var configuration = SyncClient.Configuration()
        configuration.pageBytes = 1_000
        let writer = Meddler(line.network, "/v2/sync") { nth in
            if nth == 3 { try replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "meanwhile" } } }
        }
        let found = try await SyncClient(replica: replica, transport: writer, configuration: configuration)
            .verify(isDeep: true)
        #expect(found.isEqual && found.comparedValues >= 30 && found.mendedRecords == 0)
        // @unchecked: the test's tasks run one after the other.
        let confined = Confined(line: line)
        let restorer = Meddler(line.network, "/v2/sync") { nth in
            if nth == 3 { try confined.line.restoreServer(from: backup) }
        }
        #expect(
            try await SyncClient(replica: replica, transport: restorer, configuration: configuration)
                .verify(isDeep: true).isEqual)
        #expect(try await desk.client.verify(isDeep: true).isEqual)
        #expect(try await line.isSound())
        #expect(try replica.read { try $0.records(Garden.plants).count } == 31)
    }

    @Test("an answer that does not fit the question ends a healing, and nothing of it is taken in")
    func answerOfAnother() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await desk.sync()
        let state = try desk.state()
        let answer = HealResponse(
            outcome: .done, serverTime: line.clock.now, cursor: .start, compared: [1, 2, 3])
        let stranger = CannedServer(
            .passed, .response(status: 200, type: "application/cbor", body: answer.encoded()), network: line.network)
        await #expect { try await SyncClient(replica: desk.replica, transport: stranger).verify() } throws: {
            ($0 as? ReplicaError)?.code == .badAnswer
        }
        let garbage = CannedServer(
            .passed, .response(status: 200, type: "application/cbor", body: [7]), network: line.network)
        await #expect { try await SyncClient(replica: desk.replica, transport: garbage).verify() } throws: {
            ($0 as? SyncError)?.code == .badAnswer
        }
        #expect(try desk.state() == state)
        #expect(try await desk.client.verify().isEqual)
    }

    @Test("siblings, parked values and notes without a value are refilled like everything else (I10)")
    func everythingIsRefilled() async throws {
        let line = try await TestLine()
        let soil = Field<String>(9, "soil")
        let newer = CollectionSchema.records(1, "plants", fields: Garden.plantFields + [soil])
        let tools = CollectionSchema.records(7, "tools", fields: [Field<String>(1, "name")])
        let marks = CollectionSchema.notes(8, "marks", fields: [Field<String>(1, "text")])
        let upgraded = Schema(version: 2, [newer, Garden.remarks, Garden.leaves, tools, marks])
        let (a, b, c) = (
            try await line.desk(), try await line.desk(schema: upgraded), try await line.desk(schema: upgraded)
        )
        // Before anything was written, but knowing them all.
        let joined = try line.backUpServer()
        let oak = try b.replica.write { tx in
            try tx.insert(tools) { $0[Field<String>(1, "name")] = "spade" }
            try tx.add(marks) { $0[Field<String>(1, "text")] = "a mark" }
            return try tx.insert(newer) { row in
                row[Garden.name] = "oak"
                row[soil] = "clay"
            }
        }
        for desk in [b, a, c] { try await desk.sync() }
        for (desk, height) in [(a, 1), (b, 2), (c, 3)] as [(Desk, Int64)] {
            line.clock.advance(by: 10)
            let collection = desk === a ? Garden.plants : newer
            try desk.replica.write { try $0.update(collection, oak) { $0[Garden.height] = height } }
        }
        try a.replica.write { _ = try $0.add(Garden.remarks, parent: oak) { $0[Garden.text] = nil } }
        for _ in 0..<2 { for desk in [a, b, c] { try await desk.sync() } }
        let states = [try a.state(), try b.state()]
        // Only desk A, which cannot show all of it, is left to refill the server.
        try line.restoreServer(from: joined)
        #expect(try await a.sync().isVerified == true)
        let late = try await line.desk(schema: upgraded)
        try await late.sync()
        #expect(try late.state() == states[1])
        #expect(try late.replica.read { try $0.fetch(newer, oak) }?[soil] == "clay")
        #expect(try late.replica.read { try $0.records(tools).count + $0.records(marks).count } == 2)
        #expect(try late.conflicts().count == 2)
        #expect(try await line.isSound())
        for desk in [b, c, a] { try await desk.sync() }
        #expect(try a.state() == states[0] && b.state() == states[1])
    }
}
