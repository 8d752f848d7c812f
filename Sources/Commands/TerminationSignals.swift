import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A wish to end the process in order: SIGINT (Ctrl-C) or SIGTERM.
///
/// The first such signal is handed to all who wait; from then on the signals have their usual effect, so a second
/// one ends the process at once. A handler writes one byte to a pipe, which a thread of its own reads: neither
/// Dispatch nor signal masks of other threads are involved.
public final class TerminationSignals: Sendable {
    /// The signals that ask for an end.
    public enum Signal: Sendable {
        case interrupt, terminate
    }

    private struct State {
        var received: Signal?
        var nextWaiter: UInt64 = 0
        var waiters: [UInt64: CheckedContinuation<Signal?, Never>] = [:]
        var onHangUp: (@Sendable () -> Void)?
    }

    private static let installed = Lock<TerminationSignals?>(nil)
    private let state = Lock(State())

    private init() {}

    /// Takes over SIGINT and SIGTERM and ignores SIGPIPE, for the whole process. Further calls give the same object.
    /// - Throws: ``CommandFailure`` when the system has no file descriptor or thread left for it.
    public static func install() throws(CommandFailure) -> TerminationSignals {
        try installed.withLock { installed throws(CommandFailure) in
            if let installed { return installed }
            let signals = TerminationSignals()
            try signals.start()
            installed = signals
            return signals
        }
    }

    /// Waits for the first signal; returns at once when it has come already. Nil when the task is cancelled.
    public func wait() async -> Signal? {
        let identifier = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        return await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Signal?? = state.withLock { state in
                    if let signal = state.received { return .some(signal) }
                    // The cancellation handler may have run before there was a waiter to cancel.
                    if Task.isCancelled { return .some(nil) }
                    state.waiters[identifier] = continuation
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: identifier) }?.resume(returning: nil)
        }
    }

    /// From now on SIGHUP runs the closure, on a thread of its own, one after the other, and ends nothing.
    public func onHangUp(_ body: @escaping @Sendable () -> Void) {
        state.withLock { $0.onHangUp = body }
        _ = signal(SIGHUP, reportSignal)
    }

    static func ignoreBrokenPipes() {
        _ = signal(SIGPIPE, SIG_IGN)
    }

    private func start() throws(CommandFailure) {
        var ends: [Int32] = [-1, -1]
        guard unsafe pipe(&ends) == 0 else { throw CommandFailure(.failed, "no pipe for signals (error \(errno))") }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        unsafe signalPipeWriteEnd = ends[1]
        try startReader(of: ends[0])
        Self.ignoreBrokenPipes()
        _ = signal(SIGINT, reportSignal)
        _ = signal(SIGTERM, reportSignal)
    }

    private func startReader(of descriptor: Int32) throws(CommandFailure) {
        guard let thread = SystemThread({ [self] in read(from: descriptor) }) else {
            throw CommandFailure(.failed, "no thread for signals")
        }
        thread.detach()
    }

    private func read(from descriptor: Int32) {
        while true {
            var byte: UInt8 = 0
            // Only EINTR is possible: the pipe is never closed.
            guard unsafe Self.read(descriptor, &byte) == 1 else { continue }
            if Int32(byte) == SIGHUP {
                state.withLock { $0.onHangUp }?()
                continue
            }
            _ = signal(SIGINT, SIG_DFL)
            _ = signal(SIGTERM, SIG_DFL)
            receive(Int32(byte) == SIGINT ? .interrupt : .terminate)
        }
    }

    private static func read(_ descriptor: Int32, _ byte: UnsafeMutablePointer<UInt8>) -> Int {
        #if canImport(Glibc)
            unsafe Glibc.read(descriptor, byte, 1)
        #elseif canImport(Darwin)
            unsafe Darwin.read(descriptor, byte, 1)
        #else
            unsafe Musl.read(descriptor, byte, 1)
        #endif
    }

    private func receive(_ signal: Signal) {
        let waiters = state.withLock { state in
            state.received = signal
            defer { state.waiters = [:] }
            return Array(state.waiters.values)
        }
        for waiter in waiters { waiter.resume(returning: signal) }
    }
}

// Written once before the handler is installed, then only read. A plain global with a constant value needs no lazy
// initialization, which would not be safe inside a signal handler.
nonisolated(unsafe) private var signalPipeWriteEnd: Int32 = -1

/// The signal handler: only what signal-safety(7) allows, and `errno` as it was.
private func reportSignal(_ number: Int32) {
    let savedError = errno
    var byte = UInt8(truncatingIfNeeded: number)
    _ = unsafe write(signalPipeWriteEnd, &byte, 1)
    errno = savedError
}
