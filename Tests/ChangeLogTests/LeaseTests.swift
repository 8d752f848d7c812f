import ChangeLog
import Merge
import Support
import SyncProtocol
import TestSupport
import Testing

/// Blocks of reference numbers (I6).
@Suite struct LeaseTests {
    private func ask(_ store: TestStore, _ writer: TestWriter, _ leases: LeaseState) async throws -> [Lease] {
        var request = writer.request()
        request.leases = leases
        return try await store.accept(request, from: writer).leases
    }

    @Test("a lease whose answer was lost is sent again, not given anew", arguments: StoreKind.all)
    func repetition(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        let desk = try await store.writer(1)
        let first = try await ask(store, desk, LeaseState(wanted: 2))
        #expect(first.map(\.ordinal) == [1, 2] && first.allSatisfy { $0.count == 20 && $0.start % 20 == 0 })
        #expect(try await ask(store, desk, LeaseState(wanted: 2)) == first)
        #expect(try await ask(store, desk, LeaseState(received: 1, wanted: 2)) == [first[1]])
        #expect(try await ask(store, desk, LeaseState(received: 2, wanted: 1)).map(\.ordinal) == [3])
    }

    @Test("no two replicas are given a number twice, nor the same desk", arguments: StoreKind.all)
    func apart(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        var numbers: Set<UInt64> = []
        var desks: Set<UInt64> = []
        for replica in 1...5 as ClosedRange<UInt64> {
            let desk = try await store.writer(replica)
            for lease in try await ask(store, desk, LeaseState(wanted: 3)) {
                for number in lease.start..<lease.start + lease.count { #expect(numbers.insert(number).inserted) }
            }
            #expect(desks.insert(try await store.accept(desk.request(), from: desk).desk).inserted)
        }
        #expect(numbers.count == 300 && desks == [1, 2, 3, 4, 5])
    }

    @Test(
        "one request is given what it asks for, at most fifty blocks; words near the limits take nothing away (I11)",
        arguments: [
            (LeaseState(received: 0, wanted: 0, highest: 1_000_000), 0),
            (LeaseState(received: 0, wanted: 3, highest: 1_000_000), 3),
            (LeaseState(received: 0, wanted: 1, highest: 1 << 48 - 1), 1),
            (LeaseState(received: 1 << 48 - 1, wanted: 1, highest: 19), 1),
            (LeaseState(received: 50_000, wanted: 1, highest: 1), 1),
            (LeaseState(received: 0, wanted: 1 << 48 - 1, highest: 0), 50),
        ], StoreKind.all)
    func limits(_ asked: (state: LeaseState, count: Int), _ kind: StoreKind) async throws {
        let (state, count) = asked
        let store = try await TestStore(kind)
        let desk = try await store.writer(1)
        let leases = try await ask(store, desk, state)
        #expect(leases.count == count && leases.allSatisfy { $0.ordinal < 1 << 48 && $0.start + $0.count <= 1_000_000 })
        // The unused of an answer that was not received are all there is, however often it is asked again.
        #expect(try await ask(store, desk, state).count == count)
        let other = try await store.writer(2)
        #expect(try await ask(store, other, LeaseState(wanted: 50)).count == 50)
    }

    @Test(
        "a server that was put back leases none of what a replica reports, and hardly any that it forgot (I10)",
        arguments: StoreKind.all)
    func restored(_ kind: StoreKind) async throws {
        let store = try await TestStore(kind)
        let desk = try await store.writer(1)
        let restored = try store.backUp(random: .seeded(7))
        let lost = try await ask(store, desk, LeaseState(wanted: 10)).map(\.start)
        var collisions = 0
        for round in 0..<4 as Range<UInt64> {
            var request = desk.request()
            request.replica.rawValue = 100 + round
            request.leases = LeaseState(wanted: 50, highest: (lost.max() ?? 0) + 20)
            let given = try await restored.accept(request, from: desk.device, now: store.now).leases.map(\.start)
            #expect(given.count == 50 && !given.contains(lost.max() ?? 0))
            collisions += Set(given).intersection(lost).count
        }
        // 200 draws among 50,000 blocks of which 9 are forgotten: 0.04 expected.
        #expect(collisions <= 1)
    }
}
