import CSimulatedDisk

extension SimulatedDisk {
    /// Kinds of calls that SQLite makes to a disk. Closing and unlocking are not counted, and fail only by a power cut.
    public struct Calls: OptionSet, Hashable, Sendable {
        public let rawValue: UInt32
        public init(rawValue: UInt32) { self.rawValue = rawValue }

        public static let open = Calls(rawValue: 1 << 0)
        public static let delete = Calls(rawValue: 1 << 1)
        public static let access = Calls(rawValue: 1 << 2)
        public static let read = Calls(rawValue: 1 << 3)
        public static let write = Calls(rawValue: 1 << 4)
        public static let truncate = Calls(rawValue: 1 << 5)
        public static let sync = Calls(rawValue: 1 << 6)
        public static let size = Calls(rawValue: 1 << 7)
        public static let lock = Calls(rawValue: 1 << 8)
        public static let sharedMemoryMap = Calls(rawValue: 1 << 9)
        public static let sharedMemoryLock = Calls(rawValue: 1 << 10)

        public static let all = Calls(rawValue: (1 << 11) - 1)
        /// Those after which the disk may hold something else; opening counts, since it may create.
        public static let changing: Calls = [.open, .delete, .write, .truncate, .sync]
    }

    /// What goes wrong at a call.
    public struct Fault: Hashable, Sendable, CustomStringConvertible {
        let value: simulated_fault
        let seed: UInt64
        public let description: String

        /// The power fails during the call: what it did is unsynced, and fares as the seed says.
        public static func powerCut(random seed: UInt64) -> Fault {
            Fault(value: SIMULATED_POWER_CUT, seed: seed, description: "power cut (seed \(seed))")
        }
        /// The call does nothing, and SQLite gets the I/O error of its kind; for opening SQLITE_CANTOPEN.
        public static let failure = Fault(value: SIMULATED_FAILURE, seed: 0, description: "I/O error")
        /// The same; but after a failed sync later ones take the lost writes for clean, as Linux does
        /// (<https://wiki.postgresql.org/wiki/Fsync_Errors>).
        public static let forgetfulFailure = Fault(
            value: SIMULATED_FAILURE_FORGETTING, seed: 0, description: "I/O error, writes forgotten")
        /// A read returns half of what was asked, and zeros. Other kinds of calls go on as if nothing were.
        public static let shortRead = Fault(value: SIMULATED_SHORT_READ, seed: 0, description: "short read")
        /// A write finds no room. Other kinds of calls go on as if nothing were.
        public static let full = Fault(value: SIMULATED_FULL, seed: 0, description: "full disk")
    }

    /// Lets a fault happen at the nth call, from 1, of the given kinds from now on. Replaces an earlier choice.
    ///
    /// - Parameter lasts: the fault comes up at all later calls too, until ``relieve()``; a power cut comes once.
    public func inject(_ fault: Fault, at nth: UInt64, of calls: Calls = .all, lasts: Bool = false) {
        precondition(nth > 0, "calls count from 1")
        unsafe simulated_disk_inject(handle, fault.value, calls.rawValue, nth, lasts, fault.seed)
    }

    /// Takes away the fault that was chosen.
    public func relieve() { unsafe simulated_disk_inject(handle, SIMULATED_NO_FAULT, 0, 0, false, 0) }

    /// How often the chosen fault has come up.
    public var faultCount: UInt64 { unsafe simulated_disk_fault_count(handle) }

    /// How many calls of the given kinds the disk has had since it was made.
    public func callCount(of calls: Calls = .all) -> UInt64 {
        unsafe simulated_disk_call_count(handle, calls.rawValue)
    }
}
