public import CSQLite

/// A compiled statement. Parameters count from 1, columns from 0, as in SQLite.
///
/// Noncopyable: it is finalised exactly once, when its owner lets go of it.
@safe
public struct Statement: ~Copyable {
    @usableFromInline let handle: OpaquePointer
    /// Keeps the connection open for as long as the statement exists. Nil in the connection's own cache, which goes with
    /// it: the two would keep each other alive, and the file would never be closed.
    private let owner: Connection?

    init(_ connection: Connection, _ sql: String, isOwned: Bool = false) throws(SQLiteError) {
        var pointer: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &pointer, nil)
        guard code == SQLITE_OK else { throw SQLiteError(code: code, connection: unsafe connection.handle) }
        guard let compiled = unsafe pointer else {
            throw SQLiteError(extendedCode: SQLITE_MISUSE, message: "the statement is empty")
        }
        unsafe handle = compiled
        owner = isOwned ? nil : connection
    }

    deinit { unsafe sqlite3_finalize(handle) }

    // MARK: Running

    /// Goes to the next row; false when there is none.
    @inlinable public borrowing func step() throws(SQLiteError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        if code == SQLITE_ROW { return true }
        if code == SQLITE_DONE { return false }
        throw stop(code)
    }

    @usableFromInline borrowing func stop(_ code: Int32) -> SQLiteError {
        let error = SQLiteError(code: code, connection: unsafe sqlite3_db_handle(handle))
        unsafe sqlite3_reset(handle)
        return error
    }

    /// Runs to the end and makes ready for the next run; parameters keep their values.
    @inlinable public borrowing func run() throws(SQLiteError) {
        defer { unsafe sqlite3_reset(handle) }
        while try step() {}
    }

    /// Back to the start, parameters NULL.
    @inlinable public borrowing func reset() {
        // The result repeats the error of the last step, which has been thrown there.
        unsafe sqlite3_reset(handle)
        unsafe sqlite3_clear_bindings(handle)
    }

    /// Back to the start, parameters as they are.
    @inlinable public borrowing func rewind() { unsafe sqlite3_reset(handle) }

    // MARK: Parameters

    @inlinable borrowing func check(_ code: Int32) throws(SQLiteError) {
        if code != SQLITE_OK { throw failure(code) }
    }

    @usableFromInline borrowing func failure(_ code: Int32) -> SQLiteError {
        SQLiteError(code: code, connection: unsafe sqlite3_db_handle(handle))
    }

    @inlinable public borrowing func bindNull(_ index: Int) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_null(handle, Int32(index)))
    }

    @inlinable public borrowing func bind(_ index: Int, _ value: Int64) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_int64(handle, Int32(index), value))
    }

    @inlinable public borrowing func bind(_ index: Int, _ value: Int) throws(SQLiteError) {
        try bind(index, Int64(value))
    }

    @inlinable public borrowing func bind(_ index: Int, _ value: Double) throws(SQLiteError) {
        try check(unsafe sqlite3_bind_double(handle, Int32(index), value))
    }

    /// SQLite takes a copy; for large or many values see ``run(borrowing:_:)``.
    public borrowing func bind(_ index: Int, _ value: String) throws(SQLiteError) {
        var value = value
        let code = value.withUTF8 { utf8 in
            unsafe sqlite3_bind_text64(
                handle, Int32(index),
                utf8.baseAddress.map { unsafe UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self) }
                    ?? Self.emptyText, UInt64(utf8.count), lugn_sqlite_transient(), UInt8(SQLITE_UTF8))
        }
        try check(code)
    }

    public borrowing func bind(_ index: Int, _ value: [UInt8]) throws(SQLiteError) { try bind(index, value[...]) }

    public borrowing func bind(_ index: Int, _ value: ArraySlice<UInt8>) throws(SQLiteError) {
        guard !value.isEmpty else { return try check(unsafe sqlite3_bind_zeroblob(handle, Int32(index), 0)) }
        let code = unsafe value.withUnsafeBytes { bytes in
            unsafe sqlite3_bind_blob64(
                handle, Int32(index), bytes.baseAddress, UInt64(bytes.count), lugn_sqlite_transient())
        }
        try check(code)
    }

    /// A 16-byte blob of two big-endian halves.
    @inlinable public borrowing func bind(_ index: Int, high: UInt64, low: UInt64) throws(SQLiteError) {
        var bytes = (high.bigEndian, low.bigEndian)
        let code = unsafe withUnsafeBytes(of: &bytes) { bytes in
            unsafe sqlite3_bind_blob64(handle, Int32(index), bytes.baseAddress, 16, lugn_sqlite_transient())
        }
        try check(code)
    }

    @inlinable public borrowing func bind(_ index: Int, _ value: Int64?) throws(SQLiteError) {
        if let value { try bind(index, value) } else { try bindNull(index) }
    }

    public borrowing func bind(_ index: Int, _ value: String?) throws(SQLiteError) {
        if let value { try bind(index, value) } else { try bindNull(index) }
    }

    public borrowing func bind(_ index: Int, _ value: [UInt8]?) throws(SQLiteError) {
        if let value { try bind(index, value) } else { try bindNull(index) }
    }

    /// Runs to the end with texts and blobs bound straight out of a buffer, without copying them.
    ///
    /// Parameters bound otherwise before the call keep their values; those bound from the buffer are NULL afterwards,
    /// since the buffer may go away.
    public borrowing func run(
        borrowing buffer: [UInt8], _ bind: (borrowing BufferBinder) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        let result: Result<Void, SQLiteError> = unsafe buffer.withUnsafeBufferPointer { bytes in
            unsafe run(borrowing: bytes, bind)
        }
        try result.get()
    }

    /// The same for a part of a buffer; ranges count from its start.
    public borrowing func run(
        borrowing slice: ArraySlice<UInt8>, _ bind: (borrowing BufferBinder) throws(SQLiteError) -> Void
    ) throws(SQLiteError) {
        let result: Result<Void, SQLiteError> = unsafe slice.withUnsafeBufferPointer { bytes in
            unsafe run(borrowing: bytes, bind)
        }
        try result.get()
    }

    private borrowing func run(
        borrowing bytes: UnsafeBufferPointer<UInt8>, _ bind: (borrowing BufferBinder) throws(SQLiteError) -> Void
    ) -> Result<Void, SQLiteError> {
        unsafe withUnsafeTemporaryAllocation(byteCount: BufferBinder.scratchBytes, alignment: 8) { scratch in
            let binder = unsafe BufferBinder(statement: handle, bytes: bytes, scratch: scratch)
            defer {
                unsafe sqlite3_reset(handle)
                unsafe sqlite3_clear_bindings(handle)
            }
            do throws(SQLiteError) {
                try bind(binder)
                while try step() {}
                return .success(())
            } catch {
                return .failure(error)
            }
        }
    }

    private static var emptyText: UnsafePointer<CChar> { unsafe lugn_sqlite_empty_text() }
}
