public import SyncProtocol

/// On which terms a line's workstations are served: what its operator has set.
public struct LineTerms: Hashable, Sendable {
    /// The oldest version that is served; nil: any. An older workstation goes on by itself, and keeps what it writes.
    public var minimumProgram: ProgramVersion?
    /// How many bytes of sealed values the line may hold; nil: as many as the disk takes.
    public var quotaBytes: Int64?

    public init(minimumProgram: ProgramVersion? = nil, quotaBytes: Int64? = nil) {
        self.minimumProgram = minimumProgram
        self.quotaBytes = quotaBytes
    }

    /// Whether a workstation has to be updated before it is served. One that does not say its version may be of any.
    public func areTooNew(for program: String) -> Bool {
        guard let minimumProgram else { return false }
        return ProgramVersion(program).map { $0 < minimumProgram } ?? true
    }

    /// Whether a commit finds no room. Erasing makes room, and is always taken.
    func leaveNoRoom(for commit: SealedCommit, held: Int64) -> Bool {
        guard let quotaBytes, held >= quotaBytes else { return false }
        return commit.changes.contains { $0.header.kind != .erase }
    }
}

/// Why nothing, or nothing more, of a request was taken, though nothing is wrong with it.
public enum TermsRefusal: Hashable, Sendable {
    case tooOld(minimum: ProgramVersion)
    /// Commits before the first one that found no room were taken.
    case noRoom(quotaBytes: Int64)
}
