#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// How many files and sockets this process may have open.
enum DescriptorAllowance {
    /// Raises the soft limit as far as needed and allowed.
    static func raise(to count: UInt) throws {
        #if canImport(Glibc)
            let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)
        #else
            let resource = RLIMIT_NOFILE
        #endif
        var limit = rlimit()
        guard unsafe getrlimit(resource, &limit) == 0 else { throw BenchError("the limit of open files is not known") }
        if limit.rlim_cur >= rlim_t(count) { return }
        limit.rlim_cur = min(rlim_t(count), limit.rlim_max)
        guard limit.rlim_cur >= rlim_t(count), unsafe setrlimit(resource, &limit) == 0 else {
            throw BenchError("\(count) open files are needed, and \(limit.rlim_max) are allowed: ulimit -Hn")
        }
    }
}
