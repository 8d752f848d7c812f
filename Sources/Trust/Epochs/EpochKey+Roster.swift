public import Sealing
public import SyncProtocol

extension EpochKey {
    /// Tells this key from any other without telling it: `H("lugn epoch 2" ‖ line ‖ epoch ‖ key)`, with 16 zeros for the line in
    /// its first entry, whose hash becomes the line's id.
    public func commitment(line: LineID) -> [UInt8] {
        let line = epoch == 1 ? [UInt8](repeating: 0, count: 16) : line.bytes
        var bytes = Array("lugn epoch 2".utf8) + line
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: epoch >> shift)) }
        var secret = secret.copied()
        bytes += secret
        defer {
            SecretBytes.wipe(&secret)
            SecretBytes.wipe(&bytes)
        }
        return Blake2b.hash(bytes, count: 32)
    }

    /// What the next epoch's entry says of it, and of this key: the newest one before that its author has. That is the epoch's
    /// before but where a key was lost with the only workstation that had it, and recovery goes on without.
    public func followed(by next: EpochKey, line: LineID) -> RosterAct.NextEpoch {
        var previous = secret.copied()
        defer { SecretBytes.wipe(&previous) }
        return RosterAct.NextEpoch(
            commitment: next.commitment(line: line),
            sealedPrevious: KeyWrap.seal(
                previous, key: next.derived(for: .previousKey), nonce: Self.nonce(commitment(line: line)),
                purpose: Self.purpose(line)))
    }

    /// The key of an epoch before, out of what this one's entry has sealed; nil unless it is the one that its commitment is of.
    func previous(sealed: [UInt8], epoch earlier: UInt32, commitment: [UInt8], line: LineID) -> EpochKey? {
        guard earlier < epoch,
            var secret = KeyWrap.open(
                sealed, key: derived(for: .previousKey), nonce: Self.nonce(commitment), purpose: Self.purpose(line))
        else { return nil }
        defer { SecretBytes.wipe(&secret) }
        let key = EpochKey(epoch: earlier, secret: SecretBytes(copying: secret))
        return key?.commitment(line: line) == commitment ? key : nil
    }

    /// The first bytes of the commitment to the key that is sealed. A rotation that is written again on another branch seals
    /// another key before, perhaps under the same new key: with one nonce for both, whoever knows one would know the other.
    private static func nonce(_ commitment: [UInt8]) -> [UInt8] { Array(commitment.prefix(KeyWrap.nonceBytes)) }

    private static func purpose(_ line: LineID) -> [UInt8] { Array("lugn previous key 2".utf8) + line.bytes }
}
