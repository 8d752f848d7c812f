import ChangeLog
import Support
import SyncProtocol
import TestSupport
import Testing

/// Several processes on one store hear of each other's commits.
@Suite(.enabled(if: PostgreSQLServer.isInstalled), .serialized) struct NewsTests {
    @Test("what one takes, the other hears of in milliseconds, and not by asking", .timeLimit(.minutes(5)))
    func notified() async throws {
        let delays = try await delays(count: 100, listens: true)
        // On a machine with nothing else to do p99 is within 50 as well; docs/scaling.md has the figures.
        #expect(delays[delays.count / 2] <= .milliseconds(50), "\(delays.suffix(5))")
        #expect(delays[delays.count * 99 / 100] < .milliseconds(900), "\(delays.suffix(5))")
    }

    @Test("where nobody is told, asking each second finds it", .timeLimit(.minutes(5)))
    func polled() async throws {
        let delays = try await delays(count: 5, listens: false)
        #expect(delays.allSatisfy { $0 <= .milliseconds(1_500) }, "\(delays)")
    }

    /// How long after a commit's confirmation the other change log tells of it, in order.
    private func delays(count: Int, listens: Bool) async throws -> [Duration] {
        let store = try await TestStore(.postgresql)
        let site = try #require(store.site as? PostgreSQLSite)
        let other = try PostgreSQLChangeLog(site.address, connections: 2, listens: listens)
        defer { other.close() }
        var desk = try await store.writer(1)
        // Somebody waits there.
        _ = try await other.accept(desk.request(), from: desk.device, now: store.now)
        let heads = Lock<[UInt64: ContinuousClock.Instant]>([:])
        let news = other.news()
        let listening = Task {
            for await one in news {
                if case .advanced(_, let head) = one { heads.withLock { $0[head] = $0[head] ?? .now } }
            }
        }
        defer { listening.cancel() }
        var delays: [Duration] = []
        for number in 0..<count {
            try desk.commit([put(UInt64(number), 0)])
            let head = try await store.send(&desk).head
            let confirmed = ContinuousClock.now
            while heads.withLock({ $0[head] }) == nil { try await Task.sleep(for: .milliseconds(1)) }
            delays.append(heads.withLock { $0[head] ?? .now } - confirmed)
        }
        return delays.sorted()
    }
}
