import SQLite

/// What one transaction knows of erasures. Confined to it.
final class ErasureFlag {
    /// Tells, once a request is worked through, whether content was removed for good: then it has to leave the write-ahead
    /// log too.
    var isSet = false
    private var hasGone: Bool?

    /// Whether any record of the store is gone: mostly none is, and nothing needs to be looked up. Read once.
    func mayBeGone(_ connection: Connection) throws -> Bool {
        if let hasGone { return hasGone }
        let found = try connection.integer(LogStatements.anyGone) == 1
        hasGone = found
        return found
    }

    func noteGone() { hasGone = true }
}
