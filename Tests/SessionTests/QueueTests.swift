import Glibc
import Support
import Testing

@testable import SyncServer

/// What keeps one kind of work from holding up another.
@Suite("Turns and readiness") struct QueueTests {
    @Test("a few at a time have their turn, in the order in which they came", arguments: [1, 2])
    func order(atOnce: Int) async throws {
        let turns = Turns(atOnce: atOnce, waitingLimit: 100)
        let state = Lock((running: 0, most: 0, order: [Int]()))
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<20 {
                group.addTask {
                    try await turns.take {
                        state.withLock {
                            $0.running += 1
                            $0.most = max($0.most, $0.running)
                            $0.order.append(number)
                        }
                        if number < atOnce { await gate.wait() }
                        state.withLock { $0.running -= 1 }
                    }
                }
                // One after the other into the queue: the order is what is tested.
                try await until {
                    number < atOnce
                        ? state.withLock { $0.order.count } == number + 1 : turns.waitingCount == number + 1 - atOnce
                }
            }
            #expect(state.withLock { $0.order } == Array(0..<atOnce))
            gate.open()
            try await group.waitForAll()
        }
        #expect(state.withLock { $0.most } == atOnce)
        let order = state.withLock { $0.order }
        // With two at once, neighbours may begin in either order.
        #expect(atOnce == 1 ? order == Array(0..<20) : order.sorted() == Array(0..<20))
        #expect(turns.waitingCount == 0)
        // All turns were given back.
        try await turns.take { #expect(turns.waitingCount == 0) }
    }

    @Test("who finds no room in the queue is asked to come again, and who is cancelled leaves it")
    func limits() async throws {
        let turns = Turns(atOnce: 1, waitingLimit: 1)
        let gate = Gate()
        let first = Task { try await turns.take { await gate.wait() } }
        try await until { gate.isAwaited }
        let second = Task { try await turns.take {} }
        try await until { turns.waitingCount == 1 }
        await #expect(throws: Problem.self) { try await turns.take {} }
        second.cancel()
        await #expect(throws: Problem.self) { try await second.value }
        #expect(turns.waitingCount == 0)
        gate.open()
        try await first.value
        try await turns.take {}
    }

    @Test("readiness is what the last probe found; a probe that hangs is a failure, and asking never waits for it")
    func readiness() async throws {
        let found = Lock<Readiness.Failure?>(nil)
        let hangs = Lock(false)
        let time = Lock<Int64>(0)
        let probes = Lock(0)
        let readiness = Readiness(
            clock: MonotonicClock { time.withLock { $0 } }, pause: { usleep(1_000) },
            probe: { () throws(Readiness.Failure) in
                probes.withLock { $0 += 1 }
                while hangs.withLock({ $0 }) { usleep(1_000) }
                if let failure = found.withLock({ $0 }) { throw failure }
            })
        #expect(probes.withLock { $0 } == 1 && readiness.failure() == nil)
        found.withLock { $0 = .init("the disk is full") }
        try await until { readiness.failure() == "the disk is full" }
        found.withLock { $0 = nil }
        try await until { readiness.failure() == nil }
        hangs.withLock { $0 = true }
        try await until {
            time.withLock { $0 += 1_000_000_000 }
            return readiness.failure() == "the disk does not answer"
        }
        hangs.withLock { $0 = false }
        try await until { readiness.failure() == nil }
        // Nobody asks for ten minutes: it rests, and the next one to ask wakes it.
        time.withLock { $0 += 601_000_000_000 }
        try await until {
            let before = probes.withLock { $0 }
            usleep(20_000)
            return probes.withLock { $0 } == before
        }
        found.withLock { $0 = .init("the disk fails") }
        try await until { readiness.failure() == "the disk fails" }
        time.withLock { $0 += 601_000_000_000 }
    }

    /// Waits until a condition holds that nothing announces; ten seconds at most.
    private func until(_ condition: () -> Bool) async throws {
        for _ in 0..<5_000 {
            if condition() { return }
            try await Task.sleep(for: .milliseconds(2))
        }
        try #require(Bool(false), "what was waited for did not come")
    }
}

/// Where tasks wait until a test opens it.
private final class Gate: Sendable {
    private let state = Lock((isOpen: false, waiting: [CheckedContinuation<Void, Never>]()))

    var isAwaited: Bool { state.withLock { !$0.waiting.isEmpty } }

    func wait() async {
        await withCheckedContinuation { continuation in
            let isOpen = state.withLock { state in
                if !state.isOpen { state.waiting.append(continuation) }
                return state.isOpen
            }
            if isOpen { continuation.resume() }
        }
    }

    func open() {
        let waiting = state.withLock { state in
            defer { state.waiting = [] }
            state.isOpen = true
            return state.waiting
        }
        for continuation in waiting { continuation.resume() }
    }
}
