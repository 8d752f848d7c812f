public import Merge
public import SQLite
public import SyncProtocol

// The engine's own types as columns.

extension ReplicaID: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) { self.init(rawValue: UInt64(row, index)) }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try rawValue.bind(statement, index)
    }
}

extension Dot: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) { self.init(rawValue: UInt64(row, index)) }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try rawValue.bind(statement, index)
    }
}

extension HybridTimestamp: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) { self.init(rawValue: UInt64(row, index)) }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try rawValue.bind(statement, index)
    }
}

extension Fingerprint: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) throws { self.init(value: try UInt128(row, index)) }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try value.bind(statement, index)
    }
}

extension LineID: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) throws {
        guard let line = LineID(row.bytes(index)) else { throw ReplicaError.damagedRow("the line's id") }
        self = line
    }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try bytes.bind(statement, index)
    }
}

extension RecordID: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) throws {
        guard let halves = row.halves(index) else { throw ReplicaError.damagedRow("a record's id") }
        self.init(high: halves.high, low: halves.low)
    }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try statement.bind(index, high: high, low: low)
    }
}

extension RecordState: ColumnValue {
    public init(_ row: borrowing Statement, _ index: Int) throws {
        let state = unsafe row.withBytes(index) { bytes in RecordState(encoded: unsafe Span(_unsafeElements: bytes)) }
        guard let state else { throw ReplicaError.damagedRow("what stands in a record") }
        self = state
    }
    public func bind(_ statement: borrowing Statement, _ index: Int) throws(SQLiteError) {
        try encoded().bind(statement, index)
    }
}

extension ReplicaError {
    static func damagedRow(_ what: String) -> ReplicaError {
        ReplicaError(.damaged, "\(what) cannot be read from the file: it is damaged; restore it from a backup")
    }
}
