import SQLite

/// What is run for every change.
enum LogStatements {
    static let recordRows = StatementText(
        """
        SELECT c.position, l.replica, l.time, c.collection, c.parent, c.kind, c.fields, c.live, c.contested
        FROM change c JOIN log l ON l.key = c.position >> \(LogKey.indexBits)
        WHERE c.record = ?1 AND c.position >> \(LogKey.indexBits + LogKey.positionBits) = ?2
        """)
    static let existence = StatementText("SELECT state FROM gone WHERE line = ? AND record = ?")
    static let anyGone = StatementText("SELECT EXISTS (SELECT 1 FROM gone)")
    static let insertion = StatementText(
        """
        INSERT INTO change (position, record, collection, parent, kind, fields, live, contested, epoch, nonce_index, sealed)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """)
    static let deletion = StatementText("DELETE FROM change WHERE position = ?")
    static let standing = StatementText("UPDATE change SET live = ?2, contested = ?3 WHERE position = ?1")
    static let commit = StatementText(
        "INSERT INTO log (key, replica, number, time, base, nonce, digest, check_value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)"
    )
    /// The changes of a range of the log, in its order.
    static let feed = StatementText(
        """
        SELECT position, record, collection, parent, kind, fields, live, contested, epoch, nonce_index, sealed
        FROM change WHERE position >= ? AND position < ? ORDER BY position
        """)
    /// The changes of a record, in the log's order.
    static let recordFeed = StatementText(
        """
        SELECT position, record, collection, parent, kind, fields, live, contested, epoch, nonce_index, sealed
        FROM change WHERE record = ?1 AND position >> \(LogKey.indexBits + LogKey.positionBits) = ?2 ORDER BY position
        """)
    static let commitHead = StatementText("SELECT replica, time, nonce, number FROM log WHERE key = ?")
}
