import ChangeLog
import Merge
import SyncProtocol
import Testing

/// Erasing is for good, for everything below, whenever it comes.
@Suite struct EraseTests {
    static let marker = Array("MARKER-of-sealed-bytes".utf8)

    @Test("erased bytes are in no file, the write-ahead log included, once the erasure is answered (I5)")
    func bytesAreGone() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: Self.marker), note(2, parent: 1, sealed: Self.marker)])
        try desk.commit([put(1, 0, sealed: Self.marker + [1])])
        try await store.send(&desk)
        #expect(try store.filesContain(Self.marker))
        try desk.commit([erase(1)])
        try await store.send(&desk)
        #expect(try !store.filesContain(Self.marker))
        #expect(try store.feed(desk).commits.flatMap(\.changes).map(\.header.kind) == [.erase])
        #expect(try store.log.verify(line: store.line))
    }

    @Test("a long read in the way of the log's emptying does not keep the bytes for ever (I5)")
    func readerInTheWay() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: Self.marker)])
        try await store.send(&desk)
        try await withReader(of: store) {
            try desk.commit([erase(1)])
            #expect(try await store.send(&desk).outcome == .done)
        }
        try desk.commit([put(2, 0)])
        try await store.send(&desk)
        #expect(try !store.filesContain(Self.marker))
    }

    @Test("nor until somebody writes again: a server at rest empties it by itself (I5)", .timeLimit(.minutes(1)))
    func readerInTheWayOfTheLast() async throws {
        let store = try TestStore(cleaningSeconds: 0.05)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0, sealed: Self.marker)])
        try await store.send(&desk)
        try await withReader(of: store) {
            try desk.commit([erase(1)])
            #expect(try await store.send(&desk).outcome == .done)
            #expect(try store.filesContain(Self.marker))
        }
        while try store.filesContain(Self.marker) { await Task.yield() }
    }

    @Test("children and grandchildren that come late are dropped, and their bytes are in no file (I5)")
    func lateChildren() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try desk.commit([erase(1)])
        try await store.send(&desk)
        let fingerprint = try store.fingerprint()
        var other = try await store.writer(2)
        try other.commit([put(2, 0, parent: 1, sealed: Self.marker)])
        try other.commit([note(3, parent: 2, sealed: Self.marker), put(1, 1, sealed: Self.marker)])
        let acceptance = try await store.send(&other)
        #expect(acceptance.outcome == .done && acceptance.heldNumber == 2)
        #expect(try store.fingerprint() == fingerprint && !store.filesContain(Self.marker))
        #expect(try store.log.verify(line: store.line))
    }

    @Test("a grandchild that came before its own parent goes with it, though the erasure came before both (I3, I5)")
    func grandchildFirst() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        try desk.commit([erase(1)])
        try await store.send(&desk)
        let fingerprint = try store.fingerprint()
        var other = try await store.writer(2)
        try other.commit([note(3, parent: 2, sealed: Self.marker)])
        try await store.send(&other)
        try other.commit([put(2, 0, parent: 1, sealed: Self.marker)])
        try await store.send(&other)
        #expect(try store.fingerprint() == fingerprint && !store.filesContain(Self.marker))
        #expect(try store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(1)])
    }

    @Test("erasing twice is erasing once; what lay below can still be erased by name (I3)")
    func twice() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        var other = try await store.writer(2)
        try desk.commit([put(1, 0), put(2, 0, parent: 1)])
        try desk.commit([erase(1)])
        try await store.send(&desk)
        let fingerprint = try store.fingerprint()
        try other.commit([erase(1)])
        try await store.send(&other)
        #expect(try store.fingerprint() == fingerprint)
        try other.commit([erase(2)])
        try await store.send(&other)
        #expect(try store.fingerprint() != fingerprint && store.log.verify(line: store.line))
        #expect(try store.feed(desk).commits.flatMap(\.changes).map(\.header.record) == [record(1), record(2)])
    }

    @Test("a chain of tens of thousands of parents is erased like any other (I11)")
    func deep() async throws {
        let store = try TestStore()
        var desk = try await store.writer(1)
        let depth: UInt64 = 30_000
        for start in stride(from: UInt64(1), to: depth, by: 5_000) {
            try desk.commit((start..<start + 5_000).map { put($0, 0, parent: $0 == 1 ? nil : $0 - 1) })
        }
        try desk.commit([erase(1)])
        #expect(try await store.send(&desk).outcome == .done)
        #expect(try store.log.lines().first?.liveChanges == 1)
        #expect(try store.log.verify(line: store.line))
    }
}
