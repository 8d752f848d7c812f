#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A thread of the operating system, for work that blocks: the few threads of the tasks are not for waiting.
///
/// It takes none of the process's signals.
public struct SystemThread: @unchecked Sendable {
    // @unchecked: a pthread_t is a value on Linux and a pointer that nobody follows on Darwin.
    private let thread: pthread_t

    /// Starts the thread; nil when the system has none to give.
    public init?(_ body: @escaping @Sendable () -> Void) {
        let context = unsafe Unmanaged.passRetained(Body(run: body))
        #if canImport(Darwin)
            var thread: pthread_t?
            let result = unsafe pthread_create(&thread, nil, { unsafe runBody($0) }, context.toOpaque())
            guard result == 0, let thread else {
                unsafe context.release()
                return nil
            }
        #else
            var thread = pthread_t()
            let result = unsafe pthread_create(&thread, nil, { unsafe runBody($0!) }, context.toOpaque())
            guard result == 0 else {
                unsafe context.release()
                return nil
            }
        #endif
        self.thread = thread
    }

    /// Waits for its end. Once, and not after ``detach()``.
    public func join() {
        let result = pthread_join(thread, nil)
        precondition(result == 0, "pthread_join failed")
    }

    /// Lets it end on its own.
    public func detach() { pthread_detach(thread) }

    /// Whether it is the thread that asks.
    public var isCurrent: Bool { pthread_equal(thread, pthread_self()) != 0 }

    /// Lets the thread that calls sleep.
    public static func sleep(seconds: UInt32) {
        #if canImport(Glibc)
            _ = Glibc.sleep(seconds)
        #elseif canImport(Darwin)
            _ = Darwin.sleep(seconds)
        #else
            _ = Musl.sleep(seconds)
        #endif
    }

    /// Runs blocking work on a thread of its own, and waits for it without blocking anybody. Nil: there is no thread.
    public static func run<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result? {
        try await withCheckedThrowingContinuation { continuation in
            let thread = SystemThread { continuation.resume(with: Swift.Result { try body() }) }
            guard let thread else { return continuation.resume(returning: nil) }
            thread.detach()
        }
    }
}

private final class Body: Sendable {
    let run: @Sendable () -> Void

    init(run: @escaping @Sendable () -> Void) { self.run = run }
}

private func runBody(_ context: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
    // Those that report a fault of the thread itself stay.
    var signals = sigset_t()
    unsafe sigfillset(&signals)
    for signal in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT] { unsafe sigdelset(&signals, signal) }
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue().run()
    return nil
}
