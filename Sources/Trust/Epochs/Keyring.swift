public import Sealing
public import SyncProtocol

/// The line's keys that a workstation has: those of all epochs up to the newest whose box it could open.
public struct Keyring: Sendable {
    public let line: LineID
    /// From epoch 1 on, without gaps but for keys that nobody has any more.
    public let keys: [EpochKey]
    private let sealers: [UInt32: Sealer]

    /// Opens the boxes, newest first, and from there the keys before. A key counts only if the roster's commitment fits it.
    ///
    /// Where an entry does not seal the key before as it should (only a lead can have written it so), the box of that epoch
    /// serves: one bad entry does not take away keys that a workstation has. A key that nobody has leaves a gap.
    ///
    /// - Parameter boxes: of this workstation, by epoch; several of one epoch where somebody filled in a bad one.
    ///
    /// Nil while the first epoch's key is not among what opens.
    public init?(_ roster: RosterState, boxes: [(epoch: UInt32, box: [UInt8])], key: BoxKey) {
        var known: [EpochKey] = []
        // Those whose key before is not found yet; one, but for gaps.
        var open: [EpochKey] = []
        for epoch in stride(from: roster.epoch, to: 0, by: -1) {
            let commitment = roster.epochs[Int(epoch) - 1].commitment
            var found: EpochKey?
            for (place, later) in open.enumerated() {
                guard let sealed = roster.epochs[Int(later.epoch) - 1].sealedPrevious,
                    let previous = later.previous(
                        sealed: sealed, epoch: epoch, commitment: commitment, line: roster.line)
                else { continue }
                open.remove(at: place)
                found = previous
                break
            }
            if found == nil {
                found = Self.opened(boxes.filter { $0.epoch == epoch }.map(\.box), epoch, commitment, roster.line, key)
            }
            guard let found else { continue }
            known.append(found)
            open.append(found)
        }
        guard known.last?.epoch == 1 else { return nil }
        self.init(line: roster.line, keys: known.reversed())
    }

    private static func opened(
        _ boxes: [[UInt8]], _ epoch: UInt32, _ commitment: [UInt8], _ line: LineID, _ key: BoxKey
    ) -> EpochKey? {
        for box in boxes {
            if let secret = key.open(box), let opened = EpochKey(epoch: epoch, secret: secret),
                opened.commitment(line: line) == commitment
            {
                return opened
            }
        }
        return nil
    }

    /// Keys of epochs from 1 on, in their order.
    public init(line: LineID, keys: [EpochKey]) {
        precondition(keys.first?.epoch == 1 && zip(keys, keys.dropFirst()).allSatisfy { $0.epoch < $1.epoch })
        self.line = line
        self.keys = keys
        sealers = Dictionary(uniqueKeysWithValues: keys.map { ($0.epoch, Sealer(line: line, key: $0)) })
    }

    /// The newest key: what is written now is sealed under it.
    public var current: EpochKey { keys[keys.count - 1] }
    public var sealer: Sealer { sealers[current.epoch]! }

    /// Nil for an epoch whose key is not here.
    public func sealer(epoch: UInt32) -> Sealer? { sealers[epoch] }

    /// The key that scatters reference numbers. The first epoch's, so that a number given out stays the same for ever.
    public var referenceNumberKey: SecretBytes { keys[0].derived(for: .referenceNumbers) }

    /// What ids are made with under which something is written anew that was erased under an old key: of the first key after it,
    /// which every workstation has and nobody who was removed with the old one.
    public func restoringKey(after epoch: UInt32) -> [UInt8]? {
        keys.first { $0.epoch > epoch }?.derived(for: .restoredRecords).copied()
    }

    // MARK: What stands in the roster

    /// Seals a workstation's name for the roster: `[epoch (4) ‖ box]`, the name filled up to 64 bytes or a multiple of it.
    public func seal(name: String) -> [UInt8] { seal(Array(name.utf8), .names, Self.namePurpose) }

    /// Nil where it was sealed with a key that is not here, or is no name.
    public func open(name sealed: [UInt8]) -> String? {
        guard let bytes = open(sealed, .names, Self.namePurpose), bytes.count <= Limits.nameBytes else { return nil }
        return String(validating: bytes, as: UTF8.self)
    }

    /// Seals a line's rules for the roster, in the same form.
    ///
    /// - Parameter rules: at most ``rulesBytes`` long.
    public func seal(rules: [UInt8]) -> [UInt8] { seal(rules, .rules, Self.rulesPurpose + line.bytes) }

    /// Nil where they were sealed with a key that is not here, or for another line.
    public func open(rules sealed: [UInt8]) -> [UInt8]? { open(sealed, .rules, Self.rulesPurpose + line.bytes) }

    public static let rulesBytes = 2_000

    private func seal(_ bytes: [UInt8], _ use: EpochKey.Purpose, _ purpose: [UInt8]) -> [UInt8] {
        var epoch: [UInt8] = []
        for shift in stride(from: 24, through: 0, by: -8) {
            epoch.append(UInt8(truncatingIfNeeded: current.epoch >> shift))
        }
        return epoch + SecretBox.seal(BlockPadding.padded(bytes), key: current.derived(for: use), purpose: purpose)
    }

    private func open(_ sealed: [UInt8], _ use: EpochKey.Purpose, _ purpose: [UInt8]) -> [UInt8]? {
        guard sealed.count > 4 else { return nil }
        let epoch = sealed[..<4].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard let key = keys.first(where: { $0.epoch == epoch }),
            let plain = SecretBox.open(Array(sealed[4...]), key: key.derived(for: use), purpose: purpose)
        else { return nil }
        return BlockPadding.unpadded(plain)
    }

    // Without the line, whose id follows from its first entry, in which a name stands.
    private static let namePurpose = Array("lugn name 2".utf8)
    private static let rulesPurpose = Array("lugn rules 2".utf8)
}
