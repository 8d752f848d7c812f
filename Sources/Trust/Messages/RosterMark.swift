import SyncProtocol

/// How long a server's roster is and what it ends with: `COUNT;HASH`, and `;lacking` where somebody lacks a
/// box of the newest key, in the header `Lugn-Roster` of every answer to a device.
public struct RosterMark: Hashable, Sendable {
    public static let header = "Lugn-Roster"

    public var count: UInt64
    /// The first 8 bytes of the last entry's hash.
    public var head: [UInt8]

    /// Somebody in the line, or its recovery, lacks a box of the newest key: whoever has it may fill it in.
    public var lacksBoxes: Bool

    public init(count: UInt64, hash: [UInt8], lacksBoxes: Bool = false) {
        self.count = count
        head = Array(hash.prefix(8))
        self.lacksBoxes = lacksBoxes
    }

    public init(_ roster: RosterState, lacksBoxes: Bool = false) {
        self.init(count: roster.number + 1, hash: roster.head, lacksBoxes: lacksBoxes)
    }

    public var text: String { "\(count);\(hexadecimalText(head))" + (lacksBoxes ? ";lacking" : "") }

    /// Whether both speak of the same entries.
    public func isOfSameRoster(as other: RosterMark) -> Bool { count == other.count && head == other.head }

    public init?(text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
        guard parts.count == 2 || parts.count == 3 && parts[2] == "lacking", let count = UInt64(parts[0]),
            let head = bytes(hexadecimal: String(parts[1])),
            head.count == 8
        else { return nil }
        self.count = count
        self.head = head
        lacksBoxes = parts.count == 3
        guard text.utf8.elementsEqual(self.text.utf8) else { return nil }
    }
}
