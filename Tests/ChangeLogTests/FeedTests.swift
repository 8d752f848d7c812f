import ChangeLog
import Merge
import SQLite
import SyncProtocol
import TestSupport
import Testing

/// What stands, and how it is handed out.
@Suite struct FeedTests {
    @Test(
        "a write replaces what it names, in those fields; what nobody names stands beside it (I7)",
        arguments: StoreKind.all)
    func siblings(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        var other = try await store.writer(2)
        let first = try desk.commit([put(1, 0, 1)])
        try await store.send(&desk)
        let second = try other.commit([put(1, 1, 2)], time: store.now + 1)
        try await store.send(&other)
        #expect(try await store.feed(desk).commits.map(\.stamp) == [first, second])
        let third = try desk.commit([put(1, 1, replacing: [first, second])], time: store.now + 2)
        try await store.send(&desk)
        #expect(try await store.feed(desk).commits.map(\.stamp) == [first, second, third])
        let fourth = try desk.commit([put(1, 0, 2, replacing: [first, second])], time: store.now + 3)
        try await store.send(&desk)
        #expect(try await store.feed(desk).commits.map(\.stamp) == [third, fourth])
        #expect(try await store.isSound())
    }

    @Test("what no longer stands is neither handed out nor kept (I12)", arguments: StoreKind.all)
    func overwritten(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        var written: [Stamp] = []
        for value in 0..<20 as Range<UInt8> {
            written.append(try desk.commit([put(1, 0, replacing: written, sealed: [value])]))
        }
        try await store.send(&desk)
        let commits = try await store.feed(desk).commits
        #expect(commits.map(\.position) == [20] && commits.first?.changes.first?.sealed == [19])
        #expect(try await store.summary().liveChanges == 1)
    }

    @Test("a note is added once, whoever sends it again (I9)", arguments: StoreKind.all)
    func notes(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        var copy = try await store.writer(2)
        try desk.commit([note(1)])
        try copy.commit([note(1)])
        try await store.send(&desk)
        let fingerprint = try await store.fingerprint()
        #expect(try await store.send(&copy).heldNumber == 1)
        #expect(try await store.feed(desk).commits.map(\.position) == [1])
        #expect(try await store.fingerprint() == fingerprint)
    }

    @Test("a replica is not sent its own changes, unless it asks for them", arguments: StoreKind.all)
    func own(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        var other = try await store.writer(2)
        try desk.commit([put(1, 0)])
        try other.commit([put(2, 0)])
        try await store.send(&desk)
        try await store.send(&other)
        let (commits, last) = try await store.feed(desk, includeOwn: false)
        #expect(
            commits.flatMap(\.changes).map(\.header.record) == [record(2)] && last.cursor.position == 2
                && last.head == 2)
        #expect(try await store.feed(desk).commits.count == 2)
    }

    @Test(
        "pages end at commits, hold at least one, and together are the whole, in order",
        arguments: [1, 300, 5_000] as [UInt64], StoreKind.all)
    func pages(_ bytes: UInt64, _ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        for commit in 0..<40 as Range<UInt64> {
            try desk.commit((0..<3).map { put(commit * 3 + $0, 0, sealed: [UInt8](repeating: 5, count: 90)) })
        }
        try await store.send(&desk)
        let whole = try await store.feed(desk).commits
        #expect(whole.count == 40 && whole.allSatisfy { $0.changes.count == 3 })
        #expect(try await store.feed(desk, pageBytes: bytes).commits == whole)
        var request = desk.request()
        request.includeOwn = true
        request.pageBytes = bytes
        let page = try await store.log.page(for: request, proven: 0, from: desk.device)
        #expect(page.more && page.fingerprint == nil && page.bytes.count < Int(bytes) + 600)
    }

    @Test("only the last page says the state's fingerprint", arguments: StoreKind.all)
    func fingerprint(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try desk.commit([put(2, 0)])
        try await store.send(&desk)
        #expect(try await store.feed(desk, pageBytes: 1).last.fingerprint == (try await store.fingerprint()))
    }

    @Test(
        "a cursor is of one history: another log, a position beyond, another past are found out (I10)",
        arguments: StoreKind.all)
    func cursors(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        let good = try await store.feed(desk).last.cursor
        let wrong = [
            Cursor(log: [UInt8](repeating: 1, count: 16), position: 1, check: good.check),
            Cursor(log: good.log, position: 1, check: [UInt8](repeating: 0, count: 8)),
            Cursor(log: good.log, position: 2, check: good.check),
            Cursor(log: good.log, position: Cursor.positionLimit - 1, check: good.check),
        ]
        let right = [good, .start]
        for cursor in right + wrong {
            var request = desk.request()
            request.cursor = cursor
            let outcome = try await store.accept(request, from: desk).outcome
            #expect(outcome == (right.contains(cursor) ? .done : .diverged))
        }
    }

    @Test(
        "a file that was put back without a word, and went on, is found out by the cursor (I10)",
        arguments: StoreKind.all)
    func restoredCopy(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        var other = try await store.writer(2)
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        let before = try await store.feed(desk).last.cursor
        let restored = try store.backUp()
        try desk.commit([put(2, 0)])
        try await store.send(&desk)
        let after = try await store.feed(desk).last.cursor
        try other.commit([put(3, 0)])
        #expect(try await restored.accept(other.request(), from: other.device, now: store.now).outcome == .done)
        // Same log, same position, another commit there.
        var request = other.request()
        request.commits = []
        request.acknowledged = 1
        request.acknowledgedDigest = other.pending[0].digest
        request.cursor = before
        #expect(try await restored.accept(request, from: other.device, now: store.now).outcome == .done)
        request.cursor = after
        #expect(try await restored.accept(request, from: other.device, now: store.now).outcome == .diverged)
    }

    @Test("a store of another program or another version is not touched")
    func foreignFile() async throws {
        let store = try await TestStore(.sqlite)
        let path = try #require(store.site as? SQLiteSite).path
        let other = path + "-other"
        try Connection(path: other, mode: .create).execute("CREATE TABLE theirs (x)")
        #expect { try SQLiteChangeLog(path: other) } throws: { ($0 as? ChangeLogError)?.code == .unusable }
        for version in [1, 99] as [Int32] {
            try Connection(path: path, mode: .readWrite).setUserVersion(version)
            #expect { try SQLiteChangeLog(path: path) } throws: { ($0 as? ChangeLogError)?.code == .unusable }
        }
    }
}
