#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A bound TCP socket that listens. Made here rather than by MHD, which does not tell why it could not.
struct ListeningSocket: ~Copyable {
    let descriptor: Int32
    let port: UInt16

    init(address: String, port: UInt16) throws(HTTPServerError) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE
        #if canImport(Glibc)
            unsafe hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        #else
            unsafe hints.ai_socktype = SOCK_STREAM
        #endif
        var found: UnsafeMutablePointer<addrinfo>?
        guard unsafe getaddrinfo(address, String(port), &hints, &found) == 0, let info = unsafe found else {
            throw HTTPServerError(.invalidAddress, "the address to listen on is no numeric IPv4 or IPv6 address")
        }
        defer { unsafe freeaddrinfo(info) }

        descriptor = try unsafe Self.listeningDescriptor(on: info.pointee, port: port)
        self.port = Self.boundPort(of: descriptor)
    }

    /// Hands the descriptor to an owner that closes it.
    consuming func take() -> Int32 {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    deinit {
        close(descriptor)
    }

    private static func listeningDescriptor(on info: addrinfo, port: UInt16) throws(HTTPServerError) -> Int32 {
        let descriptor = unsafe socket(info.ai_family, info.ai_socktype, info.ai_protocol)
        guard descriptor >= 0 else { throw failure(port) }
        // A restart must not wait for connections of the last run to leave TIME_WAIT.
        var on: Int32 = 1
        let size = socklen_t(MemoryLayout<Int32>.size)
        guard fcntl(descriptor, F_SETFD, FD_CLOEXEC) == 0,
            unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size) == 0,
            unsafe bind(descriptor, info.ai_addr, info.ai_addrlen) == 0,
            listen(descriptor, SOMAXCONN) == 0
        else {
            let error = failure(port)
            close(descriptor)
            throw error
        }
        return descriptor
    }

    private static func boundPort(of descriptor: Int32) -> UInt16 {
        var storage = sockaddr_storage()
        var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
        let result = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                unsafe getsockname(descriptor, address, &length)
            }
        }
        precondition(result == 0, "getsockname fails only for what is no socket")
        // The port is at the same place in sockaddr_in and sockaddr_in6 (RFC 3493, section 3.3).
        let networkOrder = unsafe withUnsafeBytes(of: storage) { bytes in
            unsafe bytes.loadUnaligned(fromByteOffset: MemoryLayout<sa_family_t>.size, as: UInt16.self)
        }
        return UInt16(bigEndian: networkOrder)
    }

    private static func failure(_ port: UInt16) -> HTTPServerError {
        let number = errno
        return switch number {
        case EADDRINUSE:
            HTTPServerError(.addressInUse, "port \(port) is in use by another process", systemErrorNumber: number)
        case EACCES, EPERM:
            HTTPServerError(
                .permissionDenied, "this process may not listen on port \(port)", systemErrorNumber: number)
        default:
            HTTPServerError(
                .listeningFailed, "listening on port \(port) failed with errno \(number)", systemErrorNumber: number)
        }
    }
}
