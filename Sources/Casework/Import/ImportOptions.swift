/// How a file is to be read.
public struct ImportOptions: Sendable {
    public var encoding = TextEncoding.utf8
    public var mapping = ImportMapping()
    /// Only says what would happen.
    public var isDryRun = false

    public init() {}
}

/// What is told while a file is imported.
public struct ImportListeners {
    public var onBadRow: (ImportBadRow) throws -> Void = { _ in }
    public var onRow: (ImportRowNotice) -> Void = { _ in }
    public var onProgress: (ImportReport) -> Void = { _ in }

    public init() {}
}
