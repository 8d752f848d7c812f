import PostgreSQL

/// What every connection is told before it is used.
enum Session {
    /// Nothing may hang for ever, and nothing that the server does not know is needed.
    private static let settings = [
        "SET statement_timeout = '30s'", "SET lock_timeout = '20s'", "SET idle_in_transaction_session_timeout = '60s'",
        // All joins here are from few rows to their places in an index; plans are kept, and made before tables have grown.
        "SET enable_seqscan = off", "SET enable_hashjoin = off", "SET enable_mergejoin = off", "SET jit = off",
    ].map { SQLStatement($0) }
    private static let durability = SQLStatement("SELECT current_setting('synchronous_commit')")
    private static let durable = SQLStatement("SET synchronous_commit = on")
    /// For what takes as long as the store is large.
    static let unlimited = SQLStatement("SET statement_timeout = 0")
    static let limited = settings[0]
    static let statements = settings + [durability, durable, unlimited]

    static func prepare(_ connection: PostgreSQLConnection) throws {
        for setting in settings { try tolerating { _ = try connection.run(setting) } }
        try tolerating {
            // What is confirmed is on disk, whatever the role's settings say.
            if try connection.run(durability).first?.text(0) == "off" { _ = try connection.run(durable) }
        }
        guard let format = try StoreSchema.format(connection) else {
            throw ChangeLogError(.unusable, "the database has no store yet; make it: lugn-server init --store …")
        }
        try StoreSchema.check(format)
    }

    /// Another engine may not know a setting.
    private static func tolerating(_ body: () throws -> Void) throws {
        do { try body() } catch let error as PostgreSQLError where !error.isConnectionLost && !error.isUnavailable {}
    }
}
