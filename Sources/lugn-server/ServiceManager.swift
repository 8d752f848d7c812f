import Support

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Tells the program that started the server, such as systemd, that it is ready, alive, or about to end: by datagrams to the
/// socket that $NOTIFY_SOCKET names (<https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html>). Without one it
/// does nothing.
final class ServiceManager: Sendable {
    private let path: String?
    /// How often it wants to hear that the server is alive; nil: never.
    private let watchdog: Duration?

    init() {
        path = Self.environment("NOTIFY_SOCKET")
        let isMeant = Self.environment("WATCHDOG_PID").map { $0 == String(getpid()) } ?? true
        watchdog = isMeant ? Self.environment("WATCHDOG_USEC").flatMap { Int64($0) }.map { .microseconds($0) } : nil
    }

    func isReady() { send("READY=1\nSTATUS=serving") }
    func isReloading() { send("RELOADING=1\nMONOTONIC_USEC=\(MonotonicClock.system.nowNanoseconds() / 1_000)") }
    func isStopping() { send("STOPPING=1") }

    /// Tells that the server is alive, twice as often as is wanted. It does so from a task, as requests are answered by tasks:
    /// where none gets its turn any more, the server is restarted.
    ///
    /// - Parameter isAlive: whether there is more to being alive, such as a disk that answers.
    func keepAlive(_ isAlive: @escaping @Sendable () -> Bool) -> Task<Void, Never>? {
        guard path != nil, let watchdog else { return nil }
        return Task {
            while !Task.isCancelled {
                if isAlive() { send("WATCHDOG=1") }
                do { try await Task.sleep(for: watchdog / 2) } catch { return }
            }
        }
    }

    private func send(_ text: String) {
        guard let path else { return }
        #if canImport(Glibc)
            let kind = Int32(SOCK_DGRAM.rawValue)
        #else
            let kind = SOCK_DGRAM
        #endif
        let descriptor = socket(AF_UNIX, kind, 0)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        var name = Array(path.utf8)
        // An @ stands for the zero byte of a name that is in no folder.
        if name.first == UInt8(ascii: "@") { name[0] = 0 }
        guard name.count < MemoryLayout.size(ofValue: address.sun_path) else { return }
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let length = socklen_t(MemoryLayout<sa_family_t>.size + name.count)
        let bytes = Array(text.utf8)
        // Whoever does not listen is not waited for.
        _ = unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe sendto(descriptor, bytes, bytes.count, Int32(MSG_DONTWAIT), address, length)
            }
        }
    }

    private static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
