public import SyncProtocol

/// A part of what a workstation that was removed had not sent: `POST /v2/unsent`, by it alone, and the answer to
/// `GET /v2/unsent?device=D&part=N` by a lead: `[2, number, parts, page]`. The page is one of the feed, sealed with the newest key that the
/// workstation has; its positions are the numbers of the workstation's commits.
///
/// The same part again takes the place of the one before; the first drops all others. The answer is empty: status 204.
public struct UnsentPart: Hashable, Sendable {
    /// 0, 1, 2 …
    public var number: UInt64
    /// How many there are.
    public var parts: UInt64
    public var page: [UInt8]

    public static let pageBytes = 1 << 20
    public static let limit: UInt64 = 32
    /// The largest message: a page may go over its size by one commit.
    public static func limitBytes(_ limits: Limits) -> Int { pageBytes + limits.commitBytes + 1_024 }

    public init(number: UInt64, parts: UInt64, page: [UInt8]) {
        self.number = number
        self.parts = parts
        self.page = page
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(4)
        writer.unsigned(SyncRequest.version)
        writer.unsigned(number)
        writer.unsigned(parts)
        writer.data(page)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 4)
        _ = try reader.version()
        let start = reader.offset
        number = try reader.unsigned(below: Self.limit)
        parts = try reader.unsigned(below: Self.limit + 1)
        guard number < parts else { throw ProtocolError(.invalidValue, offset: start) }
        page = Array(try reader.data(limit: Self.limitBytes(Limits())))
        try reader.finish()
    }
}

/// The answer to `GET /v2/unsent` by a lead: `[2, [[device, parts, parts that are there, bytes, since]…]]`.
public struct UnsentList: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
        public var device: DeviceID
        public var parts: UInt64
        /// Fewer than ``parts`` while the workstation is handing over, or was cut off.
        public var received: UInt64
        public var bytes: UInt64
        /// When the latest part came, by the server's clock.
        public var milliseconds: Int64
        public var isWhole: Bool { received == parts }

        public init(device: DeviceID, parts: UInt64, received: UInt64, bytes: UInt64, milliseconds: Int64) {
            self.device = device
            self.parts = parts
            self.received = received
            self.bytes = bytes
            self.milliseconds = milliseconds
        }
    }
    public var items: [Item]
    public static let limit = 1_000

    public init(_ items: [Item]) { self.items = items }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.array(items.count)
        for item in items {
            writer.array(5)
            writer.data(item.device.bytes)
            writer.unsigned(item.parts)
            writer.unsigned(item.received)
            writer.unsigned(item.bytes)
            writer.integer(item.milliseconds)
        }
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        items = []
        for _ in 0..<(try reader.array(limit: Self.limit, elementBytes: 21)) {
            try reader.array(exactly: 5)
            items.append(
                Item(
                    device: try reader.device(), parts: try reader.unsigned(below: UnsentPart.limit + 1),
                    received: try reader.unsigned(below: UnsentPart.limit + 1),
                    bytes: try reader.unsigned(below: 1 << 40), milliseconds: try reader.milliseconds()))
        }
        try reader.finish()
    }
}

/// `POST /v2/unsent/discard`, by a lead: `[2, device]`. The answer is empty: status 204.
public struct UnsentReference: Hashable, Sendable {
    public var device: DeviceID
    public init(_ device: DeviceID) { self.device = device }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.data(device.bytes)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        device = try reader.device()
        try reader.finish()
    }
}
