import ChangeLog
import Merge
import SQLite
import SimulatedLead
import SyncProtocol
import TestSupport
import Testing

/// What is taken, what is refused, and what the answer says of it.
@Suite struct AcceptTests {
    @Test("a request that is repeated changes nothing, and is answered the same (I3, I4)", arguments: StoreKind.all)
    func repetition(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        for id in 1...5 as ClosedRange<UInt64> { try desk.commit([put(id, 0, 1)]) }
        let request = desk.request()
        let first = try await store.accept(request, from: desk)
        let fingerprint = try await store.fingerprint()
        let second = try await store.accept(request, from: desk)
        #expect(first.outcome == .done && second.outcome == .done)
        #expect(first.heldNumber == 5 && second.heldNumber == 5)
        #expect(first.heldDigests == request.commits.map(\.digest) && second.heldDigests == first.heldDigests)
        #expect(first.hasAdvanced && !second.hasAdvanced)
        #expect(try await store.fingerprint() == fingerprint)
        #expect(try await store.feed(desk).commits.map(\.position) == [1, 2, 3, 4, 5])
    }

    @Test("part of a request was taken before: only the rest is new (I3)", arguments: StoreKind.all)
    func overlap(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        for id in 1...3 as ClosedRange<UInt64> { try desk.commit([put(id, 0)]) }
        _ = try await store.accept(desk.request(), from: desk)
        for id in 4...6 as ClosedRange<UInt64> { try desk.commit([put(id, 0)]) }
        let acceptance = try await store.accept(desk.request(), from: desk)
        #expect(acceptance.heldNumber == 6 && acceptance.heldDigests.count == 6)
        #expect(try await store.feed(desk).commits.count == 6)
    }

    @Test("what was answered as held is there when the store is opened again (I4)", arguments: StoreKind.all)
    func durable(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), note(2)])
        let head = try await store.send(&desk).head
        let again = try store.backUp()
        let lines = try await again.lines()
        let line = try #require(lines.first)
        #expect(line.head == head && line.liveChanges == 2)
        #expect(try await store.fingerprint() == line.fingerprint)
        #expect(line.sealedBytes == 2 && line.replicas == 1)
        #expect(try await again.verify(line: line.id, now: store.now).isSound)
    }

    @Test(
        "another digest under a number that is held: a copy, which forks, and nothing of it is taken (I9)",
        arguments: StoreKind.all)
    func forkByDigest(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        var copy = desk
        try desk.commit([put(1, 0)])
        try copy.commit([put(1, 0, 1)])
        try copy.commit([put(2, 0)])
        try await store.send(&desk)
        let acceptance = try await store.accept(copy.request(), from: copy)
        #expect(acceptance.outcome == .forked && acceptance.heldNumber == 1)
        #expect(acceptance.heldDigests == [desk.acknowledgedDigest])
        #expect(!acceptance.hasAdvanced)
    }

    @Test(
        "another digest under the acknowledged number forks; a number that was never given is shown (I9)",
        arguments: StoreKind.all)
    func forkByChain(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        let copy = desk
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        // A copy that has written nothing yet is shown what was sent in its name, and is handed it.
        let shown = try await store.accept(copy.request(), from: copy)
        #expect(shown.outcome == .done && shown.heldNumber == 1 && shown.heldDigests.count == 1 && shown.proven == 0)
        #expect(try await store.feed(copy, includeOwn: false, proven: shown.proven).commits.count == 1)
        var strange = desk
        strange.acknowledgedDigest = [UInt8](repeating: 9, count: 16)
        #expect(try await store.accept(strange.request(), from: strange).outcome == .forked)
        #expect(try await store.accept(desk.request(), from: desk).outcome == .done)
    }

    @Test("the server lacks what it had acknowledged: it diverges, and takes nothing (I10)", arguments: StoreKind.all)
    func gap(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        desk.acknowledged = 3
        desk.acknowledgedDigest = [UInt8](repeating: 3, count: 16)
        try desk.commit([put(1, 0)])
        let acceptance = try await store.accept(desk.request(), from: desk)
        #expect(acceptance.outcome == .diverged && acceptance.heldNumber == 0 && acceptance.heldDigests.isEmpty)
        #expect(try await store.feed(desk).commits.isEmpty)
    }

    @Test(
        "a stamp over a minute ahead is refused, those before it are taken, and the bound itself is taken (I8)",
        arguments: StoreKind.all)
    func clock(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try desk.commit([put(2, 0)], time: store.now + 60_000)
        try desk.commit([put(3, 0)], time: store.now + 61_001)
        let acceptance = try await store.send(&desk)
        #expect(
            acceptance.outcome == .clock(digest: desk.pending[0].digest) && acceptance.heldNumber == 2
                && acceptance.heldDigests.count == 2)
        // A second above the highest that was taken is always within bounds, whatever the server's clock says now.
        store.now -= 3_600_000
        var other = try await store.writer(2)
        try other.commit([put(4, 0)], time: store.now + 3_660_000)
        #expect(try await store.send(&other).outcome == .done)
    }

    @Test(
        "a malformed commit is refused alone, whole, with those before it taken; an empty one under its number goes on (I11)",
        arguments: [
            [put(9, 0), put(9, 1)], [put(9, 0), put(1, 0, collection: 5)], [put(9, 0), put(1, 1, path: [7])],
            [put(9, 0), put(1, 1, path: [7, 8])],
            [put(9, 0), note(1, collection: 1)],
        ], StoreKind.all)
    func malformed(_ changes: [SealedChange], _ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try desk.commit(changes)
        let bad = desk.pending[1].digest
        try desk.commit([put(2, 0)])
        var acceptance = try await store.send(&desk)
        #expect(
            acceptance.outcome == .refused(number: 2, digest: bad, reason: .malformed) && acceptance.heldNumber == 1)
        #expect(try await store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(1)])
        desk.pending = []
        try desk.commit([])
        try desk.commit([put(2, 0)])
        acceptance = try await store.send(&desk)
        #expect(acceptance.outcome == .done && acceptance.heldNumber == 3)
        #expect(try await store.isSound())
    }

    @Test(
        "a commit that is sent again with another time than it was taken with moves nothing (I8)", arguments: [62, 63],
        StoreKind.all)
    func poisonedRepetition(_ bit: UInt64, _ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        _ = try await store.accept(desk.request(), from: desk)
        let fingerprint = try await store.fingerprint()
        var request = desk.request()
        request.commits[0].stamp.time = HybridTimestamp(rawValue: 1 << bit)
        request.commits[0].changes = [put(1, 1), put(2, 0)]
        #expect(try await store.accept(request, from: desk).hasAdvanced == false)
        #expect(try await store.fingerprint() == fingerprint)
        var other = try await store.writer(2)
        try other.commit([put(3, 0)], time: store.now + 61_500)
        #expect(try await store.send(&other).outcome == .clock(digest: other.pending[0].digest))
    }

    @Test(
        "what a write that is sent again lacks here is taken, and handed out to its own writer too (I10)",
        arguments: StoreKind.all)
    func resent(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), put(2, 0)])
        _ = try await store.accept(desk.request(), from: desk)
        let cursor = try await store.feed(desk).last.cursor
        let before = try await store.fingerprint()
        try store.site.execute(
            "UPDATE change SET sealed = x'00' WHERE position & 1 = 1")
        #expect(try await !store.isSound())
        #expect(try await store.accept(desk.request(), from: desk).hasAdvanced)
        #expect(try await store.fingerprint() == before)
        let news = try await store.feed(desk, from: cursor, includeOwn: false).commits
        #expect(news.flatMap(\.changes).map(\.header.record) == [record(2)] && news[0].changes[0].index == 1)
        #expect(try await store.isSound())
    }

    @Test("limits: too many changes, too many bytes (I11)", arguments: StoreKind.all)
    func limits(_ kind: StoreKind) async throws {
        var limits = Limits()
        limits.commitChanges = 3
        limits.commitBytes = 1_000
        let store = try await TestStore(kind, limits: limits)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), put(2, 0), put(3, 0), put(4, 0)])
        var digest = desk.pending[0].digest
        #expect(
            try await store.accept(desk.request(), from: desk).outcome
                == .refused(number: 1, digest: digest, reason: .tooManyChanges))
        desk.pending = []
        try desk.commit([put(1, 0, sealed: [UInt8](repeating: 0, count: 1_001))])
        digest = desk.pending[0].digest
        #expect(
            try await store.accept(desk.request(), from: desk).outcome
                == .refused(number: 1, digest: digest, reason: .tooLarge))
    }

    @Test("a replica belongs to the device it first came with (I12)", arguments: StoreKind.all)
    func wrongDevice(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        let thief = try await store.writer(1)
        await #expect { try await store.accept(desk.request(), from: thief) } throws: {
            ($0 as? ChangeLogError)?.code == .wrongDevice
        }
    }

    @Test(
        "two lines of one server know nothing of each other, also where a replica's id is the same (I11)",
        arguments: StoreKind.all)
    func linesApart(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        let other = try await store.newLine()
        var here = try await store.writer(1)
        var there = try await store.writer(1, line: other)
        for id in 1...3 as ClosedRange<UInt64> {
            try here.commit([put(id, 0)])
            try there.commit([put(id, 1), note(id + 100, path: [id])])
        }
        try await store.send(&there)
        #expect(try await store.send(&here).outcome == .done)
        try there.commit([erase(1)])
        try await store.send(&there)
        #expect(here.pending.isEmpty && there.pending.isEmpty)
        #expect(
            try await store.feed(here).commits.flatMap(\.changes).map(\.header.fields) == [
                mask([0]), mask([0]), mask([0]),
            ])
        #expect(try await store.isSound())
        #expect(try await store.isSound(other))
        var stray = there
        stray.line = store.line
        await #expect { try await store.accept(stray.request(), from: stray) } throws: {
            ($0 as? ChangeLogError)?.code == .wrongLine
        }
    }

    @Test(
        "a device that was blocked or removed is shut out of a request that was let in before",
        arguments: [true, false], StoreKind.all)
    func letOut(isBlocked: Bool, _ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        let idle = desk.request()
        #expect(try await store.accept(idle, from: desk).outcome == .done)
        if isBlocked {
            try await store.perform(.block(desk.device.id))
        } else {
            try await store.lead().changeKey(removing: [desk.device.id], in: store.log, now: store.now)
        }
        let code = isBlocked ? ChangeLogError.Code.revoked : .removed
        await #expect { try await store.accept(idle, from: desk) } throws: { ($0 as? ChangeLogError)?.code == code }
        try desk.commit([put(2, 0)])
        await #expect { try await store.accept(desk.request(), from: desk) } throws: {
            ($0 as? ChangeLogError)?.code == code
        }
    }

    @Test(
        "what is sealed under another key than the newest is not taken, and nothing after it", arguments: StoreKind.all)
    func epochs(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try await store.lead().changeKey(in: store.log, now: store.now)
        #expect(try await store.accept(desk.request(), from: desk).outcome == .epoch)
        #expect(try await store.summary().head == 0)
        // Sealed again, the same commit: its dot, time and digest stay.
        desk.pending[0].changes[0].header.epoch = 2
        try desk.commit([put(2, 0), put(3, 0)])
        desk.pending[1].changes[1].header.epoch = 2
        // The second is sealed half under the old key: the one before is taken.
        #expect(try await store.send(&desk).outcome == .epoch)
        #expect(try await store.summary().head == 1 && desk.pending.count == 1)
        // A newer one than this server knows: it was put back, and has to learn of the roster first.
        for index in 0...1 { desk.pending[0].changes[index].header.epoch = 3 }
        #expect(try await store.send(&desk).outcome == .epoch)
        try await store.lead().changeKey(in: store.log, now: store.now)
        let last = desk.request()
        #expect(try await store.send(&desk).outcome == .done)
        // Sent again after another rotation, since the answer was lost: it is held, whatever it is sealed under.
        try await store.lead().changeKey(in: store.log, now: store.now)
        #expect(try await store.accept(last, from: desk).outcome == .done)
        #expect(try await store.summary().head == 2)
        #expect(try await store.isSound())
    }

    @Test(
        "a replica that says how it stands is shown so: behind, unsent, ahead of time, verified or not (I1)",
        arguments: StoreKind.all)
    func operatorView(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        var request = desk.request()
        request.clock = store.now + 90_000
        request.oldestPending = store.now - 5
        _ = try await store.accept(request, from: desk)
        var summary = try await #require(store.log.replicas(of: store.line).first)
        #expect(summary.pending == 1 && summary.lag == 1 && summary.oldestPending == store.now - 5)
        #expect(summary.clockOffsetMilliseconds == -90_000 && summary.isVerified == nil)
        try await store.send(&desk)
        for (value, expected) in [(try await store.fingerprint(), true), (Fingerprint(value: 1), false)] {
            var idle = desk.request()
            idle.cursor = try await store.feed(desk).last.cursor
            idle.fingerprint = value
            _ = try await store.accept(idle, from: desk)
            summary = try await #require(store.log.replicas(of: store.line).first)
            #expect(summary.isVerified == expected && summary.lag == 0 && summary.pending == 0)
        }
    }
}
