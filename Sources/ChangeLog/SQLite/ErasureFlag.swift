import SQLite

/// What one transaction knows of erasures. Confined to it.
final class ErasureFlag {
    /// Tells, once a request is worked through, whether content was removed for good: then it has to leave the write-ahead
    /// log too.
    var isSet = false
    private var hasTombstones: Bool?

    /// Whether anything of the store was erased: mostly nothing was, and nothing needs to be looked up. Read once.
    func mayHoldTombstones(_ connection: Connection) throws -> Bool {
        if let hasTombstones { return hasTombstones }
        let found = try connection.integer(TombstoneTable.any) == 1
        hasTombstones = found
        return found
    }

    func noteTombstone() { hasTombstones = true }
}
