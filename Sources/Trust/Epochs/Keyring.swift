public import Sealing
public import SyncProtocol

/// The line's keys that a workstation has: those of all epochs up to the newest whose box it could open.
public struct Keyring: Sendable {
    public let line: LineID
    /// From epoch 1 on, without gaps.
    public let keys: [EpochKey]
    private let sealers: [Sealer]

    /// Opens the boxes, newest first, and from there the keys before. A key counts only if the roster's commitment fits it.
    ///
    /// - Parameter boxes: of this workstation, by epoch; several of one epoch where somebody filled in a bad one.
    ///
    /// Nil while no box opens.
    public init?(_ roster: RosterState, boxes: [(epoch: UInt32, box: [UInt8])], key: BoxKey) {
        for (epoch, box) in boxes.sorted(by: { $0.epoch > $1.epoch }) where epoch >= 1 && epoch <= roster.epoch {
            guard let secret = key.open(box), let newest = EpochKey(epoch: epoch, secret: secret),
                newest.commitment(line: roster.line) == roster.epochs[Int(epoch) - 1].commitment
            else { continue }
            self.init(roster, newest: newest)
            return
        }
        return nil
    }

    /// Goes back from the newest key to the first.
    init?(_ roster: RosterState, newest: EpochKey) {
        var keys = [newest]
        while let key = keys.last, key.epoch > 1 {
            guard let sealed = roster.epochs[Int(key.epoch) - 1].sealedPrevious,
                let previous = key.previous(sealed: sealed, line: roster.line),
                previous.commitment(line: roster.line) == roster.epochs[Int(previous.epoch) - 1].commitment
            else { return nil }
            keys.append(previous)
        }
        self.init(line: roster.line, keys: keys.reversed())
    }

    /// Keys of all epochs from 1 on.
    public init(line: LineID, keys: [EpochKey]) {
        precondition(!keys.isEmpty)
        self.line = line
        self.keys = keys
        sealers = keys.map { Sealer(line: line, key: $0) }
    }

    /// The newest key: what is written now is sealed under it.
    public var current: EpochKey { keys[keys.count - 1] }
    public var sealer: Sealer { sealers[sealers.count - 1] }

    /// Nil for an epoch whose key is not here.
    public func sealer(epoch: UInt32) -> Sealer? {
        epoch >= 1 && epoch <= sealers.count ? sealers[Int(epoch) - 1] : nil
    }

    /// The key that scatters reference numbers. The first epoch's, so that a number given out stays the same for ever.
    public var referenceNumberKey: SecretBytes { keys[0].derived(for: .referenceNumbers) }

    // MARK: Names

    /// Seals a workstation's name for the roster: `[epoch (4) ‖ box]`, the name filled up to 64 bytes or a multiple of it.
    public func seal(name: String) -> [UInt8] {
        var plain = Array(name.utf8) + [0x80]
        while plain.count % 64 != 0 { plain.append(0) }
        var bytes: [UInt8] = []
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: current.epoch >> shift))
        }
        return bytes + SecretBox.seal(plain, key: current.derived(for: .names), purpose: Self.namePurpose)
    }

    /// Nil where it was sealed with a key that is not here, or is no name.
    public func open(name sealed: [UInt8]) -> String? {
        guard sealed.count > 4 else { return nil }
        let epoch = sealed[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard epoch >= 1, epoch <= keys.count,
            let plain = SecretBox.open(
                Array(sealed[4...]), key: keys[Int(epoch) - 1].derived(for: .names), purpose: Self.namePurpose),
            let end = plain.lastIndex(of: 0x80)
        else { return nil }
        return String(validating: plain[..<end], as: UTF8.self)
    }

    // Without the line, whose id follows from its first entry, in which a name stands.
    private static let namePurpose = Array("lugn name 2".utf8)
}
