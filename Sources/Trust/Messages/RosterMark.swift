import SyncProtocol

/// How long a server's roster is and what it ends with: `COUNT;HASH` in the header `Lugn-Roster` of every answer to a device.
public struct RosterMark: Hashable, Sendable {
    public static let header = "Lugn-Roster"

    public var count: UInt64
    /// The first 8 bytes of the last entry's hash.
    public var head: [UInt8]

    public init(count: UInt64, hash: [UInt8]) {
        self.count = count
        head = Array(hash.prefix(8))
    }

    public init(_ roster: RosterState) {
        self.init(count: roster.number + 1, hash: roster.head)
    }

    public var text: String { "\(count);\(hexadecimalText(head))" }

    public init?(text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 2, let count = UInt64(parts[0]), let head = bytes(hexadecimal: String(parts[1])),
            head.count == 8
        else { return nil }
        self.count = count
        self.head = head
    }
}
