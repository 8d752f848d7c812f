import ChangeLog
import Merge
import Replica
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// Answers that come twice, or after the replica has moved on: another process exchanged meanwhile.
@Suite("Late answers")
struct LateAnswerTests {
    private func answer(_ line: TestLine, _ outgoing: Outgoing, from desk: Desk) async throws -> SyncResponse {
        let token = try #require(try desk.replica.enrolment()).token
        let device = try #require(try line.log.device(tokenHash: Secrets.hash(token)))
        let accepted = try await line.log.accept(outgoing.request, from: device, now: line.clock.now)
        return SyncResponse(
            outcome: accepted.outcome, incarnation: line.log.incarnation, heldNumber: accepted.heldNumber,
            heldDigests: accepted.heldDigests, cursor: outgoing.request.cursor, head: accepted.head, more: true,
            serverTime: line.clock.now, leases: accepted.leases, desk: accepted.desk)
    }

    private func plant(_ desk: Desk, _ name: String) throws {
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = name } }
    }

    @Test("an answer to a request of before changes nothing once the replica has another id")
    func otherID() async throws {
        let line = try TestLine()
        let desk = try await line.desk()
        try plant(desk, "oak")
        let early = try desk.replica.outgoing()
        let late = try await answer(line, early, from: desk)
        try line.restartServer()
        try plant(desk, "elm")
        try await desk.sync()
        let (status, state) = (try desk.replica.status(), try desk.state())
        let receipt = try desk.replica.receive(late, to: early)
        #expect(receipt.isMoreToDo && receipt.acknowledged == 0 && receipt.events.isEmpty)
        #expect(try desk.replica.status().replica == status.replica && desk.state() == state)
        #expect(try await desk.sync().isVerified == true)
    }

    @Test("a clock is corrected once, however often it is said that it is wrong (I8)")
    func clockTwice() async throws {
        let line = try TestLine()
        let desk = try await line.desk(clockOffset: { 3_600_000 })
        try await desk.sync()
        let fast = try line.open(try line.copy(desk), clockOffset: { 50 * 3_600_000 })
        try plant(fast, "oak")
        let early = try fast.replica.outgoing()
        let late = try await answer(line, early, from: fast)
        #expect(late.outcome == .clock)
        #expect(try fast.replica.receive(late, to: early).events.count == 1)
        let corrected = try fast.replica.outgoing().request.commits.map(\.time)
        let receipt = try fast.replica.receive(late, to: early)
        #expect(receipt.events.isEmpty && receipt.isMoreToDo)
        #expect(try fast.replica.outgoing().request.commits.map(\.time) == corrected)
        #expect(try await fast.sync().isVerified == true)
    }

    @Test("a clock that was wrong for commits that have been taken since is not corrected for what is on its way (I9)")
    func clockOfTakenCommits() async throws {
        let line = try TestLine()
        let desk = try await line.desk(clockOffset: { 3_600_000 })
        try await desk.sync()
        let fast = try line.open(try line.copy(desk), clockOffset: { 50 * 3_600_000 })
        try plant(fast, "oak")
        let early = try fast.replica.outgoing()
        let late = try await answer(line, early, from: fast)
        #expect(late.outcome == .clock)
        try await fast.sync()
        line.clock.advance(by: 10)
        try plant(fast, "elm")
        // On its way, and taken, when the late answer comes.
        let next = try fast.replica.outgoing()
        #expect(try await answer(line, next, from: fast).outcome == .done)
        #expect(try fast.replica.receive(late, to: early).events.isEmpty)
        #expect(try fast.replica.outgoing().request.commits.map(\.time) == next.request.commits.map(\.time))
        let before = try fast.replica.status().replica
        #expect(try await fast.sync().isVerified == true)
        #expect(try fast.replica.status().replica == before)
    }

    @Test("one that calls the replica a copy is not believed once the replica has gone on (I9)")
    func forkedLate() async throws {
        let line = try TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        let early = try desk.replica.outgoing()
        try plant(desk, "oak")
        try await desk.sync()
        // The server now holds one more than the request knew: to it, that was somebody else's.
        let late = try await answer(line, early, from: desk)
        #expect(late.outcome == .forked)
        let before = try desk.replica.status().replica
        #expect(try desk.replica.receive(late, to: early).events.isEmpty)
        #expect(try desk.replica.status().replica == before)
        #expect(try await desk.sync().isVerified == true)
    }

    @Test("a page that does not follow the cursor is left alone")
    func otherPage() async throws {
        let line = try TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        try await desk.sync()
        let early = try desk.replica.outgoing()
        try plant(other, "oak")
        try await other.sync()
        try await desk.sync()
        let late = SyncResponse(
            outcome: .done, incarnation: line.log.incarnation, cursor: early.request.cursor, head: 0,
            serverTime: line.clock.now)
        let receipt = try desk.replica.receive(late, to: early)
        #expect(receipt.isMoreToDo && receipt.applied == 0)
        #expect(try desk.replica.status().cursor == 1)
    }

    @Test("a commit that has another time since is not taken for the one that the server holds")
    func restampedMeanwhile() async throws {
        let line = try TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        try plant(desk, "oak")
        let early = try desk.replica.outgoing()
        let taken = try await answer(line, early, from: desk)
        // Another process was told that the clock was wrong.
        var wrong = SyncResponse(
            outcome: .clock, incarnation: line.log.incarnation, cursor: early.request.cursor,
            serverTime: line.clock.now - 3_600_000)
        wrong.more = true
        #expect(try desk.replica.receive(wrong, to: early).events.count == 1)
        let receipt = try desk.replica.receive(taken, to: early)
        #expect(receipt.acknowledged == 0 && receipt.isMoreToDo)
        #expect(try desk.replica.status().pending == 1)
        for _ in 0..<2 { try await desk.sync() }
        #expect(try desk.replica.status().isVerified == true && desk.conflicts().isEmpty)
        #expect(try desk.replica.read { try $0.records(Garden.plants).count } == 1)
    }

    @Test("when a server was put back after a healing that was not read yet, it is healed once more")
    func healedByAnother() async throws {
        let line = try TestLine()
        let desk = try await line.desk()
        try plant(desk, "oak")
        try await desk.sync()
        let backup = try line.backUpServer()
        try plant(desk, "elm")
        try await desk.sync()
        try line.restoreServer(from: backup)
        // Diverged, and the healing: its four exchanges, and then the line goes dead.
        line.network.fail([.none, .none, .none, .none, .none, .requestLost])
        await #expect(throws: SyncError.self) { try await desk.sync() }
        line.network.fail([])
        #expect(try !desk.replica.status().isHealing)
        try line.restoreServer(from: backup)
        let report = try await desk.sync()
        #expect(report.events.contains(.unvouched) && report.isVerified == true)
        let other = try await line.desk()
        try await other.sync()
        #expect(try other.state() == desk.state() && desk.state().count == 2)
    }

    @Test("places in the log are remembered for recent commits only, and an edit of something older is refused (I7)")
    func arrivals() async throws {
        let line = try TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        let id = try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [desk, other] { try await desk.sync() }
        let form = try desk.replica.read { $0.position }
        try other.replica.write { try $0.update(Garden.plants, id) { $0[Garden.name] = "elm" } }
        for desk in [other, desk] { try await desk.sync() }
        let outgoing = try desk.replica.outgoing()
        // As if so many commits that nothing is left of had passed.
        var cursor = outgoing.request.cursor
        cursor.position = 50_000
        let far = SyncResponse(
            outcome: .done, incarnation: line.log.incarnation, heldNumber: 1, cursor: cursor, head: 50_000,
            serverTime: line.clock.now)
        _ = try desk.replica.receive(far, to: outgoing)
        #expect {
            try desk.replica.write(basedOn: form) {
                try $0.update(Garden.plants, id) { $0[Garden.name] = "of an old form" }
            }
        } throws: { ($0 as? ReplicaError)?.code == .snapshotTooOld }
        try desk.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } }
    }

    @Test("while it is healed, edits of what was read before are refused, and others go on")
    func editsWhileHealing() async throws {
        let line = try TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        let id = try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [desk, other] { try await desk.sync() }
        let form = try desk.replica.read { $0.position } - 1
        try desk.replica.beginHealing()
        #expect {
            try desk.replica.write(basedOn: form) { try $0.update(Garden.plants, id) { $0[Garden.height] = 1 } }
        } throws: { ($0 as? ReplicaError)?.code == .snapshotTooOld }
        try desk.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 2 } }
        for desk in [desk, other] { try await desk.sync() }
        #expect(try other.plant(id)?[Garden.height] == 2)
        #expect(try desk.replica.status().isVerified == true)
    }

    @Test(
        "equal times of two desks are told apart by their ids, and a new id changes what is shown at every desk alike")
    func equalTimes() async throws {
        let line = try TestLine()
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
            try line.restartServer()
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
