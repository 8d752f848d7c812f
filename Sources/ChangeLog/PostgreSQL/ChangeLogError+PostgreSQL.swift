import PostgreSQL
import Support

extension ChangeLogError {
    /// What PostgreSQL said, in words that say what to do.
    init(_ error: PostgreSQLError) {
        defer { storageCause = Self.storageCause(error) }
        if error.isFull {
            Marks.reach(.diskFull)
            self.init(
                .storageFull, "the database's disk is full; nothing of this was kept, everything before is safe",
                cause: error)
        } else if error.isWithoutTables {
            self.init(.unusable, "the database has no store yet; make it: lugn-server init --store …", cause: error)
        } else if error.lacksRights {
            self.init(.unusable, "the role may not do this in the database: \(error.description)", cause: error)
        } else if error.isReadOnly {
            self.init(
                .storage, "the database takes no writes: it is a standby, or read-only; nothing of this was kept",
                cause: error)
        } else if error.isConnectionLost || error.isUnavailable {
            self.init(
                .storage,
                "the database cannot be reached: \(error.description); what was on its way is there or not, and is sent "
                    + "again by whoever sent it", cause: error)
        } else {
            self.init(.storage, "the database refused: \(error.description); nothing of this was kept", cause: error)
        }
    }

    private static func storageCause(_ error: PostgreSQLError) -> StaticString {
        if error.isFull { return "disk-full" }
        if error.isReadOnly { return "read-only" }
        if error.hasTooManyConnections || error.isTimeOut { return "busy" }
        return error.isConnectionLost || error.isUnavailable ? "cannot-open" : "store"
    }
}
