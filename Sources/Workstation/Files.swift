#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Removes a file, if it is there.
func removeFile(_ path: String) throws {
    guard unsafe unlink(path) == 0 || errno == ENOENT else {
        throw WorkstationError(
            .cannotKeep, "a file in the data folder cannot be removed (error \(errno)); nothing was changed")
    }
}
