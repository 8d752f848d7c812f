public import Merge
import SyncProtocol

/// The chained digest of a replica's commits: what tells a copy from the original.
///
/// It covers numbers, times and dots, and no content: a dot is random and names one commit, so that two replicas that
/// went on under one id differ at the first commit that either made alone. What was erased from a commit that waits, or
/// sealed again under another key, leaves it as it is; and nobody can test a guess of what was written by it. A commit
/// that gives way to an empty one gets a new dot, and with it another digest.
public enum CommitDigest {
    /// What the first commit is chained to.
    public static let start = [UInt8](repeating: 0, count: SealedCommit.digestBytes)

    /// BLAKE2b-128 (RFC 7693) of "lugn digest 2", the previous digest, replica, number, time and dot; numbers big-endian.
    public static func digest(previous: [UInt8], replica: ReplicaID, number: UInt64, stamp: Stamp) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(64)
        bytes.append(contentsOf: "lugn digest 2".utf8)
        bytes.append(contentsOf: previous)
        appendBigEndian(replica.rawValue, to: &bytes)
        appendBigEndian(number, to: &bytes)
        appendBigEndian(stamp.time.rawValue, to: &bytes)
        appendBigEndian(stamp.dot.rawValue, to: &bytes)
        return Blake2b.hash(bytes, count: SealedCommit.digestBytes)
    }
}
