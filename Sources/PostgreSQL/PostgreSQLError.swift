/// What PostgreSQL or libpq said.
///
/// The server's primary message names tables and columns, never values: parameters travel in binary, and what a server adds
/// as a detail is not kept. libpq's words for a connection that failed name host, port, user and database.
public struct PostgreSQLError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Five letters and digits, such as 23505; empty where no server said anything.
    /// Source: <https://www.postgresql.org/docs/15/errcodes-appendix.html>.
    public var sqlState: String
    public var message: String
    /// The connection is of no use any more. Whether a commit on its way was carried out is not known then.
    public var isConnectionLost: Bool

    public init(sqlState: String = "", message: String, isConnectionLost: Bool = false) {
        self.sqlState = sqlState
        self.message = message
        self.isConnectionLost = isConnectionLost
    }

    public var description: String { sqlState.isEmpty ? message : "\(message) (SQLSTATE \(sqlState))" }

    /// 53100, and 53200 for memory.
    public var isFull: Bool { sqlState == "53100" || sqlState == "53200" }
    public var isReadOnly: Bool { sqlState == "25006" }
    public var hasTooManyConnections: Bool { sqlState == "53300" }
    /// Two transactions were in each other's way, and this one gave way: it may be done again.
    public var gaveWay: Bool { sqlState == "40001" || sqlState == "40P01" }
    public var isTimeOut: Bool { sqlState == "57014" || sqlState == "55P03" }
    /// A table, column or schema is not there.
    public var isWithoutTables: Bool { sqlState == "42P01" || sqlState == "3F000" }
    public var lacksRights: Bool { sqlState == "42501" }
    public var isUniqueViolation: Bool { sqlState == "23505" }
    /// The server is starting, stopping or was ended.
    public var isUnavailable: Bool { sqlState.hasPrefix("57P") || sqlState.hasPrefix("08") }

    static let timedOut = PostgreSQLError(
        message: "PostgreSQL did not answer in time", isConnectionLost: true)
}
