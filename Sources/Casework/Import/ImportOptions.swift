/// How a file is to be read.
public struct ImportOptions: Sendable {
    /// Nil to find out, where only one is plausible.
    public var encoding: TextEncoding?
    /// Nil to find out, where all rows agree on one.
    public var dateFormat: DateFormat?
    /// The name of the log that a file of cases is part of: keys of cases are a log's own. Nil for the one log there is; where
    /// a key of it comes again in another file, the name must be given. See ``mainLog``.
    public var log: String?
    public var mapping = ImportMapping()
    /// In which reasons are told, in the file of refused rows too.
    public var words = Words(.english)
    /// Only says what would happen.
    public var isDryRun = false
    /// Whether rows of cases that an earlier import refused, and that are not in this file, are left out for good.
    public var leavesOutWaitingRows = false

    /// What a log is called that was imported without a name.
    public static let mainLog = "main"

    public init() {}
}

/// What is told while a file is imported.
public struct ImportListeners {
    public var onBadRow: (ImportBadRow) throws -> Void = { _ in }
    public var onRow: (ImportRowNotice) -> Void = { _ in }
    public var onProgress: (ImportReport) -> Void = { _ in }

    public init() {}
}
