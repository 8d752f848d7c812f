public import CSQLite

/// Binds ranges of one buffer to a statement's parameters without copying them; see ``Statement/run(borrowing:_:)``.
@safe
public struct BufferBinder: ~Copyable {
    @usableFromInline let statement: OpaquePointer
    @usableFromInline let bytes: UnsafeBufferPointer<UInt8>
    /// Ids and other short values, copied here rather than each into memory of SQLite's own; the first word counts.
    @usableFromInline let scratch: UnsafeMutableRawBufferPointer
    static let scratchBytes = 128

    @unsafe init(statement: OpaquePointer, bytes: UnsafeBufferPointer<UInt8>, scratch: UnsafeMutableRawBufferPointer) {
        unsafe self.statement = unsafe statement
        unsafe self.bytes = unsafe bytes
        unsafe self.scratch = unsafe scratch
        unsafe scratch.storeBytes(of: MemoryLayout<Int>.size, as: Int.self)
    }

    /// Room for a short value; nil if there is none left.
    @inlinable borrowing func room(_ count: Int) -> UnsafeMutableRawPointer? {
        let used = unsafe scratch.load(as: Int.self)
        guard used + count <= (unsafe scratch.count) else { return nil }
        unsafe scratch.storeBytes(of: used + count, as: Int.self)
        return unsafe scratch.baseAddress! + used
    }

    @inlinable borrowing func check(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw failure(code) }
    }

    @usableFromInline borrowing func failure(_ code: Int32) -> SQLiteError {
        SQLiteError(code: code, connection: unsafe sqlite3_db_handle(statement))
    }

    @inlinable public borrowing func bindNull(_ index: Int) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(statement, Int32(index)))
    }

    @inlinable public borrowing func bind(_ index: Int, _ value: Int64) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(statement, Int32(index), value))
    }

    @inlinable public borrowing func bind(_ index: Int, _ value: Double) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_double(statement, Int32(index), value))
    }

    /// A 16-byte blob of two big-endian halves.
    @inlinable public borrowing func bind(_ index: Int, high: UInt64, low: UInt64) throws(SQLiteError) {
        let pair = (high.bigEndian, low.bigEndian)
        guard let place = unsafe room(16) else {
            let code = unsafe withUnsafeBytes(of: pair) { pair in
                unsafe sqlite3_bind_blob64(statement, Int32(index), pair.baseAddress, 16, lugn_sqlite_transient())
            }
            return try check(code)
        }
        unsafe place.storeBytes(of: pair.0, as: UInt64.self)
        unsafe place.storeBytes(of: pair.1, toByteOffset: 8, as: UInt64.self)
        try check(unsafe sqlite3_bind_blob64(statement, Int32(index), place, 16, lugn_sqlite_static()))
    }

    /// A short blob that does not stand in the buffer; it is copied.
    @inlinable public borrowing func bind(_ index: Int, copying value: [UInt8]) throws(SQLiteError) {
        let code = unsafe value.withUnsafeBytes { value in
            guard let place = unsafe room(value.count) else {
                return unsafe sqlite3_bind_blob64(
                    statement, Int32(index), value.baseAddress, UInt64(value.count), lugn_sqlite_transient())
            }
            if let start = value.baseAddress { unsafe place.copyMemory(from: start, byteCount: value.count) }
            return unsafe sqlite3_bind_blob64(
                statement, Int32(index), place, UInt64(value.count), lugn_sqlite_static())
        }
        try check(code)
    }

    /// UTF-8 text at a range of the buffer. The range is checked; the encoding is the caller's word.
    @inlinable public borrowing func bind(_ index: Int, text range: Range<Int>) throws(SQLiteError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= (unsafe bytes.count))
        if range.isEmpty {
            return try check(
                unsafe sqlite3_bind_text64(
                    statement, Int32(index), lugn_sqlite_empty_text(), 0, lugn_sqlite_static(), UInt8(SQLITE_UTF8)))
        }
        let start = unsafe UnsafeRawPointer(bytes.baseAddress! + range.lowerBound).assumingMemoryBound(to: CChar.self)
        try check(
            unsafe sqlite3_bind_text64(
                statement, Int32(index), start, UInt64(range.count), lugn_sqlite_static(), UInt8(SQLITE_UTF8)))
    }

    @inlinable public borrowing func bind(_ index: Int, blob range: Range<Int>) throws(SQLiteError) {
        precondition(range.lowerBound >= 0 && range.upperBound <= (unsafe bytes.count))
        if range.isEmpty { return try check(unsafe sqlite3_bind_zeroblob(statement, Int32(index), 0)) }
        try check(
            unsafe sqlite3_bind_blob64(
                statement, Int32(index), bytes.baseAddress! + range.lowerBound, UInt64(range.count),
                lugn_sqlite_static()))
    }
}
