import ChangeLog
import SyncProtocol
import Testing

/// Blocks of reference numbers (I6).
@Suite struct LeaseTests {
    private func ask(_ store: TestStore, _ writer: TestWriter, _ leases: LeaseState) async throws -> [Lease] {
        var request = writer.request()
        request.leases = leases
        return try await store.accept(request, from: writer).leases
    }

    @Test("a lease whose answer was lost is sent again, not given anew")
    func repetition() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let first = try await ask(store, desk, LeaseState(wanted: 2))
        #expect(first.map(\.ordinal) == [1, 2] && first.allSatisfy { $0.count == 20 })
        #expect(try await ask(store, desk, LeaseState(wanted: 2)) == first)
        #expect(try await ask(store, desk, LeaseState(received: 1, wanted: 2)) == [first[1]])
        let next = try await ask(store, desk, LeaseState(received: 2, wanted: 1))
        #expect(next.map(\.ordinal) == [3] && next[0].start == 40)
    }

    @Test("no two replicas are given a number twice, nor the same desk")
    func apart() async throws {
        let store = try TestStore()
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

    @Test("a count of received blocks that cannot be is not believed: what is leased next can be read (I11)")
    func impossibleCount() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let leases = try await ask(store, desk, LeaseState(received: 1 << 48 - 1, wanted: 1))
        #expect(leases.map(\.ordinal) == [1])
    }

    @Test("a restored server leases above what replicas hold, and counts on from what they received (I10)")
    func restored() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        let leases = try await ask(store, desk, LeaseState(received: 4, wanted: 1, highest: 400))
        #expect(leases == [Lease(ordinal: 5, start: 400, count: 20)])
    }

    @Test("when the numbers are used up there are none, and a word beyond all numbers takes none away (I11)")
    func usedUp() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        #expect(try await ask(store, desk, LeaseState(wanted: 1, highest: 1 << 40)).map(\.start) == [0])
        #expect(
            try await ask(store, desk, LeaseState(received: 1, wanted: 9, highest: 999_970)).map(\.start) == [999_970])
        #expect(try await ask(store, desk, LeaseState(received: 2, wanted: 9)).isEmpty)
    }

    @Test("nobody is given more than fifty blocks at once, however many are wanted")
    func cap() async throws {
        let store = try TestStore()
        let desk = try await store.writer(1)
        #expect(try await ask(store, desk, LeaseState(wanted: 1 << 40)).count == 50)
    }
}
