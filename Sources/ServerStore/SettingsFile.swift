public import Commands

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// A server's file of settings: lines such as `log = info`, named as the options are. # begins a comment.
public enum SettingsFile {
    /// Where it is unless --settings or $LUGN_SERVER_SETTINGS says otherwise.
    public static let usualPath = "/etc/lugn/server.conf"

    public static let names = [
        "data", "listen", "metrics-listen", "tls-certificate", "tls-key", "behind-proxy", "insecure-http", "log",
        "backup-dir", "backup-every", "backup-keep", "store", "store-connections",
    ]

    /// What it says; nothing where there is none in the usual place. Errors: for one that is named and cannot be read, and
    /// for what is no setting.
    public static func values(_ context: CommandContext) throws(CommandFailure) -> [String: String] {
        if let path = context.value("settings") ?? environment("LUGN_SERVER_SETTINGS") { return try read(path) }
        guard unsafe access(usualPath, F_OK) == 0 else { return [:] }
        return try read(usualPath)
    }

    static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }

    private static func read(_ path: String) throws(CommandFailure) -> [String: String] {
        var values: [String: String] = [:]
        let text = try SmallFile.text(path, what: "the file of settings")
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = trimmed(line.prefix { $0 != "#" })
            if line.isEmpty { continue }
            let parts = line.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                throw .wrongUsage("line \(index + 1) of the file of settings is not NAME = VALUE")
            }
            let name = trimmed(parts[0])
            guard names.contains(name) else {
                throw .wrongUsage(
                    "line \(index + 1) of the file of settings names no setting",
                    action: "There are \(names.joined(separator: ", "))")
            }
            values[name] = trimmed(parts[1])
        }
        return values
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text
        while text.first?.isWhitespace == true { text.removeFirst() }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
