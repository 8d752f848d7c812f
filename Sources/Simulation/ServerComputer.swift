import ChangeLog
import SQLite
import Support
import SyncProtocol

/// What a simulated server keeps its change log on, and what can befall it.
protocol ServerComputer: AnyObject {
    /// Opens the change log, as a process does that has just started.
    func open(_ parts: ServerParts) throws -> any LineStore
    /// The store as it stands: what a process finds that is started after another one has died, or a raw backup.
    func copy() throws -> any ServerComputer
    /// All that it holds, as bytes.
    func contents() throws -> [UInt8]
    /// What is wrong with it, apart from what the change log itself finds.
    func problems() throws -> [String]

    /// A bit of what was sealed in some row turns over.
    func flipBit(row: Int, bit: Int) throws
    /// Some row is gone, and nothing knows it.
    func loseRow(_ row: Int) throws

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
    func open(_ parts: ServerParts) throws -> any LineStore {
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

    // MARK: Damage

    func flipBit(row: Int, bit: Int) throws {
        let store = try Connection(path: Self.path, mode: .readWrite, vfs: vfs)
        guard let (position, sealed) = try Self.change(row, in: store), !sealed.isEmpty else { return }
        try store.withStatement("UPDATE change SET sealed = ? WHERE position = ?") { statement in
            try statement.bind(1, sealed.withBitFlipped(bit))
            try statement.bind(2, position)
            try statement.run()
        }
    }

    func loseRow(_ row: Int) throws {
        let store = try Connection(path: Self.path, mode: .readWrite, vfs: vfs)
        guard let (position, _) = try Self.change(row, in: store) else { return }
        try store.execute("DELETE FROM change WHERE position = \(position)")
    }

    private static func change(_ row: Int, in store: Connection) throws -> (position: Int64, sealed: [UInt8])? {
        let count = Int(try store.integer("SELECT count(*) FROM change") ?? 0)
        guard count > 0 else { return nil }
        return try store.withStatement("SELECT position, sealed FROM change ORDER BY position LIMIT 1 OFFSET ?") {
            statement in
            try statement.bind(1, row % count)
            return try statement.step() ? (statement.integer(0), statement.bytes(1)) : nil
        }
    }
}

extension [UInt8] {
    func withBitFlipped(_ bit: Int) -> [UInt8] {
        var changed = self
        changed[bit / 8 % count] ^= 1 << UInt8(bit % 8)
        return changed
    }
}
