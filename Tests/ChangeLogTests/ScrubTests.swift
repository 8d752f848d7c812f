import ChangeLog
import Merge
import Support
import SyncProtocol
import TestSupport
import Testing

/// A store that is looked over a part at a time, while others write to it.
@Suite("The server's scrub")
struct ScrubTests {
    /// Goes on until all of the line has been looked over, or something was wrong.
    private func scrub(_ store: TestStore, count: Int = 1) async throws -> ScrubStep {
        for _ in 0..<1_000 {
            let step = try await store.log.scrub(line: store.line, count: count, now: store.now)
            if step != .goesOn { return step }
        }
        Issue.record("the scrub comes to no end")
        return .goesOn
    }

    private func filled(_ store: TestStore) async throws -> TestWriter {
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0), note(2, path: [1])])
        try desk.commit([erase(3)])
        try desk.commit([put(4, 0), put(5, 0)])
        try await store.send(&desk)
        return desk
    }

    @Test(
        "a changed, lost or added row is found by going over everything in parts",
        arguments: [
            "UPDATE change SET sealed = x'ff' WHERE record = (SELECT record FROM change ORDER BY position LIMIT 1)",
            "UPDATE change SET record = zeroblob(16) WHERE kind = 0", "UPDATE change SET kind = 9 WHERE kind = 1",
            "UPDATE change SET live = 2, fields = 3 WHERE kind = 0",
            "UPDATE change SET hash = zeroblob(16) WHERE kind = 2",
            "DELETE FROM change WHERE kind = 1", "DELETE FROM log WHERE key & 15 = 1",
            "UPDATE line SET fingerprint = zeroblob(16)", "UPDATE line SET live_changes = 7",
        ], [1, 2, 1_000])
    func finds(_ sql: String, _ count: Int) async throws {
        let store = try await TestStore()
        _ = try await filled(store)
        #expect(try await scrub(store, count: count) == .finished)
        try store.site.execute(sql)
        guard case .mended(let found) = try await scrub(store, count: count) else {
            Issue.record("not found")
            return
        }
        #expect(!found.isSound)
        #expect(try await scrub(store, count: count) == .finished)
        #expect(try await store.isSound())
    }

    @Test("whatever is written meanwhile, a sound store is sound", arguments: 1...12 as ClosedRange<UInt64>)
    func besideWrites(_ seed: UInt64) async throws {
        var random = RandomSource.seeded(seed)
        let store = try await TestStore()
        var (one, two) = (try await store.writer(1), try await store.writer(2))
        var finished = 0
        for _ in 0..<120 {
            let id = random.next() % 40 + 1
            switch random.next() % 8 {
            case 0: try one.commit([erase(id)])
            case 1: try one.commit([note(100 + id, path: [id])])
            case 2: try two.commit([put(id, Int(random.next() % 3))])
            default: try one.commit([put(id, Int(random.next() % 3)), put(id + 200, 0)])
            }
            try await store.send(&one)
            try await store.send(&two)
            let step = try await store.log.scrub(line: store.line, count: Int(random.next() % 12) + 1, now: store.now)
            if step == .finished { finished += 1 }
            #expect(step == .goesOn || step == .finished)
        }
        #expect(finished > 0)
        #expect(try await scrub(store) == .finished)
    }

    @Test("how far it came outlives the process")
    func restart() async throws {
        let store = try await TestStore()
        _ = try await filled(store)
        // Five rows, and two records of five.
        for _ in 0..<8 { #expect(try await store.log.scrub(line: store.line, count: 1, now: store.now) == .goesOn) }
        let again = try store.site.open()
        var steps = 1
        while try await again.scrub(line: store.line, count: 1, now: store.now) == .goesOn { steps += 1 }
        #expect(steps < 6)
    }

    @Test("an erasure that is gone from the disk holds on, and is taken again from whoever has it")
    func lostErasure() async throws {
        let store = try await TestStore()
        var desk = try await store.writer(1)
        let erasure = try desk.commit([erase(3)])
        try await store.send(&desk)
        let before = try await store.fingerprint()
        try store.site.execute("DELETE FROM change WHERE kind = 2")
        guard case .mended = try await scrub(store, count: 100) else {
            Issue.record("not found")
            return
        }
        #expect(try await store.fingerprint() != before)
        let item = HealItem(stamp: erasure, index: 0, change: erase(3))
        let request = HealRequest(
            line: desk.line, replica: desk.replica, start: .start, parts: [HealPart(range: .all, items: [item])])
        _ = try await store.log.heal(request, from: desk.device, now: store.now)
        #expect(try await store.fingerprint() == before)
        #expect(try await store.isSound())
    }
}
