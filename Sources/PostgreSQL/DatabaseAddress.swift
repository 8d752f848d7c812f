import CPostgreSQL

/// Where a database is, as libpq's connection strings say it: `postgresql://user@host,other/name?sslmode=verify-full`.
public struct DatabaseAddress: Sendable {
    private let text: String
    private let given: [String: String]

    /// Reads a connection string. Loads libpq.
    ///
    /// Errors: libpq is not there; the string cannot be read; it holds a password, which everybody sees in the list of
    /// processes; or it leads to another machine without proof of who that is.
    public init(_ text: String, allowsUnverified: Bool = false) throws(PostgreSQLError) {
        try Self.load()
        guard let given = Self.parse(text) else {
            throw PostgreSQLError(
                message: "the address of the database cannot be read; it is like postgresql://HOST/NAME")
        }
        guard given["password"] == nil else {
            throw PostgreSQLError(
                message: "a password in the address is seen by everybody on this machine: put it into a file, and give "
                    + "passfile=FILE in the address, or $PGPASSFILE, or ~/.pgpass")
        }
        self.text = text
        self.given = given
        guard allowsUnverified || isOnThisMachine || isVerified else {
            throw PostgreSQLError(
                message:
                    "the address says sslmode=\(given["sslmode"] ?? "prefer"), by which anybody on the way could be "
                    + "the database: say sslmode=verify-full, with sslrootcert=FILE where the authority is your own")
        }
    }

    /// A socket of this machine, or its loopback.
    public var isOnThisMachine: Bool {
        (given["host"] ?? "").split(separator: ",").allSatisfy {
            $0.hasPrefix("/") || $0.hasPrefix("127.") || $0 == "localhost" || $0 == "::1"
        }
    }

    private var isVerified: Bool { ["verify-full", "verify-ca", nil].contains(given["sslmode"]) }

    /// For logs: host and name, and nothing of who connects.
    public var place: String { "\(given["host"] ?? "this machine")/\(given["dbname"] ?? "")" }

    // MARK: Connecting

    /// Where nothing else is said. `read-write`: of several hosts, the one that is no standby.
    private var defaults: [(String, String)] {
        [
            ("application_name", "lugn-server"), ("connect_timeout", "5"), ("target_session_attrs", "read-write"),
            ("keepalives_idle", "10"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
            ("tcp_user_timeout", "20000"), ("sslmode", isOnThisMachine ? "prefer" : "verify-full"),
        ]
    }

    func connect() throws(PostgreSQLError) -> OpaquePointer {
        let settings = defaults + [("dbname", text), ("client_encoding", "UTF8")]
        let connection = unsafe withCStrings(settings.map(\.0)) { keywords in
            unsafe withCStrings(settings.map(\.1)) { values in unsafe cpq_connect(keywords, values) }
        }
        guard let connection = unsafe connection else { throw PostgreSQLError(message: "there is no memory left") }
        guard unsafe cpq_status(connection) == Int32(CPQ_CONNECTION_OK),
            unsafe cpq_enter_pipeline(connection) == 1
        else {
            let words = unsafe cpq_error_message(connection).map { unsafe String(cString: $0) } ?? ""
            unsafe cpq_finish(connection)
            throw PostgreSQLError(connecting: words)
        }
        return unsafe connection
    }

    private static func load() throws(PostgreSQLError) {
        switch cpq_load() {
        case CPQ_LOADED: return
        case CPQ_LIBRARY_MISSING:
            throw PostgreSQLError(message: "libpq is not installed; on Debian: apt install libpq5")
        default: throw PostgreSQLError(message: "the libpq that is installed is older than PostgreSQL 14")
        }
    }

    private static func parse(_ text: String) -> [String: String]? {
        final class Found { var values: [String: String] = [:] }
        let found = Found()
        let result = unsafe cpq_parse(
            text,
            { keyword, value, context in
                guard let keyword = unsafe keyword, let value = unsafe value, let context = unsafe context else {
                    return
                }
                let found = unsafe Unmanaged<Found>.fromOpaque(context).takeUnretainedValue()
                unsafe found.values[String(cString: keyword)] = String(cString: value)
            }, Unmanaged.passUnretained(found).toOpaque())
        return result == 1 ? found.values : nil
    }
}

extension PostgreSQLError {
    /// What libpq says of a connection that failed has no code. Some of it is better said by us.
    init(connecting words: String) {
        func says(_ text: String) -> Bool { words.contains(text) }
        let line = words.split(separator: "\n").first.map(String.init) ?? "it cannot be reached"
        let (state, message): (String, String) =
            if says("too many clients") || says("remaining connection slots") || says("too many connections") {
                (
                    "53300",
                    "PostgreSQL has no connection left: raise max_connections there, or lower --store-connections"
                )
            } else if says("password authentication failed") || says("no password supplied") {
                ("28P01", "PostgreSQL refused the user or the password")
            } else if says("database \"") && says("does not exist") {
                ("3D000", "there is no such database")
            } else if says("session is read-only") || says("server is in hot standby mode") {
                ("25006", "PostgreSQL there is a standby, or read-only; no host of the address takes writes")
            } else if says("starting up") || says("shutting down") || says("not yet accepting connections") {
                ("57P03", "PostgreSQL is starting or stopping")
            } else {
                ("08001", line)
            }
        self.init(sqlState: state, message: message, isConnectionLost: true)
    }
}

/// The texts as a list of C strings that ends with a null, for the time of the call.
private func withCStrings<Result>(
    _ texts: [String], _ body: (UnsafePointer<UnsafePointer<CChar>?>) -> Result
) -> Result {
    let bytes = texts.map { Array($0.utf8CString) }
    var starts: [Int] = []
    var joined: [CChar] = []
    for text in bytes {
        starts.append(joined.count)
        joined += text
    }
    return unsafe joined.withUnsafeBufferPointer { joined in
        let list: [UnsafePointer<CChar>?] = unsafe starts.map { unsafe joined.baseAddress! + $0 } + [nil]
        return unsafe list.withUnsafeBufferPointer { unsafe body($0.baseAddress!) }
    }
}
