import CSimulatedDisk

/// A disk in memory that SQLite works on, and that loses power, fails or fills up on command: for tests and simulation.
///
/// ```swift
/// let disk = SimulatedDisk()
/// let replica = try Replica(path: "replica.db", schema: schema, environment: .init(vfs: disk.vfs))
/// disk.cutPower(random: 7)        // every open connection is dead from here on
/// let again = try Replica(path: "replica.db", schema: schema, environment: .init(vfs: disk.vfs))
/// ```
///
/// Any number of disks exist at once, each with its own files; connections of one process share a disk as they would
/// share a real one, write-ahead logs and locks included. What is durable is kept apart from what was only written:
/// a write becomes durable when its file is synced, a name when its directory is. A power cut loses, keeps, tears or
/// reorders the rest, as its seed says. `include/CSimulatedDisk.h` says what the disk claims to SQLite, and why.
///
/// All names of files are absolute: "a.db" and "/a.db" are one file. Safe to use from several threads.
@safe
public final class SimulatedDisk: @unchecked Sendable {
    // @unchecked: the disk behind the pointer has a lock of its own, and the pointer never changes.
    let handle: OpaquePointer

    /// The name under which SQLite knows the disk: hand it to `Connection`, `Replica.Environment`, `SQLiteChangeLog`.
    public let vfs: String

    /// An empty disk.
    ///
    /// - Parameters:
    ///   - seed: settles what SQLite gets for chance from this disk.
    ///   - isPowersafe: whether the disk claims, and keeps, that a power cut changes no byte outside of what was being
    ///     written (`SQLITE_IOCAP_POWERSAFE_OVERWRITE`), as SQLite assumes of Linux's disks. If not, whole sectors of
    ///     512 bytes may be spoilt.
    public init(seed: UInt64 = 1, isPowersafe: Bool = true) {
        vfs = DiskNames.next()
        unsafe handle = Self.checked(simulated_disk_create(vfs, seed, isPowersafe))
    }

    /// A disk with the same files, their unsynced writes included, without open files or faults: what a backup of the
    /// whole disk, or a machine copied while it runs, would hold. Cost: copies all bytes.
    public init(copying other: SimulatedDisk) {
        vfs = DiskNames.next()
        unsafe handle = Self.checked(simulated_disk_clone(other.handle, vfs))
    }

    deinit { unsafe simulated_disk_release(handle) }

    @unsafe private static func checked(_ pointer: OpaquePointer?) -> OpaquePointer {
        guard let pointer = unsafe pointer else { preconditionFailure("no memory for a simulated disk") }
        return unsafe pointer
    }

    // MARK: Power

    /// Cuts the power: every open file is dead, and whatever calls it gets I/O errors. The disk can be used again at
    /// once, with what the seed left of the unsynced writes and names.
    public func cutPower(random seed: UInt64) { unsafe simulated_disk_cut_power(handle, seed) }

    /// Makes everything durable, as a machine does that is shut down in order. Open files stay open.
    public func flush() { unsafe simulated_disk_flush(handle) }

    // MARK: Settings

    /// The sum of all files' sizes above which writes fail for want of room; nil: none.
    public func setLimit(bytes: UInt64?) { unsafe simulated_disk_set_limit(handle, bytes ?? UInt64.max) }

    /// A disk that lies says that it has synced, and has not.
    public func setLying(_ lies: Bool) { unsafe simulated_disk_set_lying(handle, lies) }

    /// What SQLite is told of the time, in milliseconds since 1970. SQLite's sleeping moves it on and takes no time.
    public var timeMilliseconds: Int64 { unsafe simulated_disk_time(handle) }
    public func setTime(milliseconds: Int64) { unsafe simulated_disk_set_time(handle, milliseconds) }
}
