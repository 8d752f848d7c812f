public import Sealing
public import SyncProtocol

/// What a workstation held at some place of the log, for the others to compare: the server's word that all are equal is only
/// the server's word.
///
/// The sum is over all items, each hashed under a key that the server does not have; an unkeyed one could be met by a forged
/// set of changes (Wagner, "A generalized birthday problem", CRYPTO 2002). The server keeps the latest of each workstation, sealed, and
/// hands them out. It can withhold them, which shows as a comparison that grows old.
public struct Checkpoint: Hashable, Sendable {
    public var log: [UInt8]
    public var position: UInt64
    /// The hash of the roster's last entry.
    public var roster: [UInt8]
    public var sum: [UInt8]
    /// When, by the workstation's clock: milliseconds since 1970.
    public var milliseconds: Int64

    static let sumBytes = 16

    public init(log: [UInt8], position: UInt64, roster: [UInt8], sum: [UInt8], milliseconds: Int64) {
        self.log = log
        self.position = position
        self.roster = roster
        self.sum = sum
        self.milliseconds = milliseconds
    }

    /// Whether the two speak of the same place, so that their sums must be equal.
    public func isOfSamePlace(as other: Checkpoint) -> Bool {
        log == other.log && position == other.position && roster == other.roster
    }

    fileprivate func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(6)
        writer.unsigned(SyncRequest.version)
        writer.data(log)
        writer.unsigned(position)
        writer.data(roster)
        writer.data(sum)
        writer.integer(milliseconds)
        return writer.bytes
    }

    fileprivate init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 6)
        _ = try reader.version()
        log = Array(try reader.data(exactly: Cursor.logBytes))
        position = try reader.unsigned(below: Cursor.positionLimit)
        roster = Array(try reader.data(exactly: RosterEntry.hashBytes))
        sum = Array(try reader.data(exactly: Self.sumBytes))
        milliseconds = try reader.milliseconds()
        try reader.finish()
    }
}

/// A checkpoint as it travels: signed by its workstation, so that nobody in the line speaks for another, and sealed.
public struct SealedCheckpoint: Hashable, Sendable {
    public var device: DeviceID
    public var epoch: UInt32
    /// Signature and checkpoint, under the epoch's key for checkpoints.
    public var sealed: [UInt8]

    public static let limitBytes = 400
    /// What a server hands out at once.
    public static let limit = 20_000

    public init(device: DeviceID, epoch: UInt32, sealed: [UInt8]) {
        self.device = device
        self.epoch = epoch
        self.sealed = sealed
    }
}

extension Keyring {
    public func seal(_ checkpoint: Checkpoint, by keys: DeviceKeys) -> SealedCheckpoint {
        let body = checkpoint.encoded()
        let signature = keys.signing.sign(Self.checkpointMessage(line, keys.id, body))
        return SealedCheckpoint(
            device: keys.id, epoch: current.epoch,
            sealed: SecretBox.seal(
                signature + body, key: current.derived(for: .checkpoints),
                purpose: Array("lugn checkpoint 2".utf8) + line.bytes))
    }

    /// Nil for what no workstation of the line has made, or was sealed with another key than the newest.
    public func open(_ checkpoint: SealedCheckpoint, _ roster: RosterState) -> Checkpoint? {
        guard checkpoint.epoch == current.epoch, let member = roster.member(checkpoint.device),
            let plain = SecretBox.open(
                checkpoint.sealed, key: current.derived(for: .checkpoints),
                purpose: Array("lugn checkpoint 2".utf8) + line.bytes),
            plain.count > SigningKey.signatureBytes
        else { return nil }
        let body = Array(plain[SigningKey.signatureBytes...])
        guard
            SigningKey.isValid(
                Array(plain[..<SigningKey.signatureBytes]),
                of: Self.checkpointMessage(line, checkpoint.device, body), by: member.keys.signing)
        else { return nil }
        return try? Checkpoint(encoded: body)
    }

    /// The key that items are hashed under for checkpoints of the newest epoch.
    public var checkpointSumKey: SecretBytes { current.derived(for: .checkpointSums) }

    private static func checkpointMessage(_ line: LineID, _ device: DeviceID, _ body: [UInt8]) -> [UInt8] {
        Array("lugn checkpoint 2".utf8) + [0] + line.bytes + device.bytes + body
    }
}

/// `POST /v2/checkpoints`, with the own one in it; the answer is empty, status 204. And the answer to `GET /v2/checkpoints`:
/// `[2, [[device, epoch, sealed]…]]`.
public struct CheckpointList: Hashable, Sendable {
    public var checkpoints: [SealedCheckpoint]
    public init(_ checkpoints: [SealedCheckpoint]) { self.checkpoints = checkpoints }

    public func encoded() -> [UInt8] {
        var writer = CBORWriter()
        writer.array(2)
        writer.unsigned(SyncRequest.version)
        writer.array(checkpoints.count)
        for checkpoint in checkpoints {
            writer.array(3)
            writer.data(checkpoint.device.bytes)
            writer.unsigned(UInt64(checkpoint.epoch))
            writer.data(checkpoint.sealed)
        }
        return writer.bytes
    }

    public init(encoded bytes: [UInt8]) throws(ProtocolError) {
        var reader = CBORReader(bytes)
        try reader.array(exactly: 2)
        _ = try reader.version()
        checkpoints = []
        for _ in 0..<(try reader.array(limit: SealedCheckpoint.limit, elementBytes: 20)) {
            try reader.array(exactly: 3)
            let device = try reader.device()
            let epoch = UInt32(try reader.unsigned(below: 1 << 32))
            checkpoints.append(
                SealedCheckpoint(
                    device: device, epoch: epoch,
                    sealed: Array(try reader.data(limit: SealedCheckpoint.limitBytes))))
        }
        try reader.finish()
    }
}
