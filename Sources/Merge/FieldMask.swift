/// A set of field numbers, 0 to 63, in one word.
public struct FieldMask: Hashable, Sendable {
    public var rawValue: UInt64

    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable public init(field: Int) { rawValue = 1 << UInt64(field) }

    public static let empty = FieldMask(rawValue: 0)
    public static let all = FieldMask(rawValue: .max)
    /// The number of fields a collection may have.
    public static let capacity = 64

    @inlinable public var isEmpty: Bool { rawValue == 0 }
    @inlinable public var count: Int { rawValue.nonzeroBitCount }
    @inlinable public func contains(_ field: Int) -> Bool { rawValue & (1 << UInt64(field)) != 0 }
    @inlinable public func union(_ other: Self) -> Self { .init(rawValue: rawValue | other.rawValue) }
    @inlinable public func intersection(_ other: Self) -> Self { .init(rawValue: rawValue & other.rawValue) }
    @inlinable public func subtracting(_ other: Self) -> Self { .init(rawValue: rawValue & ~other.rawValue) }
    @inlinable public func isSubset(of other: Self) -> Bool { rawValue & ~other.rawValue == 0 }
    @inlinable public mutating func insert(_ field: Int) { rawValue |= 1 << UInt64(field) }
    @inlinable public mutating func formUnion(_ other: Self) { rawValue |= other.rawValue }
    @inlinable public mutating func subtract(_ other: Self) { rawValue &= ~other.rawValue }

    /// Calls the body for each field of the set, in ascending order.
    @inlinable public func forEach<Failure: Error>(_ body: (Int) throws(Failure) -> Void) throws(Failure) {
        var rest = rawValue
        while rest != 0 {
            try body(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
    }
}
