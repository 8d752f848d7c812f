import SimulatedDisk
import Trust

/// How things stand between two chapters: everything is switched off, and the disks are what is left.
struct Scene: Sendable {
    var disks: [Machine: SimulatedDisk]
    var ledger = Ledger()
    /// The workstations' own keys, which are kept elsewhere than the data.
    var keys: [Machine: DeviceKeys] = [.first: .random(), .second: .random()]
    /// The invitation that the second workstation was given.
    var invitation: String?
    var milliseconds: Int64 = 1_700_000_000_000
    /// How often a workstation was started: each start has chance of its own, the same in every run.
    var starts: UInt64 = 0
    /// The version of the schema that each workstation's program has.
    var schemas: [Machine: UInt64] = [.first: 1, .second: 1]

    static func beginning(isPowersafe: Bool) -> Scene {
        Scene(
            disks: Dictionary(
                uniqueKeysWithValues: Machine.allCases.map { ($0, SimulatedDisk(isPowersafe: isPowersafe)) }))
    }

    /// The same, on disks of its own.
    func copy() -> Scene {
        var copy = self
        copy.disks = disks.mapValues { SimulatedDisk(copying: $0) }
        return copy
    }
}
