import ChangeLog
import Merge
import Sealing
import SyncProtocol
import Testing

/// A server that lost some of its own joins what its replicas still have (I10).
@Suite struct HealTests {
    /// A part of a healing that covers everything.
    private func part(
        _ writer: TestWriter, _ items: [(Stamp, SealedChange)], seen: [Stamp], after: UInt64? = nil,
        through: UInt64? = nil
    ) -> HealRequest {
        HealRequest(
            line: writer.line, replica: writer.replica, ancestry: writer.ancestry, acknowledged: writer.acknowledged,
            acknowledgedDigest: writer.acknowledgedDigest,
            seen: VersionVector(Dictionary(uniqueKeysWithValues: seen.map { ($0.replica, $0.time) })),
            after: after.map(record), through: through.map(record), nonce: randomBytes(SealedCommit.nonceBytes),
            items: items.enumerated().map { HealItem(stamp: $1.0, index: UInt64($0), change: $1.1) })
    }

    private func heal(_ store: TestStore, _ writer: TestWriter, _ request: HealRequest) async throws -> HealOutcome {
        try await store.log.heal(request, from: writer.device, now: store.now)
    }

    @Test("an empty server is refilled, to the same state, and numbers go on where they were (I10)")
    func refill() async throws {
        let store = try TestStore()
        let lost = try TestStore()
        var desk = try await lost.writer(1)
        let stamp = try desk.commit([put(1, 0, 1), note(2, parent: 1)])
        let erasure = try desk.commit([erase(3)])
        try await lost.send(&desk)
        var healed = try await store.writer(1)
        healed.acknowledged = desk.acknowledged
        healed.acknowledgedDigest = desk.acknowledgedDigest
        healed.clock = desk.clock
        let items = [(stamp, put(1, 0, 1)), (stamp, note(2, parent: 1)), (erasure, erase(3))]
        let outcome = try await heal(store, healed, part(healed, items, seen: [erasure]))
        #expect(outcome.response == .done && outcome.hasAdvanced)
        #expect(try store.fingerprint() == (try lost.fingerprint()) && store.log.verify(line: store.line))
        // To its own writer too, since it is handed out again.
        #expect(try store.feed(healed, includeOwn: false).commits.count == 3)
        try healed.commit([put(4, 0)])
        #expect(try await store.send(&healed).heldNumber == 3)
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
        _ = try await heal(store, other, part(other, [], seen: [last], after: 1, through: 3))
        #expect(try store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(1), record(4)])
        #expect(try store.log.verify(line: store.line))
    }

    @Test("a commit that came back through somebody's healing counts once when its writer sends it (I10)")
    func countsOnce() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let stamp = try desk.commit([put(1, 0)])
        let other = try await store.writer(2)
        let newer = Stamp(time: HybridTimestamp(milliseconds: store.now + 9), replica: other.replica)
        // The other had received it, and replaced it since.
        _ = try await heal(store, other, part(other, [(newer, put(1, 0))], seen: [stamp, newer]))
        let fingerprint = try store.fingerprint()
        let acceptance = try await store.send(&desk)
        #expect(acceptance.outcome == .done && acceptance.heldNumber == 1)
        #expect(try store.fingerprint() == fingerprint)
        #expect(try store.feed(desk).commits.map(\.stamp) == [newer])
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
        #expect(standing.contains { $0 == (newer, mask([1])) } && standing.contains { $0 == (stamp, mask([0])) })
        #expect(try standing.count == 2 && store.log.verify(line: store.line))
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

    @Test("a stamp from the future is refused, with nothing of its part taken (I8)")
    func clock() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let good = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: desk.replica)
        let bad = Stamp(time: HybridTimestamp(milliseconds: store.now + 60_001), replica: desk.replica)
        for request in [
            part(desk, [(good, put(1, 0)), (bad, put(2, 0))], seen: []), part(desk, [(good, put(1, 0))], seen: [bad]),
        ] {
            let outcome = try await heal(store, desk, request)
            #expect(outcome.response == .clock && !outcome.hasAdvanced)
        }
        #expect(try store.feed(desk).commits.isEmpty)
    }

    @Test("what no reader of the feed could read, or the store could not count, is refused (I11)")
    func valueRanges() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let stamp = Stamp(time: HybridTimestamp(milliseconds: store.now), replica: desk.replica)
        var far = part(desk, [(stamp, put(1, 0))], seen: [])
        far.items[0].index = 10_000
        var farther = far
        farther.items[0].index = .max
        var beyond = part(desk, [], seen: [])
        beyond.acknowledged = .max
        for request in [far, farther, beyond] {
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
