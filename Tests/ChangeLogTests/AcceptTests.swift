import ChangeLog
import Merge
import SyncProtocol
import Testing

/// What is taken, what is refused, and what the answer says of it.
@Suite struct AcceptTests {
    @Test("a request that is repeated changes nothing, and is answered the same (I3, I4)")
    func repetition() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        for id in 1...5 as ClosedRange<UInt64> { try desk.commit([put(id, 0, 1)]) }
        let request = desk.request()
        let first = try await store.accept(request, from: desk)
        let fingerprint = try store.fingerprint()
        let second = try await store.accept(request, from: desk)
        #expect(first.outcome == .done && second.outcome == .done)
        #expect(first.heldNumber == 5 && second.heldNumber == 5)
        #expect(first.heldDigests == request.commits.map(\.digest) && second.heldDigests == first.heldDigests)
        #expect(first.hasAdvanced && !second.hasAdvanced)
        #expect(try store.fingerprint() == fingerprint)
        #expect(try store.feed(desk).commits.map(\.position) == [1, 2, 3, 4, 5])
    }

    @Test("part of a request was taken before: only the rest is new (I3)")
    func overlap() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        for id in 1...3 as ClosedRange<UInt64> { try desk.commit([put(id, 0)]) }
        _ = try await store.accept(desk.request(), from: desk)
        for id in 4...6 as ClosedRange<UInt64> { try desk.commit([put(id, 0)]) }
        let acceptance = try await store.accept(desk.request(), from: desk)
        #expect(acceptance.heldNumber == 6 && acceptance.heldDigests.count == 6)
        #expect(try store.feed(desk).commits.count == 6)
    }

    @Test("what was answered as held is there when the store is opened again (I4)")
    func durable() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), note(2)])
        let head = try await store.send(&desk).head
        let copy = try store.backUp(to: "copy.db")
        let again = try SQLiteChangeLog(path: copy)
        let line = try #require(try again.lines().first)
        #expect(try line.head == head && line.liveChanges == 2 && line.fingerprint == store.fingerprint())
        #expect(try again.verify(line: line.id))
    }

    @Test("another digest under a number that is held: a copy, which forks, and nothing of it is taken (I9)")
    func forkByDigest() async throws {
        let store = try TestStore()
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

    @Test("another digest under the acknowledged number forks, and so does a number that was never given (I9)")
    func forkByChain() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let copy = desk
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        #expect(try await store.accept(copy.request(), from: copy).outcome == .forked)
        var strange = desk
        strange.acknowledgedDigest = [UInt8](repeating: 9, count: 16)
        #expect(try await store.accept(strange.request(), from: strange).outcome == .forked)
        #expect(try await store.accept(desk.request(), from: desk).outcome == .done)
    }

    @Test("a fork replaces what it had seen before it parted, and stands beside what the copy wrote since (I7, I9)")
    func ancestry() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let own = try desk.commit([put(1, 0)])
        try await store.send(&desk)
        var fork = TestWriter(
            device: desk.device, replica: ReplicaID(rawValue: 2), incarnation: store.log.incarnation, time: store.now)
        fork.ancestry = Ancestry([own])
        let since = try desk.commit([put(1, 1)])
        try await store.send(&desk)
        let after = try fork.commit([put(1, 0, 1)], time: store.now + 5)
        try await store.send(&fork)
        let changes = try store.feed(desk).commits.flatMap(\.changes)
        let entry = StampVector.Entry(stamp: since, fields: mask([1]))
        #expect(changes.map(\.siblings) == [[.init(stamp: after, fields: mask([1]))], [entry]])
    }

    @Test("another device's ancestry is not believed: nobody replaces what he has not seen (I7)")
    func foreignAncestry() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let written = try desk.commit([put(1, 0)])
        try await store.send(&desk)
        var thief = try await store.writer(2)
        thief.ancestry = Ancestry([written])
        try thief.commit([put(1, 0)], time: store.now + 5)
        try await store.send(&thief)
        #expect(try store.feed(desk).commits.count == 2)
    }

    @Test("the server lacks what it had acknowledged: it diverges, and takes nothing (I10)")
    func gap() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        desk.acknowledged = 3
        desk.acknowledgedDigest = [UInt8](repeating: 3, count: 16)
        try desk.commit([put(1, 0)])
        let acceptance = try await store.accept(desk.request(), from: desk)
        #expect(acceptance.outcome == .diverged && acceptance.heldNumber == 0 && acceptance.heldDigests.isEmpty)
        #expect(try store.feed(desk).commits.isEmpty)
    }

    @Test("a stamp over a minute ahead is refused, those before it are taken, and the bound itself is taken (I8)")
    func clock() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try desk.commit([put(2, 0)], time: store.now + 60_000)
        try desk.commit([put(3, 0)], time: store.now + 61_001)
        let acceptance = try await store.send(&desk)
        #expect(acceptance.outcome == .clock && acceptance.heldNumber == 2 && acceptance.heldDigests.count == 2)
        // A second above the highest that was taken is always within bounds, whatever the server's clock says now.
        store.now -= 3_600_000
        var other = try await store.writer(2)
        try other.commit([put(4, 0)], time: store.now + 3_660_000)
        #expect(try await store.send(&other).outcome == .done)
    }

    @Test(
        "a malformed commit is refused alone, whole, with those before it taken; an empty one under its number goes on (I11)",
        arguments: [
            [put(9, 0), put(9, 1)], [put(9, 0), put(1, 0, collection: 5)], [put(9, 0), put(1, 1, parent: 7)],
            [put(9, 0), note(1, collection: 1)],
        ])
    func malformed(_ changes: [SealedChange]) async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try desk.commit(changes)
        try desk.commit([put(2, 0)])
        var acceptance = try await store.send(&desk)
        #expect(acceptance.outcome == .refused(number: 2, reason: .malformed) && acceptance.heldNumber == 1)
        #expect(try store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(1)])
        desk.pending = []
        try desk.commit([])
        try desk.commit([put(2, 0)])
        acceptance = try await store.send(&desk)
        #expect(acceptance.outcome == .done && acceptance.heldNumber == 3)
        #expect(try store.log.verify(line: store.line))
    }

    @Test("times that do not rise within a replica are malformed (I8)")
    func timeGoesBack() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)], time: store.now + 500)
        try await store.send(&desk)
        desk.clock = HybridLogicalClock(latest: HybridTimestamp(milliseconds: store.now))
        try desk.commit([put(2, 0)])
        #expect(try await store.send(&desk).outcome == .refused(number: 2, reason: .malformed))
    }

    @Test("limits: too many changes, too many bytes (I11)")
    func limits() async throws {
        var limits = Limits()
        limits.commitChanges = 3
        limits.commitBytes = 1_000
        let store = try TestStore(limits: limits)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), put(2, 0), put(3, 0), put(4, 0)])
        #expect(
            try await store.accept(desk.request(), from: desk).outcome == .refused(number: 1, reason: .tooManyChanges))
        desk.pending = []
        try desk.commit([put(1, 0, sealed: [UInt8](repeating: 0, count: 1_001))])
        #expect(try await store.accept(desk.request(), from: desk).outcome == .refused(number: 1, reason: .tooLarge))
    }

    @Test("a replica belongs to the device it first came with (I12)")
    func wrongDevice() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        let thief = try await store.writer(1)
        await #expect { try await store.accept(desk.request(), from: thief) } throws: {
            ($0 as? ChangeLogError)?.code == .wrongDevice
        }
    }

    @Test("two lines of one server know nothing of each other, also where a replica's id is the same (I11)")
    func linesApart() async throws {
        let store = try TestStore()
        let other = try store.log.createLine(name: "Other", now: store.now)
        var here = try await store.writer(1)
        var there = try await store.writer(1, line: other)
        for id in 1...3 as ClosedRange<UInt64> {
            try here.commit([put(id, 0)])
            try there.commit([put(id, 1), note(id + 100, parent: id)])
        }
        try await store.send(&there)
        #expect(try await store.send(&here).outcome == .done)
        try there.commit([erase(1)])
        try await store.send(&there)
        #expect(here.pending.isEmpty && there.pending.isEmpty)
        #expect(
            try store.feed(here).commits.flatMap(\.changes).map(\.header.fields) == [mask([0]), mask([0]), mask([0])])
        #expect(try store.log.verify(line: store.line) && store.log.verify(line: other))
        var stray = there
        stray.line = store.line
        await #expect { try await store.accept(stray.request(), from: stray) } throws: {
            ($0 as? ChangeLogError)?.code == .wrongLine
        }
    }

    @Test("a revoked device is shut out of a request that was let in before")
    func revoked() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        let idle = desk.request()
        #expect(try await store.accept(idle, from: desk).outcome == .done)
        #expect(try await store.log.revoke(replica: desk.replica, line: store.line, now: store.now))
        await #expect { try await store.accept(idle, from: desk) } throws: { ($0 as? ChangeLogError)?.code == .revoked }
        try desk.commit([put(2, 0)])
        await #expect { try await store.accept(desk.request(), from: desk) } throws: {
            ($0 as? ChangeLogError)?.code == .revoked
        }
    }

    @Test("a replica that says how it stands is shown so: behind, unsent, ahead of time, verified or not (I1)")
    func operatorView() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        var request = desk.request()
        request.clock = store.now + 90_000
        request.oldestPending = store.now - 5
        _ = try await store.accept(request, from: desk)
        var summary = try #require(try store.log.replicas(of: store.line).first)
        #expect(summary.pending == 1 && summary.lag == 1 && summary.oldestPending == store.now - 5)
        #expect(summary.clockOffsetMilliseconds == -90_000 && summary.isVerified == nil)
        try await store.send(&desk)
        for (value, expected) in [(try store.fingerprint(), true), (Fingerprint(value: 1), false)] {
            var idle = desk.request()
            idle.cursor = try store.feed(desk).last.cursor
            idle.fingerprint = value
            _ = try await store.accept(idle, from: desk)
            summary = try #require(try store.log.replicas(of: store.line).first)
            #expect(summary.isVerified == expected && summary.lag == 0 && summary.pending == 0)
        }
    }
}
