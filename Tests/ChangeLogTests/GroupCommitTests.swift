import ChangeLog
import Merge
import SyncProtocol
import TestSupport
import Testing

/// Many requests at once share transactions, and do not feel each other.
@Suite struct GroupCommitTests {
    @Test("concurrent requests are all taken, one that is refused undoes itself alone (I11)", arguments: StoreKind.all)
    func concurrent(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var writers: [TestWriter] = []
        for replica in 1...16 as ClosedRange<UInt64> {
            var writer = try await store.writer(replica)
            for id in 0..<10 as Range<UInt64> { try writer.commit([put(replica * 100 + id, 0)]) }
            writers.append(writer)
        }
        // One that claims another device's replica among them.
        var stray = writers[0]
        stray.replica = writers[1].replica
        let (log, now) = (store.log, store.now)
        let outcomes = await withTaskGroup(of: SyncResponse.Outcome?.self) { group in
            for writer in writers + [stray] {
                let request = writer.request()
                let device = writer.device
                group.addTask { try? await log.accept(request, from: device, now: now).outcome }
            }
            return await group.reduce(into: []) { $0.append($1) }
        }
        // Of the two devices that claim one replica the first is let in, the other refused.
        #expect(outcomes.count { $0 == .done } == 16 && outcomes.count { $0 == nil } == 1)
        let commits = try await store.feed(writers[0]).commits
        #expect(commits.map(\.position) == Array(1...UInt64(commits.count)))
        #expect(try await store.isSound())
        for writer in writers.dropFirst(2) {
            let dots = Set(writer.pending.map(\.stamp.dot))
            #expect(commits.map(\.stamp).filter { dots.contains($0.dot) } == writer.pending.map(\.stamp))
        }
    }

    @Test("an idle replica's question writes nothing; one whose state changed does", arguments: StoreKind.all)
    func idle(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var desk = try await store.writer(1)
        try desk.commit([put(1, 0)])
        try await store.send(&desk)
        _ = try await store.accept(desk.request(), from: desk)
        let before = try await store.log.replicas(of: store.line)
        store.now += 9_999
        _ = try await store.accept(desk.request(), from: desk)
        #expect(try await store.log.replicas(of: store.line) == before)
        store.now += 1
        _ = try await store.accept(desk.request(), from: desk)
        #expect(try await store.log.replicas(of: store.line).first?.lastSeen == store.now)
    }
}
