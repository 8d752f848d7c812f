import Commands
import HTTPClient
import JSON
import Sealing
import SyncClient

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// How this workstation may reach its server: what `join` was told, kept in a file of the data folder for every later
/// command.
struct ServerAccess {
    private(set) var configuration = HTTPClient.Configuration()

    /// What `join` takes.
    static let options: [Option] = [
        .value("ca-file", "FILE"),
        .value("pin", "PIN"),
        .flag("insecure-http"),
        .flag("use-proxy"),
    ]

    private static let fileName = "server-access.json"
    private static let fileLimitBytes = 64 << 10

    /// By the options of `join`.
    ///
    /// - Parameter pin: the server's key as the invitation names it: SHA-256.
    init(_ context: CommandContext, pin invited: [UInt8]? = nil) throws {
        if let file = context.value("ca-file") {
            guard let path = unsafe realpath(file, nil) else {
                throw CommandFailure(
                    .wrongUsage, "the file of authorities cannot be found", safe: "Nothing was changed",
                    action: "Check --ca-file")
            }
            configuration.caCertificateFile = unsafe String(cString: path)
            unsafe free(path)
        }
        if let invited { configuration.pinnedPublicKey = "sha256//" + Base64.text(invited) }
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

    /// As it was kept; without a file as if `join` had been told nothing.
    init(folder: String) throws {
        let path = folder + "/" + Self.fileName
        guard unsafe access(path, F_OK) == 0 else { return }
        let document: JSONValue
        do {
            document = try JSONValue(parsing: try readFile(path, limit: Self.fileLimitBytes))
        } catch is JSONParseError {
            throw CommandFailure(
                "\(Self.fileName) in the data folder is damaged", safe: "Your work is safe here",
                action: "Remove that file; if the server has a private certificate, ask the operator for help")
        }
        configuration.caCertificateFile = document["caFile"]?.string
        configuration.pinnedPublicKey = document["pin"]?.string
        configuration.allowsPlainHTTP = document["insecureHTTP"]?.bool == true
        configuration.usesEnvironmentProxy = document["useProxy"]?.bool == true
    }

    func keep(in folder: String) throws {
        let document: JSONValue = [
            "caFile": configuration.caCertificateFile.map { .string($0) } ?? nil,
            "pin": configuration.pinnedPublicKey.map { .string($0) } ?? nil,
            "insecureHTTP": .bool(configuration.allowsPlainHTTP), "useProxy": .bool(configuration.usesEnvironmentProxy),
        ]
        let file = try NewFile.replacing(folder + "/" + Self.fileName)
        try file.write(document.text + "\n")
        try file.close()
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
