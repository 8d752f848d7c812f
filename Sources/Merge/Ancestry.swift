/// The identities a replica had before it forked, each with its last write that is truly the replica's own past.
///
/// A write after a fork has seen what the earlier identity wrote up to the fork, and nothing that a living copy
/// wrote under that identity since.
public struct Ancestry: Hashable, Sendable {
    public private(set) var parents: [Stamp]

    public init(_ parents: [Stamp] = []) { self.parents = parents }

    /// Adds the identity that was just left; the oldest are forgotten beyond the limit.
    public mutating func append(_ lastOwnWrite: Stamp, limit: Int = .max) {
        parents.append(lastOwnWrite)
        if parents.count > limit { parents.removeFirst(parents.count - limit) }
    }

    public func includes(_ stamp: Stamp) -> Bool {
        parents.contains { $0.replica == stamp.replica && stamp.time <= $0.time }
    }
}
