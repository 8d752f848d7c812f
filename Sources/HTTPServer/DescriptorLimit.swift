#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The number of files and sockets this process may have open (RLIMIT_NOFILE).
enum DescriptorLimit {
    /// Left for databases, logs and the runtime beside the connections.
    private static let reserve = 64

    /// Raises the soft limit to the hard one; the soft one is kept low for the sake of select(2), not used here.
    static func raise(toFit connections: Int) throws(HTTPServerError) {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else {
            throw HTTPServerError(
                .tooFewDescriptors, "the limit of open files cannot be read", systemErrorNumber: errno)
        }
        if limit.rlim_cur < limit.rlim_max {
            limit.rlim_cur = limit.rlim_max
            guard unsafe setrlimit(resource, &limit) == 0 else {
                throw HTTPServerError(
                    .tooFewDescriptors, "the limit of open files cannot be raised", systemErrorNumber: errno)
            }
        }
        guard limit.rlim_cur >= rlim_t(connections + reserve) else {
            throw HTTPServerError(
                .tooFewDescriptors,
                "\(connections) connections need \(connections + reserve) open files; this process may have"
                    + " \(limit.rlim_cur). Raise its hard limit (ulimit -Hn, LimitNOFILE=) or lower the connection limit"
            )
        }
    }
}
