import Replica
import SimulatedDisk

/// A simulated computer's disk, with one database on it.
final class Computer: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    static let path = "/data.db"
    let disk: SimulatedDisk
    /// A workstation's own keys, which go wherever its disk does.
    let keys: MemoryKeyStore
    var vfs: String { disk.vfs }
    /// How often a fault had come up when the power cut was chosen; nil while none is.
    private var faultsBefore: UInt64?

    init(seed: UInt64) {
        disk = SimulatedDisk(seed: seed)
        keys = MemoryKeyStore()
    }
    private init(disk: SimulatedDisk, keys: MemoryKeyStore) {
        self.disk = disk
        self.keys = keys
    }

    /// The disk as it stands: what a process finds that is started after another one has died, or a raw backup.
    func copy() -> Computer { Computer(disk: SimulatedDisk(copying: disk), keys: keys) }

    /// A database's bytes, its log included.
    var bytes: [UInt8] { ["", "-wal", "-journal"].reduce(into: []) { $0 += disk.bytes(of: Self.path + $1) ?? [] } }

    // MARK: Misfortunes

    /// The power fails at the nth call from now on that changes the disk.
    func cutPower(atCall call: Int, random seed: UInt64) {
        disk.inject(.powerCut(random: seed), at: UInt64(max(1, call)), of: .changing)
        faultsBefore = disk.faultCount
    }

    /// The power has failed, and whoever ran here runs no more.
    var hasLostPower: Bool { faultsBefore.map { disk.faultCount > $0 } ?? false }

    /// Writes find no room from now on, until ``repair()``.
    func fill() {
        guard faultsBefore == nil else { return }
        disk.inject(.full, at: 1, of: .write, lasts: true)
    }

    func repair() {
        disk.relieve()
        faultsBefore = nil
    }
}
