/// The random 64-bit name of one replica.
///
/// A copied or restored replica takes a new one, so that a name never stands for two histories.
public struct ReplicaID: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// Sixteen lowercase hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }

    /// Reads sixteen hexadecimal digits; anything else is nil.
    public init?(_ text: String) {
        guard text.utf8.count == 16, text.utf8.allSatisfy({ $0 != UInt8(ascii: "+") && $0 != UInt8(ascii: "-") }),
            let value = UInt64(text, radix: 16)
        else { return nil }
        rawValue = value
    }
}

/// The name and the rank of one write: when, by the writer's hybrid logical clock, and by which replica.
///
/// Two different writes never share a stamp. All changes of one commit do, and a commit changes a record
/// at most once, so (record, stamp) names one change. Greater stamps win.
public struct Stamp: Hashable, Comparable, Sendable {
    public var time: HybridTimestamp
    public var replica: ReplicaID

    @inlinable public init(time: HybridTimestamp, replica: ReplicaID) {
        self.time = time
        self.replica = replica
    }

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.time != right.time ? left.time < right.time : left.replica < right.replica
    }
}

func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
