/// That a line stands on less than it had, because its store was put back from a backup or begun anew, and whether its
/// workstations have brought back what is missing.
public struct Restoration: Hashable, Sendable {
    /// When it was put back, in milliseconds since 1970.
    public var at: Int64
    /// How many workstations the store knew then; 0 if it was begun anew.
    public var devices: Int
    /// When all of them had been proven to hold the same as the server; nil: not yet.
    public var completed: Int64?

    public init(at: Int64, devices: Int, completed: Int64? = nil) {
        self.at = at
        self.devices = devices
        self.completed = completed
    }
}
