import CSodium
public import Merge
import SyncProtocol

/// The digest of a replica's commits, each covering the one before: what tells a copy from the original.
///
/// Keyed with the line's key, so that the server, which stores and compares it, cannot test guesses of what a commit
/// says. Over the plain commit: sealing again with another nonce changes nothing. Without the base: that is the
/// server's affair, and means nothing once a log is lost.
public struct CommitDigest: Sendable {
    private let key: [UInt8]

    /// What the first commit is chained to.
    public static let start = [UInt8](repeating: 0, count: SealedCommit.digestBytes)

    public init(key: LineKey) { self.key = key.derived(for: .digest) }

    /// BLAKE2b-128 of previous digest, replica, number, time and body.
    public func digest(previous: [UInt8], stamp: Stamp, number: UInt64, body: [UInt8]) -> [UInt8] {
        var head = previous
        appendBigEndian(stamp.replica.rawValue, to: &head)
        appendBigEndian(number, to: &head)
        appendBigEndian(stamp.time.rawValue, to: &head)
        return Blake2b.hash(head, body, count: SealedCommit.digestBytes, key: key)
    }
}
