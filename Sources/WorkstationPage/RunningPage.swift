import LocalPage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// Lets one process at a time serve the page of a data folder; a second one asks the first to open it.
///
/// The lock is the system's, on a file in the folder, and ends with the process. A request to open is a file too: whoever
/// can write it may read the data anyway.
public final class RunningPage: Sendable {
    private let folder: String
    private let descriptor: Int32

    /// Nil where another process serves the folder.
    public init?(folder: String) throws {
        self.folder = folder
        descriptor = unsafe open(folder + "/serve.lock", O_CREAT | O_RDWR | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw Problem(500, "cannot-keep", "the data folder cannot be written (error \(errno)): check it")
        }
        // All is set: deinit closes, here too.
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else { return nil }
    }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// The port of the last time, so that the page has the same address; 0 for none.
    public var rememberedPort: UInt16 {
        UInt16(Self.text(of: folder + "/serve.port").filter(\.isNumber)) ?? 0
    }

    public func remember(port: UInt16) throws { try replacePrivateFile(folder + "/serve.port", "\(port)\n") }

    /// Asks the process that serves the folder to open its page.
    public static func askToOpen(folder: String) throws { try replacePrivateFile(folder + "/serve.open", "open\n") }

    /// Whether somebody has asked since the last time.
    public func wasAskedToOpen() -> Bool { unsafe unlink(folder + "/serve.open") == 0 }

    private static func text(of path: String) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return "" }
        defer { close(descriptor) }
        var bytes = [UInt8](repeating: 0, count: 64)
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress!, $0.count) }
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }
}
