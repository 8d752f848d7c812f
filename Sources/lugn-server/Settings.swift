import Commands
import HTTPServer
import ServerStore
import Support

/// How the server runs: by its command line, and where that says nothing by its file of settings.
struct Settings {
    let address: String
    /// As given; 0 takes any free one.
    let port: UInt16
    let logLevel: LogLevel
    /// Where `/metrics` is read without a signature, on this computer; nil: nowhere.
    let metrics: (address: String, port: UInt16)?
    let store: StoreLocation
    private let certificateFile: String?
    private let keyFile: String?
    private let isBehindProxy: Bool
    private let isInsecure: Bool
    /// When to make backups; nil: never by itself.
    let backups: BackupSchedule.Plan?

    /// Reads the file of settings, if there is one. Errors: `CommandFailure` for what cannot be understood, and for an
    /// address that others reach without TLS.
    init(_ context: CommandContext) throws(CommandFailure) {
        let file = try SettingsFile.values(context)
        let value = { (name: String) in context.value(name) ?? file[name] }
        (address, port) = try Self.place(value("listen") ?? "127.0.0.1:7480")
        logLevel = try Self.level(value("log") ?? "info")
        metrics = try value("metrics-listen").map { text throws(CommandFailure) in try Self.place(text) }
        guard metrics.map({ Self.isLoopback($0.address) }) ?? true else {
            throw .wrongUsage(
                "--metrics-listen is for this computer only, such as 127.0.0.1:7481: whoever reaches it reads the metrics"
            )
        }
        store = try StoreLocation(context, file)
        certificateFile = value("tls-certificate")
        keyFile = value("tls-key")
        isBehindProxy = try Self.yes("behind-proxy", context, file)
        isInsecure = try Self.yes("insecure-http", context, file)
        let keep = context.integer("backup-keep").map(String.init) ?? file["backup-keep"]
        backups = try Self.plan(folder: value("backup-dir"), every: value("backup-every"), keep: keep)
        guard (certificateFile == nil) == (keyFile == nil) else {
            throw .wrongUsage("--tls-certificate and --tls-key belong together")
        }
        guard hasCertificate || isLoopback || isBehindProxy || isInsecure else {
            throw .wrongUsage(
                "\(address) is reached from elsewhere, and there is no certificate",
                action: "Give --tls-certificate and --tls-key, or --behind-proxy if a proxy does TLS")
        }
    }

    var hasCertificate: Bool { certificateFile != nil }

    /// What an operator should know who has switched a protection off.
    var warning: String? {
        if hasCertificate || isLoopback { return nil }
        return isBehindProxy
            ? "plain HTTP on \(address): only a proxy that does TLS may reach it"
            : "plain HTTP on \(address): whoever is on the way reads what is sent"
    }

    func url(port: UInt16) -> String {
        "\(hasCertificate ? "https" : "http")://\(address.contains(":") ? "[\(address)]" : address):\(port)"
    }

    func needsRestart(after first: Settings) -> Bool {
        address != first.address || port != first.port || hasCertificate != first.hasCertificate
            || backups != first.backups
    }

    /// The certificate and its key, read now; nil for plain HTTP.
    func certificate() throws(CommandFailure) -> HTTPServer.TLS? {
        guard let certificateFile, let keyFile else { return nil }
        return .init(
            certificatePEM: try SmallFile.text(certificateFile, what: "the certificate's file"),
            keyPEM: try SmallFile.text(keyFile, what: "the file of the certificate's key"))
    }

    // MARK: Reading

    private var isLoopback: Bool { Self.isLoopback(address) }
    private static func isLoopback(_ address: String) -> Bool { address.hasPrefix("127.") || address == "::1" }

    private static func yes(
        _ name: String, _ context: CommandContext, _ file: [String: String]
    ) throws(CommandFailure) -> Bool {
        if context.flag(name) { return true }
        return switch file[name] {
        case "yes": true
        case "no", nil: false
        default: throw .wrongUsage("\(name) is yes or no")
        }
    }

    private static func plan(
        folder: String?, every: String?, keep: String?
    ) throws(CommandFailure) -> BackupSchedule.Plan? {
        guard let folder else {
            guard every == nil, keep == nil else {
                throw .wrongUsage("--backup-every and --backup-keep need --backup-dir")
            }
            return nil
        }
        guard let seconds = Self.seconds(every ?? "1h"), (1...31_622_400).contains(seconds) else {
            throw .wrongUsage("--backup-every is a time such as 30m, 1h or 1d")
        }
        guard let count = Int(keep ?? "48"), (1...100_000).contains(count) else {
            throw .wrongUsage("backup-keep is a number from 1 to 100000")
        }
        return BackupSchedule.Plan(folder: folder, everySeconds: seconds, keep: count)
    }

    private static func seconds(_ text: String) -> Int? {
        guard let unit = text.last, let number = Int(text.dropLast()), number > 0, number < 1_000_000 else {
            return nil
        }
        let units: [Character: Int] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
        return units[unit].map { $0 * number }
    }

    private static func level(_ word: String) throws(CommandFailure) -> LogLevel {
        switch word {
        case "error": .error
        case "warning": .warning
        case "info": .info
        case "debug": .debug
        default: throw .wrongUsage("log is error, warning, info or debug")
        }
    }

    private static func place(_ text: String) throws(CommandFailure) -> (String, UInt16) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            throw .wrongUsage("--listen is an address and a port, such as 127.0.0.1:7480")
        }
        var address = String(text[..<colon])
        if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
        return (address, port)
    }
}
