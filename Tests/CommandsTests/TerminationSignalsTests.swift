import Commands
import Glibc
import Testing

@Suite struct TerminationSignalsTests {
    /// One test, since a process can receive its first signal only once.
    @Test("cancelled waiters get nil, the others the first signal, and later ones get it at once")
    func signals() async throws {
        let signals = try TerminationSignals.install()
        #expect(try TerminationSignals.install() === signals)

        let cancelled = Task { await signals.wait() }
        cancelled.cancel()
        #expect(await cancelled.value == nil)

        let waiter = Task { await signals.wait() }
        #expect(kill(getpid(), SIGTERM) == 0)
        #expect(await waiter.value == .terminate)
        #expect(await signals.wait() == .terminate)
    }
}
