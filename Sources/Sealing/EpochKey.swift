import CSodium
import SyncProtocol

/// A key of the line, for as long as one epoch lasts. Every workstation of the line has it; the server never does.
///
/// It is not used itself: each purpose has a key derived from it (libsodium's crypto_kdf, BLAKE2b), so that no two uses can
/// weaken each other.
public struct EpochKey: Sendable {
    /// 1, 2, 3 …
    public let epoch: UInt32
    public let secret: SecretBytes

    public static let secretBytes = 32

    /// Nil unless the secret has 32 bytes.
    public init?(epoch: UInt32, secret: SecretBytes) {
        guard secret.count == Self.secretBytes else { return nil }
        self.epoch = epoch
        self.secret = secret
    }

    public static func random(epoch: UInt32 = 1) -> EpochKey {
        EpochKey(epoch: epoch, secret: SecretBytes(randomCount: secretBytes))!
    }

    public enum Purpose: UInt64, Sendable {
        /// Seals the values of changes.
        case content = 1
        /// Seals the key of the epoch before, once.
        case previousKey = 2
        /// Seals workstations' names.
        case names = 3
        /// Scatters reference numbers; of epoch 1 only.
        case referenceNumbers = 4
        /// Seals checkpoints, with which workstations compare what they hold.
        case checkpoints = 5
        /// Items are hashed under it for a checkpoint's sum.
        case checkpointSums = 6
        /// Seals the line's rules.
        case rules = 7
        /// What a late erasure took away is written anew under ids that it makes: whoever was removed before cannot know them.
        case restoredRecords = 8
    }

    /// 32 bytes for one purpose.
    public func derived(for purpose: Purpose) -> SecretBytes { derived(context: "lugnline", purpose.rawValue) }

    /// The same for keys of another kind.
    ///
    /// - Parameter context: 8 ASCII characters that name the kind.
    public func derived(context: String, _ number: UInt64) -> SecretBytes {
        Sodium.prepare()
        let context: [CChar] = context.utf8.map { CChar($0) }
        precondition(context.count == 8)
        return unsafe SecretBytes(count: 32) { output in
            let result = unsafe secret.withBytes { secret in
                unsafe crypto_kdf_derive_from_key(
                    output.baseAddress!.assumingMemoryBound(to: UInt8.self), 32, number, context, secret)
            }
            precondition(result == 0)
        }
    }
}
