public import SyncProtocol

/// The answer to `GET /v2/roster?line=L&after=N`, and to `POST /v2/found`:
/// `[2, line's name, count, entries, boxes of whoever asks, devices that lack a box of the newest epoch]`.
public struct RosterAnswer: Sendable {
    /// What the operator calls the line.
    public var lineName: String
    /// How many entries the server has.
    public var count: UInt64
    /// From the number asked for on, as many as fit into a message; ask again behind them.
    public var entries: [SignedEntry]
    /// Of the device that asks, of all epochs.
    public var boxes: [EpochBox]
    /// Present devices, and the recovery, that nobody has filled in a box of the newest epoch for yet.
    public var lacking: [DeviceID]

    /// The entries of one answer, unless a single one is larger.
    public static let entriesBytes = 1 << 20

    public init(
        lineName: String, count: UInt64, entries: [SignedEntry], boxes: [EpochBox] = [], lacking: [DeviceID] = []
    ) {
        self.lineName = lineName
        self.count = count
        self.entries = entries
        self.boxes = boxes
        self.lacking = lacking
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(6)
        writer.unsigned(SyncRequest.version)
        writer.text(lineName)
        writer.unsigned(count)
        writer.entries(entries)
        writer.boxes(boxes)
        writer.array(lacking.count)
        for device in lacking { writer.data(device.bytes) }
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 6)
        _ = try reader.version()
        lineName = try reader.text(limit: Limits.nameBytes)
        count = try reader.unsigned(below: 1 << 32)
        entries = try reader.entries()
        boxes = try reader.boxes()
        lacking = []
        for _ in 0..<(try reader.array(limit: EpochBox.limit, elementBytes: 17)) { lacking.append(try reader.device()) }
        try reader.finish()
    }
}

/// `POST /v2/roster`: `[2, line, entries, is new]`, consecutive ones. What follows the server's last entry, or a branch that
/// counts.
public struct RosterExtension: Sendable {
    public var line: LineID
    public var entries: [SignedEntry]
    /// The entries were just written, and are taken only behind the server's last one: of two leads who write at once, one
    /// writes again on top of the other's. Otherwise a branch could take the place of an entry that was already acted on.
    public var isNew: Bool

    /// The largest message.
    public static let limitBytes = 64 << 10

    public init(line: LineID, entries: [SignedEntry], isNew: Bool = false) {
        self.line = line
        self.entries = entries
        self.isNew = isNew
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(4)
        writer.unsigned(SyncRequest.version)
        writer.data(line.bytes)
        writer.entries(entries)
        writer.boolean(isNew)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 4)
        _ = try reader.version()
        let start = reader.offset
        guard let line = LineID(try reader.data(exactly: 16)) else {
            throw ProtocolError(.invalidValue, offset: start)
        }
        self.line = line
        entries = try reader.entries()
        isNew = try reader.boolean()
        try reader.finish()
    }
}

/// The answer to ``RosterExtension``: `[2, count, head hash]` as the server has it now. Whoever wrote an entry looks whether it
/// is the last one.
public struct RosterPosition: Hashable, Sendable {
    public var count: UInt64
    public var head: [UInt8]

    public init(count: UInt64, head: [UInt8]) {
        self.count = count
        self.head = head
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(3)
        writer.unsigned(SyncRequest.version)
        writer.unsigned(count)
        writer.data(head)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 3)
        _ = try reader.version()
        count = try reader.unsigned(below: 1 << 32)
        head = Array(try reader.data(exactly: RosterEntry.hashBytes))
        try reader.finish()
    }
}

extension CBORWriter {
    mutating func entries(_ entries: [SignedEntry]) {
        array(entries.count)
        for entry in entries { data(entry.encoded()) }
    }
}

extension CBORReader {
    mutating func entries() throws(ProtocolError) -> [SignedEntry] {
        var entries: [SignedEntry] = []
        for _ in 0..<(try array(limit: 100_000, elementBytes: 100)) {
            entries.append(try SignedEntry(encoded: Array(try data(limit: RosterEntry.limitBytes + 80))))
        }
        return entries
    }
}
