import CSQLite

/// A Swift type that a column can hold: how it is bound to a parameter, and read from a row.
public protocol ColumnValue: SendableMetatype {
    init(_ row: borrowing Statement, _ index: Int) throws
    func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError)
}

extension Int64: ColumnValue {
    @inlinable public init(_ row: borrowing Statement, _ index: Int) { self = row.integer(index) }
    @inlinable public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try statement.bind(index, self)
    }
}

/// Kept bit by bit: SQLite's integers have a sign.
extension UInt64: ColumnValue {
    @inlinable public init(_ row: borrowing Statement, _ index: Int) { self = UInt64(bitPattern: row.integer(index)) }
    @inlinable public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try statement.bind(index, Int64(bitPattern: self))
    }
}

extension Bool: ColumnValue {
    @inlinable public init(_ row: borrowing Statement, _ index: Int) { self = row.integer(index) != 0 }
    @inlinable public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try statement.bind(index, Int64(self ? 1 : 0))
    }
}

extension String: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) { self = row.text(index) }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try statement.bind(index, self)
    }
}

extension [UInt8]: ColumnValue {
    @inlinable public init(_ row: borrowing Statement, _ index: Int) { self = row.bytes(index) }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try statement.bind(index, self)
    }
}

/// Sixteen bytes, big-endian.
extension UInt128: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) throws {
        guard let halves = row.halves(index) else {
            throw SQLiteError(extendedCode: SQLITE_CORRUPT, message: "a column of 16 bytes has another length")
        }
        self = UInt128(halves.high) << 64 | UInt128(halves.low)
    }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try statement.bind(
            index, high: UInt64(truncatingIfNeeded: self >> 64), low: UInt64(truncatingIfNeeded: self))
    }
}

extension Optional: ColumnValue where Wrapped: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) throws {
        self = row.isNull(index) ? nil : try Wrapped(row, index)
    }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        if let self { try self.bind(statement, index) } else { try statement.bindNull(index) }
    }
}
