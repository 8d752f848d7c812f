import CSodium
public import Merge
public import SyncProtocol

/// Seals and opens the values of changes with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), one by one, so that one
/// record can be erased without touching the others.
///
/// The nonce is 16 random bytes of the commit and the change's index in it; 2⁶⁴ commits would be needed for an even
/// chance of one repetition. What a reader relies on is authenticated with the values: line, time, dot, kind,
/// collection, record and everything above it, fields, what is replaced, and key epoch. Not in it: the replica and the
/// number under which the commit travels.
public struct Sealer: Sendable {
    public let line: LineID
    public let epoch: UInt32
    let key: SecretBytes

    /// How much longer sealed values are than filled up ones.
    static let tagBytes = 16

    /// How long `count` bytes of values are when they are sealed.
    public static func sealedBytes(_ count: Int) -> Int { Padding.paddedCount(count) + tagBytes }

    public init(line: LineID, key: EpochKey) {
        Sodium.prepare()
        self.line = line
        self.epoch = key.epoch
        self.key = key.derived(for: .content)
    }

    /// Seals and opens the changes of one commit.
    public func commit(stamp: Stamp, nonce: [UInt8]) -> CommitSealer {
        CommitSealer(self, stamp: stamp, nonce: nonce)
    }

    /// Appends the sealed form of `plain` to `output`, for a change that stands alone.
    public func seal(
        _ plain: ArraySlice<UInt8>, header: ChangeHeader, stamp: Stamp, nonce: [UInt8], index: UInt64,
        to output: inout [UInt8]
    ) {
        var commit = commit(stamp: stamp, nonce: nonce)
        commit.seal(plain, header: header, index: index, to: &output)
    }

    /// Opens a change that stands alone into `output`, replacing what it held; false if the bytes are not what was sealed
    /// under this header.
    public func open(
        _ sealed: ArraySlice<UInt8>, header: ChangeHeader, stamp: Stamp, nonce: [UInt8], index: UInt64,
        into output: inout [UInt8]
    ) -> Bool {
        var commit = commit(stamp: stamp, nonce: nonce)
        output.removeAll(keepingCapacity: true)
        return commit.open(sealed, header: header, index: index, appendingTo: &output)
    }
}

func appendBigEndian(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
}
