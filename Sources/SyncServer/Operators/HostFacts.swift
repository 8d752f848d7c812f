public import ChangeLog

/// What only the program knows that runs a server: where its store is, and how that is.
///
/// All of it is read from the file system's books, never by counting.
public struct HostFacts: Sendable {
    /// Bytes of the store's file, and of its write-ahead log.
    public var storeBytes: Int64?
    public var logBytes: Int64?
    /// Bytes left on the disk of the store.
    public var freeBytes: Int64?
    /// When the last good backup began, in milliseconds since 1970; nil: never.
    public var lastBackup: Int64?
    /// Why the last scheduled backup was not made.
    public var backupFailure: String?
    /// Whether backups are made by themselves.
    public var hasBackupSchedule = false
    /// When the certificate ends, in milliseconds since 1970; nil without one.
    public var certificateExpires: Int64?

    /// To the store's database; nil where it is in a folder.
    public var connections: StoreConnections?

    public init() {}
}
