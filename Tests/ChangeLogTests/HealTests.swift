import ChangeLog
import Merge
import Sealing
import SyncProtocol
import TestSupport
import Testing

/// A server that lost some of its own joins what its replicas still have (I10).
@Suite struct HealTests {
    private func part(
        _ writer: TestWriter, _ items: [(Stamp, SealedChange)], after: UInt64? = nil, through: UInt64? = nil,
        start: Cursor = .start
    ) -> HealRequest {
        HealRequest(
            line: writer.line, replica: writer.replica, start: start,
            parts: [
                HealPart(
                    range: RecordRange(after: after.map(record), through: through.map(record)),
                    items: items.enumerated().map { HealItem(stamp: $1.0, index: UInt64($0), change: $1.1) })
            ], nonce: randomBytes(SealedCommit.nonceBytes))
    }

    private func heal(_ store: TestStore, _ writer: TestWriter, _ request: HealRequest) async throws -> HealOutcome {
        try await store.log.heal(request, from: writer.device, now: store.now)
    }

    private func told(_ response: HealResponse) throws -> [RecordID] {
        var reader = CBORReader(response.page)
        var told: [RecordID] = []
        while !reader.isAtEnd { told += try reader.feedCommit(limits: Limits()).changes.map(\.header.record) }
        return told
    }

    private func stamp(_ milliseconds: Int64, _ dot: UInt64) -> Stamp {
        Stamp(time: HybridTimestamp(milliseconds: milliseconds), dot: Dot(rawValue: dot))
    }

    @Test(
        "an empty server is refilled, to the same state, and hands it out to its own writer too (I10)",
        arguments: StoreKind.all)
    func refill(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        let lost = try await TestStore(kind)
        var desk = try await lost.writer(1)
        let written = try desk.commit([put(1, 0, 1), note(2, path: [1])])
        let erasure = try desk.commit([erase(3)])
        try await lost.send(&desk)
        let healed = try await store.writer(1)
        let items = [(written, put(1, 0, 1)), (written, note(2, path: [1])), (erasure, erase(3))]
        let outcome = try await heal(store, healed, part(healed, items))
        #expect(outcome.response.outcome == .done && outcome.hasAdvanced && outcome.response.page.isEmpty)
        #expect(try await store.fingerprint() == lost.fingerprint())
        #expect(try await store.isSound())
        #expect(try await store.feed(healed, includeOwn: false).commits.count == 3)
        // Again: nothing is new.
        #expect(try await !heal(store, healed, part(healed, items)).hasAdvanced)
    }

    @Test(
        "what only one side holds stays, unless something that is held replaces it (I7, I10)", arguments: StoreKind.all)
    func join(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        let other = try await store.writer(2)
        let replaced = try desk.commit([put(1, 0)])
        let kept = try desk.commit([put(2, 0)])
        try await store.send(&desk)
        let newer = stamp(store.now + 9, 77)
        _ = try await heal(
            store, other, part(other, [(newer, put(1, 0, replacing: [replaced])), (newer, put(2, 0))]))
        let standing = try await store.feed(desk).commits.flatMap { commit in
            commit.changes.map { "\($0.header.record.low) \(commit.stamp.dot)" }
        }
        #expect(Set(standing) == ["1 \(newer.dot)", "2 \(newer.dot)", "2 \(kept.dot)"])
        #expect(try await store.isSound())
    }

    @Test("a part speaks of its range only: what lies outside is neither told nor touched", arguments: StoreKind.all)
    func ranges(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        for id in 1...4 as ClosedRange<UInt64> { try desk.commit([put(id, 0)]) }
        try await store.send(&desk)
        let other = try await store.writer(2)
        let response = try await heal(store, other, part(other, [], after: 1, through: 3)).response
        #expect(try told(response) == [record(2), record(3)])
    }

    @Test(
        "a commit that came back by a healing counts once when its writer sends it (I3, I10)", arguments: StoreKind.all)
    func countsOnce(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        let other = try await store.writer(2)
        let written = try desk.commit([put(1, 0, 1)])
        _ = try await heal(store, other, part(other, [(written, put(1, 0, 1))]))
        #expect(try await store.send(&desk).heldNumber == 1)
        #expect(try await store.feed(other).commits.flatMap(\.changes).count == 1)
        #expect(try await store.isSound())
    }

    @Test(
        "of one dot with two times the lesser stands, whichever came first, and its writer is told (I3)",
        arguments: StoreKind.all)
    func lesserTime(_ kind: StoreKind) async throws {
        for lesserFirst in [true, false] {
            let store = try await TestStore(kind)
            var desk = try await store.writer(1)
            let other = try await store.writer(2)
            let sent = try desk.commit([put(1, 0, 1)], time: store.now + (lesserFirst ? 9 : 5), dot: 77)
            let offered = stamp(store.now + (lesserFirst ? 5 : 9), 77)
            if !lesserFirst { try await store.send(&desk) }
            _ = try await heal(store, other, part(other, [(offered, put(1, 0, 1))]))
            let cursor = try await store.feed(desk).last.cursor
            if lesserFirst { try await store.send(&desk) }
            #expect(try await store.feed(desk).commits.map(\.stamp) == [min(sent, offered)])
            if lesserFirst {
                // It had read the lesser time before it sent the other: it is handed it again.
                let news = try await store.feed(desk, from: cursor, includeOwn: false).commits
                #expect(news.map(\.stamp) == [offered])
            }
            #expect(try await store.isSound())
        }
    }

    @Test(
        "what two replicas offer of one write in different fields is one write, in all of them (I10)",
        arguments: StoreKind.all)
    func partial(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        let desk = try await store.writer(1)
        let written = stamp(store.now, 77)
        _ = try await heal(store, desk, part(desk, [(written, put(1, 0))]))
        _ = try await heal(store, desk, part(desk, [(written, put(1, 1))]))
        let whole = ItemHasher(Blake2b.hash128).record(
            record(1), collection: 1, entry: .init(stamp: written, fields: mask([0, 1])))
        #expect(try await store.fingerprint() == Fingerprint(value: whole))
        #expect(try await store.summary().liveChanges == 2)
        #expect(try await store.isSound())
        // A replica that holds it whole is told nothing, and tells nothing.
        let outcome = try await heal(store, desk, part(desk, [(written, put(1, 0, 1))]))
        #expect(outcome.response.page.isEmpty && !outcome.hasAdvanced)
    }

    @Test(
        "what is offered of another parent or collection is not held, and its replica is told what stands (I11)",
        arguments: StoreKind.all)
    func toldOfAnother(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        let other = try await store.writer(2)
        let written = try desk.commit([put(1, 0, path: [8]), note(2, path: [8])])
        try desk.commit([erase(9)])
        try await store.send(&desk)
        let same = [(written, put(1, 0, path: [8])), (written, note(2, path: [8]))]
        #expect(try await heal(store, other, part(other, same, through: 2)).response.page.isEmpty)
        for change in [put(1, 0, path: [9]), put(1, 0, path: [8, 7]), put(1, 0, path: [8], collection: 3)] {
            let outcome = try await heal(store, other, part(other, [(written, change)], through: 1))
            #expect(try told(outcome.response) == [record(1)] && !outcome.hasAdvanced)
        }
        #expect(try await store.isSound())
    }

    @Test(
        "an erasure comes back through healing, with all below it, and its bytes leave every file (I5)",
        arguments: StoreKind.all)
    func erasure(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: EraseTests.marker), note(2, path: [1], sealed: EraseTests.marker)])
        try desk.commit([note(3, path: [4, 1], sealed: EraseTests.marker)])
        try await store.send(&desk)
        _ = try await heal(store, desk, part(desk, [(stamp(0, 0), erase(1))]))
        #expect(try !store.site.contains(EraseTests.marker))
        #expect(try await store.isSound())
        #expect(try await store.feed(desk).commits.flatMap(\.changes).map(\.header.kind) == [.erase])
    }

    @Test(
        "a time from nowhere is not taken, and moves nothing (I8, I11)",
        arguments: [HybridTimestamp.implausible.rawValue, 1 << 62, 1 << 63, .max] as [UInt64], StoreKind.all)
    func poisoned(_ time: UInt64, _ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        let poisoned = Stamp(time: HybridTimestamp(rawValue: time), dot: Dot(rawValue: 5))
        // Below it, but years ahead: taken, and the bound stays where it is.
        let ahead = stamp(store.now + 100_000_000_000, 6)
        _ = try await heal(
            store, desk,
            part(desk, [(poisoned, put(1, 0)), (poisoned, note(2)), (ahead, put(3, 0)), (poisoned, erase(4))]))
        #expect(
            try await store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(3), record(4)])
        try desk.commit([put(9, 0)], time: store.now + 61_500)
        #expect(try await store.send(&desk).outcome == .clock(digest: desk.pending[0].digest))
        var other = try await store.writer(2)
        try other.commit([put(9, 0)])
        #expect(try await store.send(&other).outcome == .done)
        #expect(try await store.isSound())
    }

    @Test(
        "ranges are compared by their sums; the answer says how much is there where they differ (I10)",
        arguments: StoreKind.all)
    func comparison(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), put(2, 0), note(3)])
        try desk.commit([erase(4)])
        try await store.send(&desk)
        let begun = try await heal(store, desk, HealRequest(line: desk.line, replica: desk.replica)).response
        #expect(begun.outcome == .done && begun.cursor.position == 2 && begun.compared.isEmpty)
        var question = HealRequest(line: desk.line, replica: desk.replica, start: begun.cursor)
        question.compared = [
            ComparedRange(range: .all, sum: RangeSum(fingerprint: try await store.fingerprint(), count: 4)),
            ComparedRange(range: RecordRange(through: record(2)), sum: RangeSum()),
            ComparedRange(range: RecordRange(after: record(4)), sum: RangeSum()),
            ComparedRange(range: RecordRange(after: record(3)), sum: RangeSum(fingerprint: Fingerprint(), count: 1)),
        ]
        #expect(try await heal(store, desk, question).response.compared == [nil, 2, nil, 1])
        question.start = Cursor(log: begun.cursor.log, position: 2, check: [UInt8](repeating: 1, count: 8))
        let other = try await heal(store, desk, question).response
        #expect(other.outcome == .restarted && other.compared.isEmpty)
        let none = try await heal(store, desk, part(desk, [(stamp(store.now, 1), put(7, 0))], start: question.start!))
        #expect(none.response.outcome == .restarted && !none.hasAdvanced)
    }

    @Test(
        "sums that are kept follow what is written, replaced, healed and erased since (I10)", arguments: StoreKind.all)
    func keptSums(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        func ask(_ range: RecordRange = .all) async throws -> UInt64? {
            var question = HealRequest(line: desk.line, replica: desk.replica, start: .start)
            let sum = range == .all ? try await store.fingerprint() : Fingerprint()
            let count = range == .all ? UInt64(try await store.summary().liveChanges) : 0
            question.compared = [ComparedRange(range: range, sum: RangeSum(fingerprint: sum, count: count))]
            return try await heal(store, desk, question).response.compared[0]
        }
        let first = try desk.commit((1...1_000).map { put($0 * 3, 0, path: $0 > 900 ? [3] : []) })
        try await store.send(&desk)
        #expect(try await ask() == nil)
        #expect(try await ask(RecordRange(after: record(30), through: record(1_500))) == 490)
        try desk.commit((100...600).map { put($0 * 3, 0, replacing: [first]) } + (1...400).map { put($0 * 3 + 1, 1) })
        try await store.send(&desk)
        #expect(try await ask() == nil)
        #expect(try await ask(RecordRange(after: record(2_700))) == 100)
        try desk.commit([erase(3)])
        try await store.send(&desk)
        #expect(try await ask() == nil)
        #expect(try await ask(RecordRange(after: record(2_700))) == nil)
        _ = try await heal(store, desk, part(desk, [(stamp(store.now, 8), put(9_999, 0))], after: 9_998))
        #expect(try await ask() == nil)
        #expect(try await ask(RecordRange(after: record(2_700))) == 1)
    }

    @Test(
        "an answer that is full says how far it came, and the rest is joined when it is offered again (I10)",
        arguments: [false, true], StoreKind.all)
    func continuation(_ isReversed: Bool, _ kind: StoreKind) async throws {
        var limits = Limits()
        limits.pageBytes = 200
        let store = try await TestStore(kind, limits: limits)
        var desk = try await store.writer(1)
        let payload = [UInt8](repeating: 9, count: 100)
        for id in 1...20 as ClosedRange<UInt64> { try desk.commit([put(id, 0, sealed: payload)]) }
        try await store.send(&desk)
        let other = try await store.writer(2)
        var ranges = [RecordRange(through: record(10)), RecordRange(after: record(10))]
        if isReversed { ranges.reverse() }
        var heard: [RecordID] = []
        var exchanges = 0
        while !ranges.isEmpty {
            var request = HealRequest(line: other.line, replica: other.replica, start: .start)
            request.parts = ranges.map { HealPart(range: $0, items: []) }
            let response = try await heal(store, other, request).response
            heard += try told(response)
            ranges.removeFirst(Int(response.joinedParts))
            if let through = response.joinedThrough { ranges[0].after = through }
            exchanges += 1
            try #require(exchanges < 30)
        }
        #expect(heard.count == 20 && Set(heard) == Set((1...20).map { record($0) }))
        #expect(exchanges > 5)
    }

    @Test(
        "an index that no reader of the feed could read is refused, and nothing of it is taken (I11)",
        arguments: StoreKind.all)
    func valueRanges(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        let desk = try await store.writer(1)
        for index in [10_000, .max] as [UInt64] {
            var far = part(desk, [(stamp(store.now, 1), put(1, 0))])
            far.parts[0].items[0].index = index
            await #expect { try await heal(store, desk, far) } throws: {
                ($0 as? ChangeLogError)?.code == .malformed
            }
        }
        #expect(try await store.feed(desk).commits.isEmpty)
    }

    @Test("parts that overlap are refused")
    func overlapping() async throws {
        let store = try await TestStore()
        let desk = try await store.writer(1)
        let parts = [HealPart(range: .all, items: []), HealPart(range: .all, items: [])]
        let joining = HealRequest(line: desk.line, replica: desk.replica, start: .start, parts: parts)
        await #expect { try await store.log.heal(joining, from: desk.device, now: store.now) } throws: {
            ($0 as? ChangeLogError)?.code == .malformed
        }
    }
}
