import ChangeLog
import Merge
import Sealing
import SyncProtocol
import Testing

/// A server that lost some of its own joins what its replicas still have (I10).
@Suite struct HealTests {
    /// The whole of a healing in one request.
    private func part(
        _ writer: TestWriter, _ items: [(Stamp, SealedChange)], seen: [Stamp], after: UInt64? = nil,
        through: UInt64? = nil
    ) -> HealRequest {
        HealRequest(
            line: writer.line, replica: writer.replica, incarnation: writer.incarnation,
            seen: VersionVector(Dictionary(uniqueKeysWithValues: seen.map { ($0.replica, $0.time) })),
            parts: [
                HealPart(
                    range: RecordRange(after: after.map(record), through: through.map(record)),
                    items: items.enumerated().map { HealItem(stamp: $1.0, index: UInt64($0), change: $1.1) })
            ], nonce: randomBytes(SealedCommit.nonceBytes), isLast: true)
    }

    private func heal(_ store: TestStore, _ writer: TestWriter, _ request: HealRequest) async throws -> HealOutcome {
        try await store.log.heal(request, from: writer.device, now: store.now)
    }

    @Test("an empty server is refilled, to the same state (I10)")
    func refill() async throws {
        let store = try TestStore()
        let lost = try TestStore()
        var desk = try await lost.writer(1)
        let stamp = try desk.commit([put(1, 0, 1), note(2, parent: 1)])
        let erasure = try desk.commit([erase(3)])
        try await lost.send(&desk)
        let healed = try await store.writer(1)
        let items = [(stamp, put(1, 0, 1)), (stamp, note(2, parent: 1)), (erasure, erase(3))]
        let outcome = try await heal(store, healed, part(healed, items, seen: [erasure]))
        #expect(outcome.response.outcome == .done && outcome.hasAdvanced && outcome.response.page.isEmpty)
        #expect(try store.fingerprint() == (try lost.fingerprint()) && store.log.verify(line: store.line))
        // To its own writer too, since it is handed out again.
        #expect(try store.feed(healed, includeOwn: false).commits.count == 3)
    }

    @Test("the same part twice changes nothing the second time (I3)")
    func repetition() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: desk.replica)
        let request = part(desk, [(stamp, put(1, 0)), (stamp, note(2)), (stamp, erase(3))], seen: [stamp])
        _ = try await heal(store, desk, request)
        let fingerprint = try store.fingerprint()
        #expect(try await !heal(store, desk, request).hasAdvanced)
        #expect(try store.fingerprint() == fingerprint)
    }

    @Test("what only one side holds stays, unless the other has seen it: then it was replaced there (I7, I10)")
    func join() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let other = try await store.writer(2)
        let replaced = try desk.commit([put(1, 0)])
        let kept = try desk.commit([put(2, 0)])
        try await store.send(&desk)
        let before = try store.feed(desk).last.cursor
        let newer = Stamp(time: HybridTimestamp(milliseconds: store.now + 9), replica: other.replica)
        // Seen up to the first write only: the second one the replica never had.
        _ = try await heal(
            store, other, part(other, [(newer, put(1, 0)), (newer, put(2, 0))], seen: [replaced, newer]))
        let changes = try store.feed(desk).commits
        let standing = changes.flatMap { commit in commit.changes.map { ($0.header.record, commit.stamp) } }
        #expect(standing.contains { $0 == (record(1), newer) } && !standing.contains { $0 == (record(1), replaced) })
        #expect(standing.contains { $0 == (record(2), newer) } && standing.contains { $0 == (record(2), kept) })
        let siblings = changes.flatMap(\.changes).filter { $0.header.record == record(2) }.map(\.siblings.count)
        #expect(siblings == [1, 1])
        // Whoever had read everything is told of what now stands beside another, its own writer too.
        let news = try store.feed(desk, from: before, includeOwn: false).commits
        #expect(Set(news.map(\.stamp)) == [newer, kept])
        #expect(try store.log.verify(line: store.line))
    }

    @Test("a part speaks of its range only: what lies outside is as it was")
    func ranges() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        for id in 1...4 as ClosedRange<UInt64> { try desk.commit([put(id, 0)]) }
        try await store.send(&desk)
        let last = Stamp(time: desk.clock.latest, replica: desk.replica)
        let other = try await store.writer(2)
        let newer = Stamp(time: HybridTimestamp(milliseconds: store.now + 9), replica: other.replica)
        _ = try await heal(store, other, part(other, [(newer, put(2, 0))], seen: [last, newer], after: 1, through: 3))
        let standing = try store.feed(desk).commits.flatMap { commit in
            commit.changes.map { ($0.header.record, commit.stamp.replica) }
        }
        #expect(standing.map(\.0) == [record(1), record(3), record(4), record(2)])
        #expect(standing.map(\.1) == [desk.replica, desk.replica, desk.replica, other.replica])
        #expect(try store.log.verify(line: store.line))
    }

    @Test("a commit that came back in a part of a healing counts once also before the last part is in (I3, I10)")
    func countsOnceBetweenParts() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let other = try await store.writer(2)
        let stamp = try desk.commit([put(1, 0, 1)])
        _ = try await heal(store, other, part(other, [(stamp, put(1, 0, 1))], seen: [stamp], through: 1))
        #expect(try await store.send(&desk).heldNumber == 1)
        #expect(try store.feed(other).commits.flatMap(\.changes).count == 1)
        #expect(try store.log.verify(line: store.line))
    }

    @Test("of a write that two replicas offer in different fields no more stands than what is there of it (I11)")
    func narrowed() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let other = try await store.writer(2)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: ReplicaID(rawValue: 77))
        let newer = Stamp(time: HybridTimestamp(milliseconds: store.now + 1), replica: desk.replica)
        // The first has seen the write of field 1 replaced; the second has not, and neither is done with its parts.
        _ = try await heal(
            store, desk, part(desk, [(newer, put(1, 1)), (stamp, put(1, 0))], seen: [stamp, newer], through: 1))
        _ = try await heal(store, other, part(other, [(stamp, put(1, 0, 1))], seen: [stamp], through: 1))
        let standing = try store.feed(desk).commits.flatMap { commit in commit.changes.map { (commit.stamp, $0.live) } }
        // The second one's bytes are of both fields, and it stands in both until somebody who saw it replaced says so.
        #expect(standing.contains { $0 == (newer, mask([1])) })
        #expect(try standing.count == 2 && store.log.verify(line: store.line))
    }

    @Test("what is offered of another parent or collection is not held, and its replica is told what stands (I11)")
    func toldOfAnother() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let other = try await store.writer(2)
        let stamp = try desk.commit([put(1, 0, parent: 8), note(2, parent: 8)])
        try await store.send(&desk)
        let same = [(stamp, put(1, 0, parent: 8)), (stamp, note(2, parent: 8))]
        #expect(try await heal(store, other, part(other, same, seen: [stamp])).response.page.isEmpty)
        for change in [put(1, 0, parent: 9), put(1, 0, parent: 8, collection: 3)] {
            let told = try await heal(store, other, part(other, [(stamp, change)], seen: [stamp], through: 1))
            #expect(!told.response.page.isEmpty && !told.hasAdvanced)
        }
        let note = note(2, parent: 9)
        let told = try await heal(store, other, part(other, [(stamp, note)], seen: [stamp], after: 1))
        #expect(!told.response.page.isEmpty && !told.hasAdvanced)
    }

    @Test("what is offered with a parent that its record does not have does not go with that one's erasure (I11)")
    func anotherParent() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let other = try await store.writer(2)
        try desk.commit([put(1, 0)])
        try desk.commit([erase(9)])
        try await store.send(&desk)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: other.replica)
        _ = try await heal(store, other, part(other, [(stamp, put(1, 0, parent: 9))], seen: []))
        #expect(try store.feed(other).commits.flatMap(\.changes).map(\.header.record) == [record(1), record(9)])
        #expect(try store.log.verify(line: store.line))
    }

    @Test("what healing told of is seen by whoever has read all, and by nobody before (I7)")
    func seenAfterHealing() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let reader = try await store.writer(2)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: ReplicaID(rawValue: 77))
        _ = try await heal(store, desk, part(desk, [(stamp, put(1, 0)), (stamp, put(2, 0))], seen: [stamp]))
        var request = reader.request()
        request.pageBytes = 1
        var page = try store.log.page(for: request, from: reader.device)
        #expect(page.more && page.seen.isEmpty)
        request.cursor = page.cursor
        page = try store.log.page(for: request, from: reader.device)
        #expect(!page.more && page.seen.contains(stamp))
    }

    @Test("an erasure comes back through healing, with all below it, and its bytes leave every file (I5)")
    func erasure() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: EraseTests.marker), note(2, parent: 1, sealed: EraseTests.marker)])
        try await store.send(&desk)
        let stamp = Stamp(time: .zero, replica: desk.replica)
        _ = try await heal(store, desk, part(desk, [(stamp, erase(1))], seen: []))
        #expect(try !store.filesContain(EraseTests.marker) && store.log.verify(line: store.line))
        #expect(try store.feed(desk).commits.flatMap(\.changes).map(\.header.kind) == [.erase])
    }

    @Test("a record that a replica has lost is not taken for replaced, whatever it has seen (I10)")
    func lostRecord() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let stamp = try desk.commit([put(1, 0, 1), put(2, 0), note(3)])
        try await store.send(&desk)
        // It holds one field of the first record, nothing of the others, and claims to have seen all.
        let outcome = try await heal(store, desk, part(desk, [(stamp, put(1, 0))], seen: [stamp]))
        #expect(!outcome.hasAdvanced)
        var reader = CBORReader(outcome.response.page)
        var told: [RecordID] = []
        while !reader.isAtEnd { told += try reader.feedCommit(limits: Limits()).changes.map(\.header.record) }
        #expect(told == [record(1), record(2), record(3)])
        #expect(try store.log.verify(line: store.line))
    }

    @Test("ranges are compared by their sums; the answer says how much is there where they differ (I10)")
    func comparison() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), put(2, 0), note(3)])
        try desk.commit([erase(4)])
        try await store.send(&desk)
        var question = HealRequest(line: desk.line, replica: desk.replica, incarnation: desk.incarnation)
        let begun = try await heal(store, desk, question).response
        #expect(begun.seen.contains(Stamp(time: desk.clock.latest, replica: desk.replica)))
        let whole = RangeSum(fingerprint: try store.fingerprint(), count: 4)
        question.compared = [
            ComparedRange(range: .all, sum: whole),
            ComparedRange(range: RecordRange(through: record(2)), sum: RangeSum()),
            ComparedRange(range: RecordRange(after: record(4)), sum: RangeSum()),
            ComparedRange(range: RecordRange(after: record(3)), sum: RangeSum(fingerprint: Fingerprint(), count: 1)),
        ]
        #expect(try await heal(store, desk, question).response.compared == [nil, 2, nil, 1])
        question.incarnation = Incarnation(rawValue: desk.incarnation.rawValue &+ 1)
        let other = try await heal(store, desk, question).response
        #expect(other.outcome == .restarted && other.compared.isEmpty)
    }

    @Test("an answer that is full says how far it came, and the rest is joined when it is offered again (I10)")
    func continuation() async throws {
        try await continued([RecordRange(through: record(10)), RecordRange(after: record(10))])
    }

    @Test("a range without a beginning is joined when it is offered again, where the answer was full before it (I10)")
    func fullBeforeTheFirst() async throws {
        try await continued([RecordRange(after: record(10)), RecordRange(through: record(10))])
    }

    /// Twenty records are told in answers that have room for a few, whichever range comes first.
    private func continued(_ all: [RecordRange]) async throws {
        var limits = Limits()
        limits.pageBytes = 200
        let store = try TestStore(limits: limits)
        var desk = try await store.writer(1)
        let payload = [UInt8](repeating: 9, count: 100)
        for id in 1...20 as ClosedRange<UInt64> { try desk.commit([put(id, 0, sealed: payload)]) }
        try await store.send(&desk)
        let other = try await store.writer(2)
        var ranges = all
        var told: [RecordID] = []
        var exchanges = 0
        while !ranges.isEmpty {
            var request = HealRequest(line: other.line, replica: other.replica, incarnation: other.incarnation)
            request.parts = ranges.map { HealPart(range: $0, items: []) }
            let response = try await heal(store, other, request).response
            var reader = CBORReader(response.page)
            while !reader.isAtEnd { told += try reader.feedCommit(limits: Limits()).changes.map(\.header.record) }
            ranges.removeFirst(Int(response.joinedParts))
            if let through = response.joinedThrough { ranges[0].after = through }
            exchanges += 1
            try #require(exchanges < 30)
        }
        #expect(told.count == 20 && Set(told) == Set((1...20).map { record($0) }))
        #expect(exchanges > 5)
    }

    @Test("what no reader of the feed could read, or the store could not count, is refused (I11)")
    func valueRanges() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: desk.replica)
        var far = part(desk, [(stamp, put(1, 0))], seen: [])
        far.parts[0].items[0].index = 10_000
        var farther = far
        farther.parts[0].items[0].index = .max
        for request in [far, farther] {
            await #expect { try await heal(store, desk, request) } throws: {
                ($0 as? ChangeLogError)?.code == .malformed
            }
        }
        #expect(try store.feed(desk).commits.isEmpty)
    }

    @Test("items that contradict each other are passed over; the record next to them is taken (I11)")
    func contradiction() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: desk.replica)
        let later = Stamp(time: HybridTimestamp(milliseconds: store.now + 1), replica: desk.replica)
        let items = [(stamp, put(1, 0)), (later, put(1, 1, collection: 9)), (stamp, put(2, 0))]
        _ = try await heal(store, desk, part(desk, items, seen: []))
        #expect(try store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(2)])
        #expect(try store.log.verify(line: store.line))
    }
}
