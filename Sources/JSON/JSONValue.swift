/// A JSON value (RFC 8259) that is written exactly as it was made.
///
/// Objects keep the order of their members. Integers are 64-bit and exact; every other number is kept as the decimal
/// text it was written in, so that no floating-point rounding can happen. Two values are equal when they have the
/// same members in the same order.
public enum JSONValue: Sendable, Equatable {
    case null
    case bool(Bool)
    case integer(Int64)
    case decimal(JSONDecimal)
    case string(String)
    case array([JSONValue])
    case object([JSONMember])

    /// The member of an object with this name; nil when there is none or this is no object.
    public subscript(name: String) -> JSONValue? {
        guard case .object(let members) = self else { return nil }
        return members.first { $0.name == name }?.value
    }

    /// The text of a string; nil for anything else.
    public var string: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The number of an integer; nil for anything else.
    public var integer: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The truth of a boolean; nil for anything else.
    public var bool: Bool? {
        if case .bool(let truth) = self { truth } else { nil }
    }

    /// The elements of an array; nil for anything else.
    public var array: [JSONValue]? {
        if case .array(let elements) = self { elements } else { nil }
    }
}

extension JSONValue: ExpressibleByNilLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByStringLiteral, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral
{
    public init(nilLiteral: ()) { self = .null }
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int64) { self = .integer(value) }
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }

    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(elements.map { JSONMember($0, $1) })
    }

    /// An integer of any width that fits in 64 bits; a larger one is kept as decimal text.
    public init(_ number: some BinaryInteger) {
        if let exact = Int64(exactly: number) { self = .integer(exact) } else { self = .decimal(JSONDecimal(number)) }
    }
}
