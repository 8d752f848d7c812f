public import SyncProtocol

/// A part of what a workstation that was removed had not sent: `POST /v2/unsent`, by it alone, and the answer to
/// `GET /v2/unsent?device=D&part=N` by a lead: `[2, attempt, number, parts, page]`. The page is one of the feed, sealed with the newest key that the
/// workstation has; its positions are the numbers of the workstation's commits.
///
/// Attempts go up: a part of a later one drops all of those before, and one of an earlier one is refused, so that nobody puts an old
/// part in the place of a new one. The answer is empty: status 204.
public struct UnsentPart: Hashable, Sendable {
    /// Milliseconds since 1970 by the workstation's clock, or one more than the attempt before.
    public var attempt: UInt64
    /// 0, 1, 2 …
    public var number: UInt64
    /// How many there are.
    public var parts: UInt64
    public var page: [UInt8]

    public static let pageBytes = 1 << 20
    public static let limit: UInt64 = 32
    public static let attemptLimit: UInt64 = 1 << 53
    /// The largest message: a page may go over its size by one commit.
    public static func limitBytes(_ limits: Limits) -> Int { pageBytes + limits.commitBytes + 1_024 }

    public init(attempt: UInt64, number: UInt64, parts: UInt64, page: [UInt8]) {
        self.attempt = attempt
        self.number = number
        self.parts = parts
        self.page = page
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(5)
        writer.unsigned(SyncRequest.version)
        writer.unsigned(attempt)
        writer.unsigned(number)
        writer.unsigned(parts)
        writer.data(page)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 5)
        _ = try reader.version()
        attempt = try reader.unsigned(below: Self.attemptLimit)
        let start = reader.offset
        number = try reader.unsigned(below: Self.limit)
        parts = try reader.unsigned(below: Self.limit + 1)
        guard number < parts else { throw ProtocolError(.invalidValue, offset: start) }
        page = Array(try reader.data(limit: Self.limitBytes(Limits())))
        try reader.finish()
    }
}

/// The answer to `GET /v2/unsent` by a lead: `[2, [[device, attempt, parts, parts that are there, bytes, since]…]]`.
public struct UnsentList: Hashable, Sendable {
    public struct Item: Hashable, Sendable {
        public var device: DeviceID
        public var attempt: UInt64
        public var parts: UInt64
        /// Fewer than ``parts`` while the workstation is handing over, or was cut off.
        public var received: UInt64
        public var bytes: UInt64
        /// When the latest part came, by the server's clock.
        public var milliseconds: Int64
        public var isWhole: Bool { received == parts }

        public init(
            device: DeviceID, attempt: UInt64, parts: UInt64, received: UInt64, bytes: UInt64, milliseconds: Int64
        ) {
            self.device = device
            self.attempt = attempt
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
            writer.array(6)
            writer.data(item.device.bytes)
            writer.unsigned(item.attempt)
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
            try reader.array(exactly: 6)
            items.append(
                Item(
                    device: try reader.device(), attempt: try reader.unsigned(below: UnsentPart.attemptLimit),
                    parts: try reader.unsigned(below: UnsentPart.limit + 1),
                    received: try reader.unsigned(below: UnsentPart.limit + 1),
                    bytes: try reader.unsigned(below: 1 << 40), milliseconds: try reader.milliseconds()))
        }
        try reader.finish()
    }
}

/// `POST /v2/unsent/discard`, by a lead: `[2, device, attempt]`: no other attempt than the one that was read. The answer is empty: status 204.
public struct UnsentReference: Hashable, Sendable {
    public var device: DeviceID
    public var attempt: UInt64
    public init(_ device: DeviceID, attempt: UInt64) {
        self.device = device
        self.attempt = attempt
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(3)
        writer.unsigned(SyncRequest.version)
        writer.data(device.bytes)
        writer.unsigned(attempt)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 3)
        _ = try reader.version()
        device = try reader.device()
        attempt = try reader.unsigned(below: UnsentPart.attemptLimit)
        try reader.finish()
    }
}
