import ChangeLog
import Commands
import HTTPServer
import ServerStore
import Support
import SyncServer

/// Where a server keeps its change log: a folder with SQLite's file, or a database of PostgreSQL.
enum StoreLocation: Sendable {
    case folder(StoreFolder)
    case postgresql(address: String, allowsUnverified: Bool, connections: Int)

    /// By the command line, and where that says nothing by the file of settings.
    init(_ context: CommandContext) throws(CommandFailure) {
        try self.init(context, SettingsFile.values(context))
    }

    init(_ context: CommandContext, _ file: [String: String]) throws(CommandFailure) {
        let value = { (name: String) in context.value(name) ?? file[name] }
        guard let address = value("store") else {
            self = .folder(try StoreFolder(context))
            return
        }
        guard context.value("data") == nil else {
            throw .wrongUsage("--data is a folder, and --store a database: give one of them")
        }
        guard Self.isAddress(address) else {
            throw .wrongUsage("--store is an address like postgresql://HOST/NAME", action: "For a folder give --data")
        }
        guard let connections = Int(value("store-connections") ?? "10"), (1...1_000).contains(connections) else {
            throw .wrongUsage("--store-connections is a number from 1 to 1000")
        }
        self = .postgresql(
            address: address, allowsUnverified: context.flag("store-unverified"), connections: connections)
    }

    static func isAddress(_ text: String) -> Bool {
        text.hasPrefix("postgresql://") || text.hasPrefix("postgres://")
    }

    static let options: [Option] = [
        .value(
            "store", "ADDRESS",
            "Instead of a folder a PostgreSQL database: postgresql://USER@HOST/NAME, as libpq takes it. The password stands in "
                + "a file: passfile=FILE in the address, or ~/.pgpass."),
        .value("store-connections", "N", "Connections to the database at most; 10 otherwise."),
        .flag(
            "store-unverified",
            "Connect to a database on another machine without proof that it is the one. For trials only."),
    ]
}

/// A change log that is open, and what belongs to its keeping.
struct OpenStore: Sendable {
    private enum Kind: Sendable {
        /// The lock keeps other processes out, for as long as it is held.
        case folder(StoreFolder, StoreLock, SQLiteChangeLog)
        case database(PostgreSQLChangeLog)
    }
    private let kind: Kind

    /// Makes the store if there is none.
    static func make(_ location: StoreLocation) throws -> OpenStore {
        try open(location, creates: true)
    }

    /// Opens a store that exists.
    static func open(_ location: StoreLocation) throws -> OpenStore {
        try open(location, creates: false)
    }

    private static func open(_ location: StoreLocation, creates: Bool) throws -> OpenStore {
        switch location {
        case .folder(let folder):
            let lock = try creates ? folder.create() : folder.open()
            return OpenStore(
                kind: .folder(folder, lock, try SQLiteChangeLog(path: folder.database, creates: creates)))
        case .postgresql(let address, let allowsUnverified, let connections):
            do {
                return OpenStore(
                    kind: .database(
                        try PostgreSQLChangeLog(
                            address, connections: connections, creates: creates, allowsUnverified: allowsUnverified)))
            } catch let error as ChangeLogError {
                throw CommandFailure(error.message, safe: "Nothing was changed")
            }
        }
    }

    var log: any LineStore {
        switch kind {
        case .folder(_, _, let log): log
        case .database(let log): log
        }
    }

    /// How long a transaction takes until it is durable.
    var commitTimes: DurationHistogram {
        switch kind {
        case .folder(_, _, let log): log.commitTimes
        case .database(let log): log.commitTimes
        }
    }

    /// Writes something durably to where the store is.
    func probe() throws(Readiness.Failure) {
        switch kind {
        case .folder(let folder, _, _): try folder.probe()
        case .database(let log):
            do {
                try log.beat()
            } catch {
                throw Readiness.Failure((error as? ChangeLogError)?.message ?? "the database fails")
            }
        }
    }

    /// What operators are told of the computer: what the file system's books say, never anything that was counted.
    func facts(hasBackupSchedule: Bool, _ tls: HTTPServer.TLS?) -> HostFacts {
        var facts = HostFacts()
        if case .folder(let folder, _, _) = kind {
            facts = folder.facts()
            facts.hasBackupSchedule = hasBackupSchedule
        }
        if case .database(let log) = kind { facts.connections = log.connections }
        facts.certificateExpires = tls?.expires
        return facts
    }

    /// Backups by plan. Errors: a database is backed up by its own means.
    func backups(_ plan: BackupSchedule.Plan?, _ logger: Logger) throws(CommandFailure) -> BackupSchedule? {
        guard let plan else { return nil }
        guard case .folder(let folder, _, let log) = kind else {
            throw .wrongUsage(
                "backups of a database are made by PostgreSQL",
                action: "Leave --backup-dir away, and see docs/scaling.md: base backups and the archive of its log")
        }
        return BackupSchedule(plan, folder, log, logger)
    }

    /// For a server that ends.
    func close(_ logger: Logger) {
        switch kind {
        case .folder(_, _, let log):
            do {
                try log.emptyLog()
            } catch {
                // Nothing is lost: the next start finds it in the write-ahead log.
                logger.warning("log-not-emptied")
            }
        case .database(let log): log.close()
        }
    }
}
