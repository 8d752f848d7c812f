import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A folder that files are written into.
enum OutputFolder {
    /// Makes it, for its owner alone, unless it is there.
    static func make(_ path: String) throws {
        if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
            throw CommandFailure(.failed, key: "failure.folderNotMade", ["error": "\(errno)"])
        }
    }
}
