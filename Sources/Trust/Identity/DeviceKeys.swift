public import Sealing
import SyncProtocol

/// The keys of a workstation, or of a line's recovery: an Ed25519 key that signs and an X25519 key that receives, both from one
/// seed of 32 bytes. They are made once, where they are used, and never leave it.
public struct DeviceKeys: Sendable {
    public let seed: SecretBytes
    public let signing: SigningKey
    public let box: BoxKey
    public let publicKeys: PublicKeys
    public var id: DeviceID { publicKeys.id }

    public static let seedBytes = 32

    public static func random() -> DeviceKeys { DeviceKeys(seed: SecretBytes(randomCount: seedBytes))! }

    /// Nil unless the seed has 32 bytes.
    public init?(seed: SecretBytes) {
        guard let source = EpochKey(epoch: 0, secret: seed) else { return nil }
        self.seed = seed
        signing = SigningKey(seed: source.derived(context: "lugnkeys", 1))
        box = BoxKey(seed: source.derived(context: "lugnkeys", 2))
        publicKeys = PublicKeys(signing: signing.publicKey, box: box.publicKey)
    }

    // MARK: In a file

    /// The keys' file: one line of text, `lugn-device-keys-2` and the seed in hexadecimal digits.
    /// Overwrite it after use: `SecretBytes.wipe`.
    public func fileBytes() -> [UInt8] { SeedFile.bytes(Self.fileHead, seed) }

    /// Reads a file of keys; nil if it is none.
    public init?(fileBytes: [UInt8]) {
        guard let seed = SeedFile.seed(Self.fileHead, fileBytes) else { return nil }
        self.init(seed: seed)
    }

    private static let fileHead = "lugn-device-keys-2 "
}
