import PostgreSQL
import SyncProtocol

/// What a database says of itself, by which a server that lives on notices that it talks to another one now, or to an older
/// state of the same: a standby that was promoted, a base backup that was restored, a snapshot that was put back.
struct StoreIdentity: Hashable, Sendable {
    /// Of the cluster, from its `initdb`; and the timeline, which every promotion and every recovery to a point in time
    /// raises. Nil where the engine knows no such thing.
    var system: Int64?
    var timeline: String?

    static let system = SQLStatement("SELECT system_identifier FROM pg_control_system()")
    /// From the name of the log's file: the control file's lags after a promotion.
    static let timeline = SQLStatement("SELECT substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)")
    static let statements = [system, timeline]

    init(_ connection: PostgreSQLConnection) throws {
        system = try Self.ask(Self.system, connection)?.integer(0)
        timeline = try Self.ask(Self.timeline, connection)?.text(0)
    }

    /// What it adds to the store's generation: a number that is another one as soon as the database is.
    var word: UInt64 {
        let word = (timeline ?? "").utf8.reduce(UInt64(bitPattern: system ?? 0)) {
            ($0 ^ UInt64($1)) &* 1_099_511_628_211
        }
        return word ^ word >> 32
    }

    /// What not every engine knows.
    private static func ask(_ statement: SQLStatement, _ connection: PostgreSQLConnection) throws -> Row? {
        do {
            return try connection.run(statement).first
        } catch {
            if error.isConnectionLost || error.isUnavailable { throw error }
            return nil
        }
    }
}

/// The table `process`.
enum ProcessRows {
    static let beating = SQLStatement(
        """
        INSERT INTO process (process, started, beat, seen) VALUES ($1, $2, $3, $4)
        ON CONFLICT (process) DO UPDATE SET beat = excluded.beat, seen = excluded.seen
        """)
    static let beat = SQLStatement("SELECT beat FROM process WHERE process = $1")
    static let cleaning = SQLStatement("DELETE FROM process WHERE seen < $1")
    static let statements = [beating, beat, cleaning]
}
