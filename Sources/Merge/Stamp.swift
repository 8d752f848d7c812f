/// The 64-bit name of one write: which desk wrote it (16 bits), and 48 random bits. It is drawn when the write is made and
/// never changes, whatever happens to the replica that made it: not with a new replica id, not with a corrected clock, not
/// with a restored server.
///
/// All changes of one commit share it, and a commit changes a record at most once, so (record, dot) names one change.
/// The term is that of dotted version vectors (Almeida, Baquero, Gonçalves, Preguiça, Fonte: *Scalable and Accurate
/// Causality Tracking for Eventually Consistent Stores*, 2014). Random ones need no counter that a copy could repeat: two
/// writes of one desk in one record share a name with a chance of 2⁻⁴⁸.
public struct Dot: Hashable, Comparable, Sendable, CustomStringConvertible {
    public var rawValue: UInt64
    @inlinable public init(rawValue: UInt64) { self.rawValue = rawValue }
    @inlinable public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    /// - Parameter random: of which 48 bits are used.
    public init(desk: DeskTag, random: UInt64) {
        rawValue = UInt64(desk.rawValue) << 48 | random & (1 << 48 - 1)
    }

    /// The desk that wrote it, by its own word.
    public var desk: DeskTag { DeskTag(rawValue: UInt16(rawValue >> 48)) }

    /// Sixteen lowercase hexadecimal digits.
    public var description: String { hexadecimal(rawValue) }
}

/// What a desk's writes are known by, so that people see who wrote what: the first 16 bits of its device id, so that the roster
/// has its name; random ones before it has joined. By the writer's own word, and for people only: nothing depends on it.
public struct DeskTag: Hashable, Sendable, CustomStringConvertible {
    public var rawValue: UInt16
    @inlinable public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Four lowercase hexadecimal digits.
    public var description: String { String(hexadecimal(UInt64(rawValue)).suffix(4)) }
}

/// A write's rank among those that stand beside it: when, by the writer's hybrid logical clock, and its dot, which
/// decides between equal times. Greater stamps win.
public struct Stamp: Hashable, Comparable, Sendable {
    public var time: HybridTimestamp
    public var dot: Dot

    @inlinable public init(time: HybridTimestamp, dot: Dot) {
        self.time = time
        self.dot = dot
    }

    @inlinable public static func < (left: Self, right: Self) -> Bool {
        left.time != right.time ? left.time < right.time : left.dot < right.dot
    }
}

/// Sixteen lowercase digits. By hand: this target does without Foundation.
func hexadecimal(_ value: UInt64) -> String {
    let digits = String(value, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
}
