import ChangeLog
import Merge
import Replica
import SQLite
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing
import Trust

/// Answers that come twice, or after the replica has moved on: another process exchanged meanwhile.
@Suite("Late answers")
struct LateAnswerTests {
    /// What the server answers to a request, without a page.
    private func answer(_ line: TestLine, _ request: SyncRequest, from desk: Desk) async throws -> SyncResponse {
        let device = try #require(try line.log.device(desk.replica.deviceKeys().id))
        let accepted = try await line.log.accept(request, from: device, now: line.clock.now)
        return SyncResponse(
            outcome: accepted.outcome, heldNumber: accepted.heldNumber, heldDigests: accepted.heldDigests,
            cursor: request.cursor, head: accepted.head, more: true, serverTime: line.clock.now,
            leases: accepted.leases, desk: accepted.desk)
    }

    private func plant(_ desk: Desk, _ name: String) throws {
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = name } }
    }

    @Test("an answer to a request of before changes nothing once the replica has another id")
    func otherID() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try plant(desk, "oak")
        let early = try desk.ask()
        let late = try await answer(line, early.read, from: desk)
        try plant(desk, "elm")
        try desk.replica.compareWithServer()
        try await desk.sync()
        let (status, state) = (try desk.replica.status(), try desk.state())
        let receipt = try early.session.receive(late.encoded(), to: early.sent)
        #expect(receipt.isMoreToDo && receipt.acknowledged == 0 && receipt.events.isEmpty)
        #expect(try desk.replica.status().replica == status.replica && desk.state() == state)
        #expect(try desk.replica.status().cursor == status.cursor)
        #expect(try await desk.sync().isVerified == true)
    }

    @Test("a page that comes late is joined, and the cursor stays, whatever id it was for")
    func latePage() async throws {
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        for desk in [desk, other] { try await desk.sync() }
        try plant(other, "oak")
        try await other.sync()
        let early = try desk.ask()
        let late = try await line.answer(early.read, from: desk)
        // The desk heals meanwhile, and so goes on under another id, and has read nothing yet.
        try desk.replica.compareWithServer()
        let before = try desk.replica.status()
        let receipt = try early.session.receive(late, to: early.sent)
        #expect(receipt.applied == 1 && receipt.isVerified == nil)
        #expect(try desk.state().count == 1)
        #expect(try desk.replica.status().cursor == before.cursor && desk.replica.status().isHealing)
        #expect(try await desk.sync().isVerified == true)
        #expect(try desk.state() == other.state())
    }

    @Test("a clock is corrected once, however often it is said that it is wrong (I8)")
    func clockTwice() async throws {
        let line = try await TestLine()
        let desk = try await line.desk(clockOffset: { 3_600_000 })
        try await desk.sync()
        let fast = try line.open(try line.copy(desk), clockOffset: { 50 * 3_600_000 })
        try plant(fast, "oak")
        let early = try fast.ask()
        let late = try await answer(line, early.read, from: fast)
        guard case .clock = late.outcome else {
            Issue.record("the server took a time of tomorrow")
            return
        }
        #expect(try early.session.receive(late.encoded(), to: early.sent).events.count == 1)
        let corrected = try fast.ask().read.commits.map(\.stamp)
        #expect(corrected.map(\.dot) == early.read.commits.map(\.stamp.dot))
        let receipt = try early.session.receive(late.encoded(), to: early.sent)
        #expect(receipt.events.isEmpty && receipt.isMoreToDo)
        #expect(try fast.ask().read.commits.map(\.stamp) == corrected)
        #expect(try await fast.sync().isVerified == true)
    }

    @Test("a clock that was wrong for commits that have been taken since is not corrected for what is on its way (I9)")
    func clockOfTakenCommits() async throws {
        let line = try await TestLine()
        let desk = try await line.desk(clockOffset: { 3_600_000 })
        try await desk.sync()
        let fast = try line.open(try line.copy(desk), clockOffset: { 50 * 3_600_000 })
        try plant(fast, "oak")
        let early = try fast.ask()
        let late = try await answer(line, early.read, from: fast)
        try await fast.sync()
        line.clock.advance(by: 10)
        try plant(fast, "elm")
        // On its way, and taken, when the late answer comes.
        let next = try fast.ask()
        #expect(try await answer(line, next.read, from: fast).outcome == .done)
        #expect(try early.session.receive(late.encoded(), to: early.sent).events.isEmpty)
        #expect(try fast.ask().read.commits.map(\.stamp) == next.read.commits.map(\.stamp))
        let before = try fast.replica.status().replica
        #expect(try await fast.sync().isVerified == true)
        #expect(try fast.replica.status().replica == before)
    }

    @Test("one that calls the replica a copy is not believed once the replica has gone on (I9)")
    func forkedLate() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        let early = try desk.ask()
        try plant(desk, "oak")
        try await desk.sync()
        let before = try desk.replica.status().replica
        var late = try await answer(line, early.read, from: desk)
        for outcome in [late.outcome, .forked] {
            late.outcome = outcome
            #expect(try early.session.receive(late.encoded(), to: early.sent).events.isEmpty)
            #expect(try desk.replica.status().replica == before)
        }
        #expect(try await desk.sync().isVerified == true)
    }

    @Test("a commit that has another time since is not taken for the one that the server holds")
    func restampedMeanwhile() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        try plant(desk, "oak")
        let early = try desk.ask()
        let taken = try await answer(line, early.read, from: desk)
        // Another process was told that the clock was wrong.
        var wrong = SyncResponse(
            outcome: .clock(digest: try #require(early.read.commits.first).digest), cursor: early.read.cursor,
            serverTime: line.clock.now - 3_600_000)
        wrong.more = true
        #expect(try early.session.receive(wrong.encoded(), to: early.sent).events.count == 1)
        // The same number with another digest: somebody else's. The commit goes again under a new id, with its dot.
        let receipt = try early.session.receive(taken.encoded(), to: early.sent)
        #expect(receipt.acknowledged == 0 && receipt.isMoreToDo)
        #expect(try desk.replica.status().pending == 1)
        for _ in 0..<2 { try await desk.sync() }
        #expect(try desk.replica.status().isVerified == true && desk.conflicts().isEmpty)
        #expect(try desk.replica.read { try $0.records(Garden.plants).count } == 1)
        let other = try await line.desk()
        #expect(try await other.sync().isVerified == true)
        #expect(try other.state() == desk.state())
    }

    @Test("when a server is put back after a healing that was not read yet, it is healed once more")
    func healedByAnother() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try plant(desk, "oak")
        try await desk.sync()
        let backup = try line.backUpServer()
        try plant(desk, "elm")
        try await desk.sync()
        try line.restoreServer(from: backup)
        // The healing, until it is over, and then the line goes dead.
        var exchanges = 1
        while try desk.replica.read({ try $0.query("SELECT heals FROM lugn_link") { $0.integer(0) } }) == [0] {
            line.network.fail(Array(repeating: .none, count: exchanges) + [.requestLost])
            await #expect(throws: SyncError.self) { try await desk.sync() }
            exchanges += 1
            try #require(exchanges < 20)
        }
        line.network.fail([])
        #expect(try !desk.replica.status().isHealing)
        try line.restoreServer(from: backup)
        #expect(try await desk.sync().isVerified == true)
        let other = try await line.desk()
        try await other.sync()
        #expect(try other.state() == desk.state() && desk.state().count == 2)
    }

    @Test("while it is healed, an edit of a form from before is a conflict with what came in, and work goes on (I7)")
    func editsWhileHealing() async throws {
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        let id = try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [desk, other] { try await desk.sync() }
        let form = try desk.basis(id)
        try other.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } }
        for desk in [other, desk] { try await desk.sync() }
        line.clock.advance(by: 10)
        try desk.replica.compareWithServer()
        try desk.replica.write(basedOn: form) { try $0.update(Garden.plants, id) { $0[Garden.height] = 2 } }
        for desk in [desk, other] { #expect(try await desk.sync().isVerified == true) }
        for desk in [desk, other] {
            #expect(try desk.conflicts().map(\.shown) == [.integer(2)])
            #expect(try desk.conflicts().map(\.other) == [.integer(1)])
        }
    }

    @Test(
        "equal times of two desks are told apart by their dots, which a new id leaves alone")
    func equalTimes() async throws {
        let line = try await TestLine()
        var desks: [Desk] = []
        for _ in 0..<2 { desks.append(try await line.desk()) }
        let ids = try desks[0].replica.write { tx in
            try (0..<4).map { number in try tx.insert(Garden.plants) { $0[Garden.name] = "plant \(number)" } }
        }
        for desk in desks { try await desk.sync() }
        // Until both orders of the ids have come up, before and after the new one.
        for round in 0..<8 as Range<Int64> {
            line.clock.advance(by: 10_000)
            for (index, desk) in desks.enumerated() {
                for id in ids {
                    try desk.replica.write {
                        try $0.update(Garden.plants, id) { $0[Garden.height] = round * 2 + Int64(index) }
                    }
                }
            }
            try await desks[1].sync()
            // Desk one reads the others' writes while its own wait, and is then given a new id.
            var configuration = SyncClient.Configuration()
            configuration.requestBytes = 1
            let slow = SyncClient(replica: desks[0].replica, transport: line.network, configuration: configuration)
            line.network.fail([.none, .requestLost])
            await #expect(throws: SyncError.self) { try await slow.sync() }
            line.network.fail([])
            try desks[0].replica.compareWithServer()
            for desk in desks + desks { try await desk.sync() }
            #expect(try desks[0].state() == desks[1].state(), "round \(round)")
            for desk in desks {
                #expect(try desk.replica.status().isVerified == true)
                #expect(try desk.conflicts().count == 4, "round \(round)")
                for conflict in try desk.conflicts() {
                    try desk.replica.write { try $0.settle(conflict, takeOther: false) }
                }
                try await desk.sync()
            }
            for desk in desks { try await desk.sync() }
        }
    }
}
