public import ChangeLog

/// How one workstation stands: what operators see of it. Its replica ids change with forks and healings; it does not.
public struct DeviceStanding: Sendable {
    /// The ``ChangeLog/Device/reference``.
    public var device: Int64
    public var name: String
    public var isRevoked: Bool
    /// By all ids that it has called with, the latest first; never empty.
    public var replicas: [ReplicaSummary]

    /// As it stood when it last called.
    public var latest: ReplicaSummary { replicas[0] }

    /// How long a workstation may say nothing before an operator should ask why, in milliseconds: a day.
    public static let silentAfterMilliseconds: Int64 = 24 * 60 * 60 * 1_000

    /// Of each device of a line, in the order of their names.
    static func all(_ replicas: [ReplicaSummary]) -> [DeviceStanding] {
        Dictionary(grouping: replicas, by: \.device).values.map { ids in
            let ids = ids.sorted { $0.lastSeen > $1.lastSeen }
            return DeviceStanding(
                device: ids[0].device, name: ids[0].name, isRevoked: ids[0].isRevoked, replicas: ids)
        }.sorted { ($0.name, $0.device) < ($1.name, $1.device) }
    }
}
