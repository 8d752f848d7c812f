/// Per replica, the time of the latest of its writes that a side has seen; it has seen the earlier ones too.
///
/// Only needed where log positions mean nothing any more: after a server was restored, and while healing.
public struct VersionVector: Hashable, Sendable {
    public private(set) var times: [ReplicaID: HybridTimestamp]

    public init(_ times: [ReplicaID: HybridTimestamp] = [:]) { self.times = times }

    public var isEmpty: Bool { times.isEmpty }

    /// The greatest of its times; zero where it is empty.
    public var latest: HybridTimestamp { times.values.max() ?? .zero }

    public func contains(_ stamp: Stamp) -> Bool {
        guard let time = times[stamp.replica] else { return false }
        return stamp.time <= time
    }

    public mutating func include(_ stamp: Stamp) {
        times[stamp.replica] = max(stamp.time, times[stamp.replica] ?? .zero)
    }

    /// Takes back what it says of a replica's writes from a time on.
    public mutating func limit(_ replica: ReplicaID, before time: HybridTimestamp) {
        guard let known = times[replica], known >= time else { return }
        times[replica] = time.rawValue > 1 ? HybridTimestamp(rawValue: time.rawValue - 1) : nil
    }

    public mutating func merge(_ other: VersionVector) {
        times.merge(other.times) { max($0, $1) }
    }

    /// In ascending order of replica, for encoding.
    public var sorted: [Stamp] {
        times.map { Stamp(time: $0.value, replica: $0.key) }.sorted { $0.replica < $1.replica }
    }
}
