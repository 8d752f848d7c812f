#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Which thread runs, for telling whether it is the same one again.
struct ThreadName: Equatable, Sendable {
    private let raw: UInt

    #if canImport(Darwin)
        static var current: ThreadName { ThreadName(raw: UInt(bitPattern: pthread_self())) }
    #else
        static var current: ThreadName { ThreadName(raw: UInt(pthread_self())) }
    #endif
}
