import ChangeLog
import SQLite
import Support
import SyncProtocol

/// What a simulated server keeps its change log on, and what can befall it.
protocol ServerComputer: AnyObject {
    /// Opens the change log, as a process does that has just started.
    func open(_ parts: ServerParts) throws -> any ChangeLog
    /// The store as it stands: what a process finds that is started after another one has died, or a raw backup.
    func copy() throws -> any ServerComputer
    /// All that it holds, as bytes.
    func contents() throws -> [UInt8]
    /// What is wrong with it, apart from what the change log itself finds.
    func problems() throws -> [String]

    func cutPower(atCall call: Int, random seed: UInt64)
    var hasLostPower: Bool { get }
    func fill()
    func repair()
}

/// What a server's life is made of.
struct ServerParts {
    var limits: Limits
    var random: RandomSource
    /// How long a write waits for others to share it with.
    var groupDelay: Int64
    var timeline: Timeline
    var executor: SimulatedExecutor
}

extension Computer: ServerComputer {
    func open(_ parts: ServerParts) throws -> any ChangeLog {
        let (delay, timeline) = (parts.groupDelay, parts.timeline)
        return try SQLiteChangeLog(
            path: Self.path, limits: parts.limits, cacheKibibytes: 500, random: parts.random, vfs: vfs
        ) { work in
            if delay == 0 { work() } else { timeline.after(delay, work) }
        }
    }

    func copy() throws -> any ServerComputer { copy() as Computer }
    func contents() -> [UInt8] { bytes }
    func problems() throws -> [String] { try Connection(path: Self.path, mode: .readOnly, vfs: vfs).quickCheck() }
}
