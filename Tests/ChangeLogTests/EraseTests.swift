import ChangeLog
import Merge
import SyncProtocol
import TestSupport
import Testing

/// Erasing is for good, for everything below, whenever it comes.
@Suite struct EraseTests {
    static let marker = Array("MARKER-of-sealed-bytes".utf8)

    @Test(
        "erased bytes are in no file, the write-ahead log included, once the erasure is answered (I5)",
        arguments: StoreKind.all)
    func bytesAreGone(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: Self.marker), note(2, path: [1], sealed: Self.marker)])
        try desk.commit([put(1, 0, sealed: Self.marker + [1])])
        try await store.send(&desk)
        #expect(try store.site.contains(Self.marker))
        try desk.commit([erase(1)])
        try await store.send(&desk)
        #expect(try !store.site.contains(Self.marker))
        #expect(try await store.feed(desk).commits.flatMap(\.changes).map(\.header.kind) == [.erase])
        #expect(try await store.isSound())
    }

    @Test("a long read in the way of the log's emptying does not keep the bytes for ever (I5)")
    func readerInTheWay() async throws {
        let store = try await TestStore(.sqlite)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: Self.marker)])
        try await store.send(&desk)
        try await withReader(of: store) {
            try desk.commit([erase(1)])
            #expect(try await store.send(&desk).outcome == .done)
        }
        try desk.commit([put(2, 0)])
        try await store.send(&desk)
        #expect(try !store.site.contains(Self.marker))
    }

    @Test("nor until somebody writes again: a server at rest empties it by itself (I5)", .timeLimit(.minutes(1)))
    func readerInTheWayOfTheLast() async throws {
        let store = try await TestStore(.sqlite, cleaningSeconds: 0.05)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: Self.marker)])
        try await store.send(&desk)
        try await withReader(of: store) {
            try desk.commit([erase(1)])
            #expect(try await store.send(&desk).outcome == .done)
            #expect(try store.site.contains(Self.marker))
        }
        while try store.site.contains(Self.marker) { await Task.yield() }
    }

    @Test(
        "children and grandchildren that come late are dropped, and their bytes are in no file (I5)",
        arguments: StoreKind.all)
    func lateChildren(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try desk.commit([erase(1)])
        try await store.send(&desk)
        let fingerprint = try await store.fingerprint()
        var other = try await store.writer(2)
        try other.commit([put(2, 0, path: [1], sealed: Self.marker)])
        try other.commit([note(3, path: [2, 1], sealed: Self.marker), put(1, 1, sealed: Self.marker)])
        let acceptance = try await store.send(&other)
        #expect(acceptance.outcome == .done && acceptance.heldNumber == 2)
        #expect(try await store.fingerprint() == fingerprint)
        #expect(try !store.site.contains(Self.marker))
        #expect(try await store.isSound())
    }

    @Test(
        "a grandchild that came before its own parent is dropped by its path, whichever came first (I3, I5)",
        arguments: StoreKind.all)
    func grandchildFirst(_ kind: StoreKind) async throws {
        for erasureFirst in [true, false] {
            let store = try await TestStore(kind)
            var desk = try await store.writer(1)
            var other = try await store.writer(2)
            try other.commit([note(3, path: [2, 1], sealed: Self.marker)])
            if !erasureFirst { try await store.send(&other) }
            try desk.commit([erase(1)])
            try await store.send(&desk)
            let fingerprint = try await store.fingerprint()
            #expect(try await store.send(&other).outcome == .done)
            try other.commit([put(2, 0, path: [1], sealed: Self.marker)])
            try await store.send(&other)
            #expect(try await store.fingerprint() == fingerprint)
            #expect(try !store.site.contains(Self.marker))
            #expect(try await store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(1)])
            #expect(try await store.isSound())
        }
    }

    @Test("erasing twice is erasing once; what lay below can still be erased by name (I3)", arguments: StoreKind.all)
    func twice(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        var other = try await store.writer(2)
        try desk.commit([put(1, 0), put(2, 0, path: [1])])
        try desk.commit([erase(1)])
        try await store.send(&desk)
        let fingerprint = try await store.fingerprint()
        try other.commit([erase(1)])
        try await store.send(&other)
        #expect(try await store.fingerprint() == fingerprint)
        try other.commit([erase(2)])
        try await store.send(&other)
        #expect(try await store.fingerprint() != fingerprint)
        #expect(try await store.isSound())
        #expect(try await store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(1), record(2)])
    }

    @Test(
        "ten thousand records below one, in one request with their erasure, go with it (I11)", arguments: StoreKind.all)
    func wide(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)] + (2...5_000).map { put($0, 0, path: [1]) })
        try desk.commit((5_001...10_000).map { note($0, path: [$0 - 4_000, 1]) })
        try await store.send(&desk)
        try desk.commit((10_001...10_100).map { note($0, path: [2, 1]) })
        try desk.commit([erase(1)])
        #expect(try await store.send(&desk).outcome == .done)
        let summary = try await store.summary()
        #expect(summary.liveChanges == 1 && summary.sealedBytes == 1)
        #expect(try await store.isSound())
    }
}
