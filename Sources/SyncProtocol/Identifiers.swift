public import Merge

/// A line: one helpline's shared data. The first 16 bytes of the hash of its roster's first entry.
public struct LineID: Hashable, Sendable, CustomStringConvertible {
    public var bytes: [UInt8]
    /// Nil unless given 16 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }
    public var description: String { hexadecimalText(bytes) }
}

/// A place in a line's log, and what proves that it is this log: the hash chained over all commits up to it.
///
/// A server holds the same history as the replica up to there exactly if its own check at that position is equal. A
/// server that was restored from a backup, even by copying files without a word, is found out by it.
public struct Cursor: Hashable, Sendable {
    public var log: [UInt8]
    public var position: UInt64
    public var check: [UInt8]

    public static let logBytes = 16
    public static let checkBytes = 8

    public init(log: [UInt8], position: UInt64, check: [UInt8]) {
        self.log = log
        self.position = position
        self.check = check
    }

    /// Before the first commit of any log.
    public static let start = Cursor(
        log: [UInt8](repeating: 0, count: logBytes), position: 0, check: [UInt8](repeating: 0, count: checkBytes))
}

/// Lowercase hexadecimal digits.
public func hexadecimalText(_ bytes: some Sequence<UInt8>) -> String {
    let digits: [Character] = Array("0123456789abcdef")
    var text = ""
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return text
}

/// The bytes of hexadecimal digits; nil if there is an odd one or another character.
public func bytes(hexadecimal text: String) -> [UInt8]? {
    var result: [UInt8] = []
    var half: UInt8?
    for scalar in text.unicodeScalars {
        guard let digit = Character(scalar).hexDigitValue, scalar.isASCII else { return nil }
        if let high = half {
            result.append(high << 4 | UInt8(digit))
            half = nil
        } else {
            half = UInt8(digit)
        }
    }
    return half == nil ? result : nil
}

extension CBORWriter {
    @inlinable public mutating func replica(_ value: ReplicaID) { unsigned(value.rawValue) }
    @inlinable public mutating func dot(_ value: Dot) { unsigned(value.rawValue) }
    @inlinable public mutating func time(_ value: HybridTimestamp) { unsigned(value.rawValue) }

    @inlinable public mutating func record(_ value: RecordID) {
        head(2, 16)
        append(value.high)
        append(value.low)
    }

    mutating func cursor(_ value: Cursor) {
        array(3)
        data(value.log)
        unsigned(value.position)
        data(value.check)
    }
}

extension CBORReader {
    public mutating func replica() throws(ProtocolError) -> ReplicaID { .init(rawValue: try unsigned()) }
    public mutating func dot() throws(ProtocolError) -> Dot { .init(rawValue: try unsigned()) }
    public mutating func time() throws(ProtocolError) -> HybridTimestamp { .init(rawValue: try unsigned()) }

    public mutating func record() throws(ProtocolError) -> RecordID {
        let start = offset
        let range = try dataRange(limit: 16)
        guard range.count == 16 else { throw ProtocolError(.invalidValue, offset: start) }
        return unsafe bytes.withUnsafeBytes { bytes in
            precondition(range.upperBound <= bytes.count)
            return unsafe RecordID(
                high: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound, as: UInt64.self)),
                low: UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: range.lowerBound + 8, as: UInt64.self)))
        }
    }

    mutating func cursor() throws(ProtocolError) -> Cursor {
        try array(exactly: 3)
        let log = Array(try data(exactly: Cursor.logBytes))
        let position = try unsigned(below: Cursor.positionLimit)
        return Cursor(log: log, position: position, check: Array(try data(exactly: Cursor.checkBytes)))
    }
}

extension Cursor {
    /// Positions stay below 2⁴⁸: a store may pack a position and a change's index into one 64-bit key.
    public static let positionLimit: UInt64 = 1 << 48
}
