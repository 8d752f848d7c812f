/// What a message may hold at most. The sizes are the protocol's defaults; a server may set lower ones.
public struct Limits: Hashable, Sendable {
    /// A request's body.
    public var requestBytes = 8 << 20
    /// The changes of one response, unless a single commit is larger.
    public var pageBytes = 4 << 20
    /// One commit, as it is sent.
    public var commitBytes = 4 << 20
    /// The changes of one commit. Fits the 14 bits that a change's place in its commit has.
    public var commitChanges = 10_000
    /// One field's value.
    public var valueBytes = 1 << 20
    /// How long a request may wait for news.
    public var waitMilliseconds: UInt64 = 55_000

    /// A workstation's name, in UTF-8.
    public static let nameBytes = 200
    /// Commits in one request.
    public static let requestCommits = 100_000
    /// Replicas in a version vector, and forks in an ancestry.
    public static let vectorEntries = 100_000
    /// Live siblings beside one change.
    public static let siblings = 10_000

    public init() {}
}
