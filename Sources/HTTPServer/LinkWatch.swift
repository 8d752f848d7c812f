import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The thread that looks for connections without pace, several times in the shortest of the limits. A thread and not a
/// task: handlers may keep all threads of the tasks busy, and that is when somebody has to look.
final class LinkWatch: Sendable {
    private let links: LinkRegistry
    private let intervalMilliseconds: Int32
    /// The thread waits at the one end; closing the other ends it.
    private let ends: (read: Int32, write: Int32)
    private let thread: Lock<SystemThread?>

    init(_ links: LinkRegistry, intervalSeconds: Double) throws(HTTPServerError) {
        self.links = links
        intervalMilliseconds = Int32(min(max(intervalSeconds * 1_000, 10), 1_000))
        var pair: [Int32] = [-1, -1]
        guard unsafe pipe(&pair) == 0 else {
            throw HTTPServerError(.startFailed, "no pipe for the watch", systemErrorNumber: errno)
        }
        for end in pair { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        ends = (pair[0], pair[1])
        thread = Lock(nil)
        guard let started = SystemThread({ [self] in run() }) else {
            close(ends.read)
            close(ends.write)
            throw HTTPServerError(.startFailed, "no thread for the watch")
        }
        thread.withLock { $0 = started }
    }

    /// Ends the thread and waits for it; further calls do nothing.
    func stop() {
        let running = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        guard let running else { return }
        close(ends.write)
        running.join()
        close(ends.read)
    }

    private func run() {
        while true {
            var end = pollfd(fd: ends.read, events: Int16(POLLIN), revents: 0)
            // Anything but a time-out is the end; signals are blocked here.
            guard unsafe poll(&end, 1, intervalMilliseconds) == 0 else { return }
            links.endOverdue()
        }
    }
}
