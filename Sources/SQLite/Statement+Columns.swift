public import CSQLite

extension Statement {
    public enum ColumnType: Int32, Sendable {
        case integer = 1
        case real = 2
        case text = 3
        case blob = 4
        case null = 5
    }

    /// Whether it changes nothing in the database: <https://www.sqlite.org/c3ref/stmt_readonly.html>.
    public var isReadOnly: Bool { unsafe sqlite3_stmt_readonly(handle) != 0 }

    public var columnCount: Int { Int(unsafe sqlite3_column_count(handle)) }

    public borrowing func columnName(_ index: Int) -> String {
        guard let name = unsafe sqlite3_column_name(handle, Int32(index)) else { return "" }
        return unsafe String(cString: name)
    }

    public borrowing func type(_ index: Int) -> ColumnType {
        ColumnType(rawValue: unsafe sqlite3_column_type(handle, Int32(index))) ?? .null
    }

    @inlinable public borrowing func isNull(_ index: Int) -> Bool {
        unsafe sqlite3_column_type(handle, Int32(index)) == SQLITE_NULL
    }

    @inlinable public borrowing func integer(_ index: Int) -> Int64 {
        unsafe sqlite3_column_int64(handle, Int32(index))
    }
    @inlinable public borrowing func real(_ index: Int) -> Double { unsafe sqlite3_column_double(handle, Int32(index)) }

    public borrowing func text(_ index: Int) -> String {
        guard let start = unsafe sqlite3_column_text(handle, Int32(index)) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(handle, Int32(index)))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    @inlinable public borrowing func bytes(_ index: Int) -> [UInt8] {
        unsafe withBytes(index) { unsafe Array($0) }
    }

    /// The column's blob or text in place, valid only inside the body.
    ///
    /// By the column's value: looked up once for both its bytes and their number. Such a value is not protected from other
    /// threads, which a statement never has.
    @inlinable public borrowing func withBytes<Result>(
        _ index: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let value = unsafe sqlite3_column_value(handle, Int32(index))
        guard let start = unsafe sqlite3_value_blob(value) else {
            return try unsafe body(UnsafeBufferPointer(start: nil, count: 0))
        }
        let count = Int(unsafe sqlite3_value_bytes(value))
        return try unsafe body(
            UnsafeBufferPointer(start: start.assumingMemoryBound(to: UInt8.self), count: count))
    }

    /// Two big-endian halves of a 16-byte blob; nil if it has another length.
    @inlinable public borrowing func halves(_ index: Int) -> (high: UInt64, low: UInt64)? {
        unsafe withBytes(index) { bytes in
            guard bytes.count == 16 else { return nil }
            let raw = UnsafeRawBufferPointer(bytes)
            let high = unsafe UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 0, as: UInt64.self))
            let low = unsafe UInt64(bigEndian: raw.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
            return (high, low)
        }
    }

    @inlinable public borrowing func optionalInteger(_ index: Int) -> Int64? { isNull(index) ? nil : integer(index) }
    public borrowing func optionalText(_ index: Int) -> String? { isNull(index) ? nil : text(index) }
    public borrowing func optionalBytes(_ index: Int) -> [UInt8]? { isNull(index) ? nil : bytes(index) }
}
