import CPostgreSQL

/// What a statement answered, in binary.
@safe
public final class Rows {
    private let result: OpaquePointer
    public let count: Int

    init(_ result: OpaquePointer) {
        unsafe self.result = unsafe result
        count = Int(unsafe cpq_row_count(result))
    }

    deinit { unsafe cpq_clear(result) }

    public var isEmpty: Bool { count == 0 }
    public var indices: Range<Int> { 0..<count }
    public subscript(row: Int) -> Row {
        precondition(row >= 0 && row < count, "there is no such row")
        return Row(rows: self, row: Int32(row))
    }
    public var first: Row? { isEmpty ? nil : self[0] }
    /// How many rows a statement wrote.
    public var affected: Int { unsafe cpq_affected_rows(result).map { Int(unsafe String(cString: $0)) ?? 0 } ?? 0 }

    fileprivate func isNull(_ row: Int32, _ column: Int) -> Bool {
        unsafe cpq_is_null(result, row, Int32(column)) != 0
    }

    fileprivate func withBytes<Result>(
        _ row: Int32, _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        let length = Int(unsafe cpq_length(result, row, Int32(column)))
        guard length > 0, let value = unsafe cpq_value(result, row, Int32(column)) else {
            return try unsafe body(UnsafeBufferPointer(start: nil, count: 0))
        }
        return try unsafe value.withMemoryRebound(to: UInt8.self, capacity: length) {
            try unsafe body(UnsafeBufferPointer(start: $0, count: length))
        }
    }
}

/// One row. Reading another type than a column has is a programming error and gives zeros, never a crash.
public struct Row {
    let rows: Rows
    let row: Int32

    public func isNull(_ column: Int) -> Bool { rows.isNull(row, column) }
    /// A `smallint`, `integer` or `bigint`; 0 for NULL.
    public func integer(_ column: Int) -> Int64 {
        unsafe rows.withBytes(row, column) { bytes in
            guard let first = unsafe bytes.first else { return 0 }
            var value: Int64 = first & 0x80 == 0 ? 0 : -1
            for index in bytes.indices { value = value << 8 | Int64(unsafe bytes[index]) }
            return value
        }
    }
    public func optionalInteger(_ column: Int) -> Int64? { isNull(column) ? nil : integer(column) }
    /// A `bigint`'s bits.
    public func word(_ column: Int) -> UInt64 { UInt64(bitPattern: integer(column)) }
    public func optionalWord(_ column: Int) -> UInt64? { isNull(column) ? nil : word(column) }
    public func boolean(_ column: Int) -> Bool { integer(column) != 0 }
    public func text(_ column: Int) -> String {
        unsafe rows.withBytes(row, column) { unsafe String(decoding: $0, as: UTF8.self) }
    }
    /// A `bytea`, or a `uuid`'s 16 bytes.
    public func bytes(_ column: Int) -> [UInt8] { unsafe rows.withBytes(row, column) { unsafe Array($0) } }
    public func optionalBytes(_ column: Int) -> [UInt8]? { isNull(column) ? nil : bytes(column) }
    /// A `uuid`, or a `bytea` of 16 bytes; nil for anything else.
    public func halves(_ column: Int) -> (high: UInt64, low: UInt64)? {
        unsafe rows.withBytes(row, column) { bytes in
            guard bytes.count == 16 else { return nil }
            var (high, low): (UInt64, UInt64) = (0, 0)
            for index in 0..<8 {
                high = high << 8 | UInt64(unsafe bytes[index])
                low = low << 8 | UInt64(unsafe bytes[index + 8])
            }
            return (high, low)
        }
    }
    /// The bytes where they stand, for the time of the call.
    @unsafe public func withBytes<Result>(
        _ column: Int, _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) rethrows -> Result {
        try unsafe rows.withBytes(row, column, body)
    }
}
