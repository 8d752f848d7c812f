public import Sealing
public import SyncProtocol

/// One entry of a line's roster: who did what to whose rights, and to the line's keys.
///
/// The roster is a chain: each entry names the hash of the one before. What an author may do is decided by the state before the
/// entry; its time decides nothing.
public struct RosterEntry: Hashable, Sendable {
    /// 0, 1, 2 …
    public var number: UInt64
    /// The hash of the entry before; 32 zeros in the first.
    public var previous: [UInt8]
    public var author: DeviceID
    /// When, by the author's clock: milliseconds since 1970. For people.
    public var milliseconds: Int64
    public var act: RosterAct

    public init(number: UInt64, previous: [UInt8], author: DeviceID, milliseconds: Int64, act: RosterAct) {
        self.number = number
        self.previous = previous
        self.author = author
        self.milliseconds = milliseconds
        self.act = act
    }

    static let hashBytes = 32
    /// The largest entry: removals of a thousand workstations.
    static let limitBytes = 32 << 10

    /// `H("lugn roster hash 2" ‖ entry)`: signatures apart, so that signing twice makes no second entry.
    public var hash: [UInt8] { Blake2b.hash(Array("lugn roster hash 2".utf8) + encoded(), count: Self.hashBytes) }

    /// The id of the line that a first entry founds: the first 16 bytes of its hash. Whoever names the line so names its roster.
    public var foundedLine: LineID { LineID(hash.prefix(16))! }
}

/// An entry with its author's signature (Ed25519) over `"lugn roster 2" ‖ 00 ‖ line ‖ entry`; in the first entry 16 zeros stand
/// for the line.
public struct SignedEntry: Hashable, Sendable {
    public var entry: RosterEntry
    public var signature: [UInt8]

    init(entry: RosterEntry, signature: [UInt8]) {
        self.entry = entry
        self.signature = signature
    }

    public init(_ entry: RosterEntry, line: LineID, by key: SigningKey) {
        self.entry = entry
        signature = key.sign(Self.message(entry, line: line))
    }

    func isSigned(by key: [UInt8], line: LineID) -> Bool {
        SigningKey.isValid(signature, of: Self.message(entry, line: line), by: key)
    }

    private static func message(_ entry: RosterEntry, line: LineID) -> [UInt8] {
        let line = entry.number == 0 ? [UInt8](repeating: 0, count: 16) : line.bytes
        return Array("lugn roster 2".utf8) + [0] + line + entry.encoded()
    }
}

// MARK: Encoding

extension RosterEntry {
    /// `[2, number, previous, kind, author, milliseconds, body]`, the body as a byte string: who does not know its kind can
    /// still hash it.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(7)
        writer.unsigned(SyncRequest.version)
        writer.unsigned(number)
        writer.data(previous)
        writer.unsigned(act.kind)
        writer.data(author.bytes)
        writer.integer(milliseconds)
        writer.data(act.encodedBody())
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 7)
        guard try reader.unsigned() == SyncRequest.version else {
            throw ProtocolError(.version, offset: reader.offset)
        }
        number = try reader.unsigned(below: 1 << 32)
        previous = Array(try reader.data(exactly: Self.hashBytes))
        let kind = try reader.unsigned()
        author = try reader.device()
        milliseconds = try reader.milliseconds()
        let body = Array(try reader.data(limit: Self.limitBytes))
        try reader.finish()
        act = try RosterAct(kind: kind, body: body)
    }
}

extension SignedEntry {
    /// `[entry, signature]`, the entry as a byte string.
    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.data(entry.encoded())
        writer.data(signature)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        let entry = Array(try reader.data(limit: RosterEntry.limitBytes))
        signature = Array(try reader.data(exactly: SigningKey.signatureBytes))
        try reader.finish()
        self.entry = try RosterEntry(encoded: entry)
    }
}

extension CBORReader {
    mutating func device() throws(ProtocolError) -> DeviceID {
        let start = offset
        guard let id = DeviceID(try data(exactly: 16)) else { throw ProtocolError(.invalidValue, offset: start) }
        return id
    }
}
