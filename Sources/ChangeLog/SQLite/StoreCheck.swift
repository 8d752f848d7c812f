import SQLite
public import SyncProtocol

/// What a look at every page and every change of a store's file has found.
public struct StoreCheck: Sendable {
    public struct Line: Sendable {
        public var id: LineID
        public var name: String
        public var head: UInt64
        public var liveChanges: Int
        /// Changes that are not what came in.
        public var damagedChanges: Int
        /// Whether the line's fingerprint and counts are those of its changes.
        public var isSumRight: Bool
        /// Whether its log ends where the line says that it does.
        public var isEndRight: Bool
    }

    /// What is wrong with the file as SQLite sees it: places, never content.
    public var problems: [String] = []
    public var lines: [Line] = []

    public var isSound: Bool {
        problems.isEmpty && lines.allSatisfy { $0.damagedChanges == 0 && $0.isSumRight && $0.isEndRight }
    }
}

extension StoreCheck {
    /// Looks at a file that nobody writes to: a backup, or a store whose server is stopped.
    ///
    /// - Parameter isBackup: it is one file, and is only read. A store's own has a write-ahead log beside it.
    ///
    /// Cost: reads the file twice; about three microseconds for each change.
    /// Errors: `unusable` for a file that is no store of this version at all.
    public static func file(_ path: String, isBackup: Bool) throws -> StoreCheck {
        do {
            let connection = try Connection(path: path, mode: isBackup ? .readOnly : .readWrite)
            return try connection.transaction(.deferred) {
                try LogTables.requireKnown(connection, path: path)
                return try look(connection)
            }
        } catch let error as SQLiteError {
            guard isBackup, error.isDamaged else { throw ChangeLogError(error, path: path) }
            throw ChangeLogError(
                .unusable, "\(path) is damaged, or no backup: \(error.description); nothing was changed", cause: error)
        }
    }

    private static func look(_ connection: Connection) throws -> StoreCheck {
        var check = StoreCheck()
        do {
            check.problems = try connection.quickCheck()
            guard check.problems.isEmpty else { return check }
            for state in try LineTable(connection: connection).all() {
                let found = try Verifier(
                    access: SQLiteLineAccess(connection: connection, limits: Limits(), erasures: ErasureFlag()),
                    line: state.id
                ).look()
                check.lines.append(
                    Line(
                        id: state.id, name: state.name, head: state.head, liveChanges: Int(state.liveChanges),
                        damagedChanges: found?.damagedChanges ?? 0, isSumRight: found?.isSumRight == true,
                        isEndRight: try LogTable(connection: connection, line: state.ref).endsRight(state)))
            }
        } catch let error as SQLiteError where error.isDamaged {
            check.problems.append(error.description)
        }
        return check
    }
}

extension LogTable {
    /// Whether the last position is the one that the line says, with its check: where an old file lies under the write-ahead
    /// log of a newer one, they are of different moments. Cost: two rows.
    func endsRight(_ state: LineState) throws -> Bool {
        try connection.withStatement(
            "SELECT key, check_value FROM log WHERE key BETWEEN ?1 AND ?2 ORDER BY key DESC LIMIT 1"
        ) { row in
            try row.bind(1, LogKey.position(line, 0))
            try row.bind(2, LogKey.position(line, LogKey.lastPosition))
            guard try row.step() else { return state.head == 0 }
            return row.integer(0) == LogKey.position(line, state.head) && row.bytes(1) == state.check
        }
    }
}
