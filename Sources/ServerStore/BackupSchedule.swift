public import ChangeLog
public import Commands
public import Support

/// Copies of the store at regular times, of which the latest are kept. Runs on a thread of its own.
///
/// What went wrong is logged, told by ``StoreFolder/lastBackup()``'s age, and tried again at the next time.
public final class BackupSchedule: Sendable {
    /// What the settings say of it.
    public struct Plan: Hashable, Sendable {
        public var folder: String
        public var everySeconds: Int
        /// How many of the latest stay.
        public var keep: Int

        public init(folder: String, everySeconds: Int, keep: Int) {
            self.folder = folder
            self.everySeconds = everySeconds
            self.keep = keep
        }
    }

    private let plan: Plan
    private let folder: StoreFolder
    private let log: SQLiteChangeLog
    private let logger: Logger
    private let isEnding = Lock(false)

    public init(_ plan: Plan, _ folder: StoreFolder, _ log: SQLiteChangeLog, _ logger: Logger) {
        self.plan = plan
        self.folder = folder
        self.log = log
        self.logger = logger
    }

    /// Errors: when the system has no thread left.
    public func start() throws(CommandFailure) {
        guard let thread = SystemThread({ [self] in run() }) else {
            throw CommandFailure("the system has no thread left for backups")
        }
        thread.detach()
    }

    public func stop() { isEnding.withLock { $0 = true } }

    private func run() {
        while !isEnding.withLock({ $0 }) {
            let now = WallClock.system.nowMilliseconds()
            // A clock that was put back must not keep it waiting for a year.
            let isDue = folder.lastBackup().map { now < $0 || now - $0 >= Int64(plan.everySeconds) * 1_000 } ?? true
            if isDue, !makeOne(now) { pause(seconds: min(plan.everySeconds, 60)) }
            pause(seconds: 1)
        }
    }

    private func pause(seconds: Int) {
        for _ in 0..<seconds where !isEnding.withLock({ $0 }) { SystemThread.sleep(seconds: 1) }
    }

    private func makeOne(_ now: Int64) -> Bool {
        do {
            try folder.makeFolder(plan.folder)
            var named = now
            // One that was made just before a server ended has the name already.
            while SystemFile.size(plan.folder + "/" + Self.name(named)) != nil { named += 1_000 }
            let backup = try Backup.write(to: plan.folder + "/" + Self.name(named), storeBytes: folder.storeBytes) {
                try log.backUp(to: $0)
            }
            try folder.noteBackup(at: now)
            folder.backupFailure.withLock { $0 = nil }
            logger.info("backup", ["bytes": .int(Int(SystemFile.size(backup.path) ?? 0))])
            removeOld()
            return true
        } catch {
            let failure = (error as? any CommandFailureConvertible)?.commandFailure
            let reason = failure?.message ?? (error as? ChangeLogError)?.message ?? "\(type(of: error))"
            folder.backupFailure.withLock { $0 = reason }
            logger.error("backup-failed")
            return false
        }
    }

    /// `lugn-20261127T145631Z.db`: in the order of their names they are in that of their times.
    static func name(_ milliseconds: Int64) -> String {
        let text = UTCTime.rfc3339(milliseconds: milliseconds).prefix(19)
        return "lugn-" + text.filter { $0 != "-" && $0 != ":" } + "Z.db"
    }

    private func removeOld() {
        let backups = SystemFile.names(in: plan.folder).filter(Self.isBackup)
        for name in backups.dropLast(plan.keep) {
            SystemFile.remove(plan.folder + "/" + name)
            SystemFile.remove(plan.folder + "/" + name + ".sha256")
        }
    }

    /// What an operator has put there is not ours to remove.
    private static func isBackup(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        guard bytes.count == 24, name.hasPrefix("lugn-"), name.hasSuffix("Z.db"), bytes[13] == UInt8(ascii: "T") else {
            return false
        }
        return bytes[5..<13].allSatisfy { (48...57).contains($0) }
            && bytes[14..<20].allSatisfy { (48...57).contains($0) }
    }
}
