import SyncProtocol

/// The server's own mark of time, which a signed request carries, so that what somebody recorded cannot be sent again for long.
///
/// It is good for ten minutes by the server's clock and for as many requests as come within them: requests change nothing by
/// being repeated. Workstations take it as it is; the server alone looks at what is in it.
public struct Ticket: Hashable, Sendable {
    /// The store's generation: a server that was put back knows none of the tickets before.
    public var generation: UInt64
    /// The server's clock.
    public var milliseconds: Int64

    public static let header = "Lugn-Ticket"
    public static let lifeMilliseconds: Int64 = 600_000

    public init(generation: UInt64, milliseconds: Int64) {
        self.generation = generation
        self.milliseconds = milliseconds
    }

    /// 32 hexadecimal digits.
    public var text: String { Self.digits(generation) + Self.digits(UInt64(bitPattern: milliseconds)) }

    public init?(text: String) {
        guard text.utf8.count == 32, let bytes = bytes(hexadecimal: text) else { return nil }
        guard text == hexadecimalText(bytes) else { return nil }
        generation = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        milliseconds = Int64(bitPattern: bytes[8...].reduce(0) { $0 << 8 | UInt64($1) })
    }

    public func isGood(generation: UInt64, now: Int64) -> Bool {
        let age = now.subtractingReportingOverflow(milliseconds)
        // A clock that was put back a little makes none of them bad.
        return generation == self.generation && !age.overflow
            && (-Self.lifeMilliseconds...Self.lifeMilliseconds).contains(age.partialValue)
    }

    private static func digits(_ number: UInt64) -> String {
        let text = String(number, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
