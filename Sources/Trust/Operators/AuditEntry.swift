import Sealing
public import SyncProtocol

/// An entry of a server's audit log: what an operator did, or what happened to the store.
///
/// The log is a chain, as the roster is: each entry names the hash of the one before, so that none can be changed or taken out
/// without every later hash being another one. Nobody signs it: whoever owns the server's disk can write all of it anew, which
/// is noticed where somebody has kept a hash elsewhere.
public struct AuditEntry: Hashable, Sendable {
    public enum Act: UInt64, Sendable {
        /// The store was put back from a backup.
        case restored = 0
        case operatorAdded = 1
        case operatorRemoved = 2
        /// An invitation to found a line was made.
        case founderInvited = 3
        case founded = 4
        /// An invitation that is good together with a recovery sheet was made.
        case recoveryInvited = 5
        case withdrawn = 6
        /// A workstation is let in no more.
        case blocked = 7
        case labelled = 8
        /// A branch of a line's roster took the place of another one.
        case rosterReplaced = 9
        /// A line whose store was lost is awaited; its workstations have brought its roster.
        case lineAwaited = 10
        case lineBroughtBack = 11
        /// The oldest version that a line serves was set, or set to any.
        case minimumSet = 12
        /// How much a line may hold was set, or set to anything.
        case quotaSet = 13
    }

    /// 0, 1, 2 …
    public var number: UInt64
    /// The hash of the entry before; 32 zeros in the first.
    public var previous: [UInt8]
    /// The server's clock: milliseconds since 1970.
    public var milliseconds: Int64
    /// Who did it; nil for somebody at the server itself, and for the server.
    public var author: OperatorID?
    public var act: Act
    public var line: LineID?
    /// The id of what it was done to: a workstation, an invitation, an operator; for a replaced roster the first bytes of the
    /// lost branch's last hash.
    public var subject: [UInt8]?

    public init(
        number: UInt64, previous: [UInt8], milliseconds: Int64, author: OperatorID?, act: Act, line: LineID?,
        subject: [UInt8]?
    ) {
        self.number = number
        self.previous = previous
        self.milliseconds = milliseconds
        self.author = author
        self.act = act
        self.line = line
        self.subject = subject
    }

    public static let hashBytes = 32
    public static let start = [UInt8](repeating: 0, count: hashBytes)
    public static let limitBytes = 200

    /// `H("lugn audit 2" ‖ entry)`.
    public var hash: [UInt8] { Blake2b.hash(Array("lugn audit 2".utf8) + encoded(), count: Self.hashBytes) }

    /// `[2, number, previous, milliseconds, author or null, act, line or null, subject or null]`
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(8)
        writer.unsigned(SyncRequest.version)
        writer.unsigned(number)
        writer.data(previous)
        writer.integer(milliseconds)
        writer.optional(author?.bytes)
        writer.unsigned(act.rawValue)
        writer.optional(line?.bytes)
        writer.optional(subject)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 8)
        _ = try reader.version()
        number = try reader.unsigned(below: 1 << 48)
        previous = Array(try reader.data(exactly: Self.hashBytes))
        milliseconds = try reader.integer()
        author = try reader.optionalData(exactly: 16).flatMap { OperatorID($0) }
        let start = reader.offset
        guard let act = Act(rawValue: try reader.unsigned()) else { throw ProtocolError(.invalidValue, offset: start) }
        self.act = act
        line = try reader.optionalData(exactly: 16).flatMap { LineID($0) }
        subject = try reader.optionalData(exactly: 16)
        try reader.finish()
    }
}

/// Follows an audit log from its first entry on.
public struct AuditChain: Sendable {
    /// How many entries there are.
    public private(set) var count: UInt64 = 0
    /// The last one's hash.
    public private(set) var head = AuditEntry.start
    private var anchor: Anchor?

    /// What somebody kept of the log elsewhere: how long it was and what it ended with, `COUNT;HASH`.
    public struct Anchor: Hashable, Sendable {
        public var count: UInt64
        public var head: [UInt8]

        public init(count: UInt64, head: [UInt8]) {
            self.count = count
            self.head = head
        }
        public init?(text: String) {
            let parts = text.split(separator: ";", omittingEmptySubsequences: false)
            guard parts.count == 2, let count = UInt64(parts[0]),
                let head = bytes(hexadecimal: String(parts[1])), head.count == AuditEntry.hashBytes
            else { return nil }
            self.init(count: count, head: head)
        }
        public var text: String { "\(count);\(hexadecimalText(head))" }
    }

    public enum Problem: Error, Hashable, Sendable {
        /// This entry does not follow the one before: that one was changed, or something was taken out or put in between.
        case notNext(number: UInt64)
        /// The log was this long and ended otherwise when somebody kept its anchor.
        case otherThanKept(count: UInt64)
        /// The log was longer when somebody kept its anchor.
        case shorterThanKept(count: UInt64)
    }

    /// - Parameter anchor: kept elsewhere; without one, a log that was written anew as a whole, or cut at its end, is not noticed.
    public init(anchor: Anchor? = nil) { self.anchor = anchor }

    public mutating func append(_ entry: AuditEntry) throws(Problem) {
        guard entry.number == count, entry.previous == head else { throw .notNext(number: count) }
        count += 1
        head = entry.hash
        if let anchor, anchor.count == count, anchor.head != head { throw .otherThanKept(count: count) }
    }

    /// To be asked when there are no more entries.
    public func finish() throws(Problem) {
        if let anchor, anchor.count > count { throw .shorterThanKept(count: anchor.count) }
    }

    public var end: Anchor { Anchor(count: count, head: head) }
}
