public import SyncProtocol

/// `POST /v2/found`: a line begins. `[2, first entry, boxes]`, the boxes of the first epoch for its first workstation and its recovery.
public struct FoundRequest: Hashable, Sendable {
    public var entry: SignedEntry
    public var boxes: [EpochBox]

    public init(entry: SignedEntry, boxes: [EpochBox]) {
        self.entry = entry
        self.boxes = boxes
    }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(3)
        writer.unsigned(SyncRequest.version)
        writer.data(entry.encoded())
        writer.boxes(boxes)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 3)
        _ = try reader.version()
        entry = try SignedEntry(encoded: Array(try reader.data(limit: RosterEntry.limitBytes)))
        boxes = try reader.boxes()
        try reader.finish()
    }
}

/// The key of an epoch, sealed to one workstation, or to recovery.
public struct EpochBox: Hashable, Sendable {
    public var device: DeviceID
    public var epoch: UInt32
    public var box: [UInt8]

    public static let bytes = 80
    public static let limit = 20_000

    public init(device: DeviceID, epoch: UInt32, box: [UInt8]) {
        self.device = device
        self.epoch = epoch
        self.box = box
    }
}

/// `POST /v2/boxes`: `[2, boxes]`. The answer is empty: status 204.
public struct BoxesRequest: Hashable, Sendable {
    public var boxes: [EpochBox]
    public init(boxes: [EpochBox]) { self.boxes = boxes }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.boxes(boxes)
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        boxes = try reader.boxes()
        try reader.finish()
    }
}

/// `POST /v2/boxes/refuse`: `[2, epoch]`, from a workstation, or whoever holds the recovery sheet, that can open none of its boxes of
/// an epoch. They are dropped, and others are asked to fill it in again. The answer is empty: status 204.
public struct BoxRefusal: Hashable, Sendable {
    public var epoch: UInt32
    public init(epoch: UInt32) { self.epoch = epoch }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.unsigned(UInt64(epoch))
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        epoch = UInt32(try reader.unsigned(below: 1 << 32))
        try reader.finish()
    }
}

extension CBORWriter {
    mutating func boxes(_ boxes: [EpochBox]) {
        array(boxes.count)
        for box in boxes {
            array(3)
            data(box.device.bytes)
            unsigned(UInt64(box.epoch))
            data(box.box)
        }
    }
}

extension CBORReader {
    mutating func boxes() throws(ProtocolError) -> [EpochBox] {
        var boxes: [EpochBox] = []
        for _ in 0..<(try array(limit: EpochBox.limit, elementBytes: 100)) {
            try array(exactly: 3)
            let device = try device()
            let epoch = UInt32(try unsigned(below: 1 << 32))
            boxes.append(
                EpochBox(device: device, epoch: epoch, box: Array(try data(exactly: EpochBox.bytes))))
        }
        return boxes
    }
}
