public import Trust

/// Where a workstation's own keys are kept: beside the replica and not in it, so that a copy of the data alone opens nothing
/// that the server holds.
public protocol DeviceKeyStore: Sendable {
    /// Nil if there are none yet. Errors: `damagedKeys`, `inaccessible`.
    func load() throws(ReplicaError) -> DeviceKeys?
    /// Keeps keys where there were none. When this returns, they are on disk. Errors: `inaccessible`, `diskFull`.
    func keep(_ keys: DeviceKeys) throws(ReplicaError)
}

/// Keys in memory, for tests and simulations.
public final class MemoryKeyStore: DeviceKeyStore {
    private let keys: KeyCell

    public init(_ keys: DeviceKeys? = nil) { self.keys = KeyCell(keys) }
    public func load() throws(ReplicaError) -> DeviceKeys? { keys.value }
    public func keep(_ keys: DeviceKeys) throws(ReplicaError) { self.keys.value = keys }
}
