import SimulatedDisk

/// A simulated computer's disk, with one database on it.
struct Computer {
    static let path = "/data.db"
    let disk: SimulatedDisk
    var vfs: String { disk.vfs }

    init(seed: UInt64) { disk = SimulatedDisk(seed: seed) }
    private init(disk: SimulatedDisk) { self.disk = disk }

    /// The disk as it stands: what a process finds that is started after another one has died, or a raw backup.
    func copy() -> Computer { Computer(disk: SimulatedDisk(copying: disk)) }

    /// A database's bytes, its log included.
    var bytes: [UInt8] { ["", "-wal", "-journal"].reduce(into: []) { $0 += disk.bytes(of: Self.path + $1) ?? [] } }
}
