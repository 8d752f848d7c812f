import CSQLite

/// What SQLite said: its extended result code, and its words.
///
/// SQLite's messages name tables and columns, never values, so that one may be logged.
/// Source: <https://www.sqlite.org/rescode.html>.
public struct SQLiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The extended result code, such as 2067 for SQLITE_CONSTRAINT_UNIQUE.
    public var extendedCode: Int32
    public var message: String

    public init(extendedCode: Int32, message: String) {
        self.extendedCode = extendedCode
        self.message = message
    }

    init(_ code: Int32) {
        self.init(extendedCode: code, message: unsafe String(cString: sqlite3_errstr(code)))
    }

    @safe init(code: Int32, connection: OpaquePointer?) {
        guard let connection = unsafe connection else {
            self.init(code)
            return
        }
        let extended = unsafe sqlite3_extended_errcode(connection)
        // The connection's message belongs to its latest call only; where the codes differ, it is about another one.
        if extended & 0xFF == code & 0xFF {
            self.init(extendedCode: extended, message: unsafe String(cString: sqlite3_errmsg(connection)))
        } else {
            self.init(code)
        }
    }

    /// The primary result code: the lowest eight bits.
    public var primaryCode: Int32 { extendedCode & 0xFF }

    public var isBusy: Bool { primaryCode == SQLITE_BUSY || primaryCode == SQLITE_LOCKED }
    /// There is no room, be it for the index of the write-ahead log, which the first connection makes.
    public var isFull: Bool { primaryCode == SQLITE_FULL || extendedCode == Self.logIndexDoesNotFit }
    /// `SQLITE_IOERR_SHMSIZE`, a macro that Swift does not see.
    private static let logIndexDoesNotFit: Int32 = SQLITE_IOERR | 19 << 8
    public var isReadOnly: Bool { primaryCode == SQLITE_READONLY }
    /// The disk, or the network that it is behind, refused to read or write.
    public var isDiskError: Bool { primaryCode == SQLITE_IOERR }
    public var cannotOpen: Bool { primaryCode == SQLITE_CANTOPEN }
    public var isConstraint: Bool { primaryCode == SQLITE_CONSTRAINT }
    public var isUniqueConstraint: Bool {
        extendedCode == SQLITE_CONSTRAINT | (8 << 8) || extendedCode == SQLITE_CONSTRAINT | (6 << 8)
    }
    public var isDamaged: Bool { primaryCode == SQLITE_CORRUPT || primaryCode == SQLITE_NOTADB }

    public var description: String { "\(message) (SQLite code \(extendedCode))" }
}
