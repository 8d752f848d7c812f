import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The programs that this one has started and that still run, so that none outlives a Ctrl-C.
final class RunningChildren: Sendable {
    static let shared = RunningChildren()
    private let ids = Lock<Set<pid_t>>([])

    func add(_ id: pid_t) { ids.withLock { _ = $0.insert(id) } }
    func remove(_ id: pid_t) { ids.withLock { _ = $0.remove(id) } }
    func killAll() { ids.withLock { $0.forEach { kill($0, SIGKILL) } } }
}
