/// What a message may hold at most. The sizes are the protocol's defaults; a server may set lower ones.
public struct Limits: Hashable, Sendable {
    /// A request's body.
    public var requestBytes = 8 << 20
    /// The changes of one response, unless a single commit is larger.
    public var pageBytes = 4 << 20
    /// One commit, as it is sent.
    public var commitBytes = 768 << 10
    /// The changes of one commit. Fits the 14 bits that a change's place in its commit has.
    public var commitChanges = 10_000
    /// One field's value.
    public var valueBytes = 512 << 10
    /// How long a request may wait for news.
    public var waitMilliseconds: UInt64 = 55_000

    /// A workstation's name, in UTF-8.
    public static let nameBytes = 200
    /// Commits in one request.
    public static let requestCommits = 100_000
    /// Records above a record's parent.
    public static let ancestors = 7
    /// Writes that one change replaces.
    public static let replacedDots = 20_000
    /// Blocks of reference numbers in one answer.
    public static let leases = 100

    public init() {}
}
