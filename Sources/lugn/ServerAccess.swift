import Commands
import HTTPClient
import SyncClient
import Workstation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

extension ServerAccess {
    /// What `join` takes.
    static let options: [Option] = [
        .value("ca-file", "FILE"),
        .value("pin", "PIN"),
        .flag("insecure-http"),
        .flag("use-proxy"),
    ]

    /// By the options of `join`.
    ///
    /// - Parameter pin: the server's key as the invitation names it: SHA-256.
    init(_ context: CommandContext, pin invited: [UInt8]? = nil) throws {
        self.init()
        if let file = context.value("ca-file") {
            guard let path = unsafe realpath(file, nil) else {
                throw CommandFailure(
                    .wrongUsage, "the file of authorities cannot be found", safe: "Nothing was changed",
                    action: "Check --ca-file")
            }
            configuration.caCertificateFile = unsafe String(cString: path)
            unsafe free(path)
        }
        self = pinned(to: invited)
        if let pin = context.value("pin") {
            guard pin.split(separator: ";").allSatisfy({ $0.hasPrefix("sha256//") && $0.utf8.count == 52 }) else {
                throw CommandFailure.wrongUsage(
                    "--pin is sha256// and 44 characters of base64", action: "Ask the operator for it")
            }
            configuration.pinnedPublicKey = pin
        }
        configuration.allowsPlainHTTP = context.flag("insecure-http")
        configuration.usesEnvironmentProxy = context.flag("use-proxy")
    }

    /// Said aloud whenever it counts.
    func warn(_ output: Output) {
        guard configuration.allowsPlainHTTP else { return }
        output.note("warning: plain http is allowed here; whoever is on the way to the server can read along")
    }
}

extension Workplace {
    /// The client for what was kept at `join`, or for what `join` is told now.
    func client(_ access: ServerAccess? = nil) throws -> SyncClient {
        let access = try access ?? ServerAccess(folder: folder)
        return SyncClient(replica: replica, transport: HTTPClient(configuration: access.configuration))
    }
}
