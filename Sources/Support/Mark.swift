/// A place in the program that is reached rarely, and that simulations must reach: otherwise they prove nothing of it.
public enum Mark: Int, CaseIterable, Sendable {
    /// A copied replica took a new identity.
    case fork
    /// A wrong clock: pending commits got new times.
    case restamp
    /// A commit that the server can never take was put aside.
    case setAside
    /// A server joined a part of a replica's state.
    case heal
    /// A replica ended a healing.
    case healed
    /// A value of a newer schema was kept unseen.
    case parkedField
    /// A record of an unknown collection was kept unseen.
    case parkedRecord
    /// After an upgrade, kept values took their place.
    case unpark
    /// A page ended before the log did.
    case pageSplit
    /// A request left part of the outbox for the next one.
    case outboxSplit
    /// A record has more than two siblings in one field.
    case conflictOfThree
    /// A write was made against an older snapshot, and had not seen what came since.
    case staleWrite
    /// A request that waited for news got some.
    case longPollWoken
    /// Several requests shared one write to disk.
    case groupCommit
    /// All leased numbers are used.
    case leasesUsedUp
    /// Leased numbers whose answer was lost were sent again.
    case leaseSentAgain
    /// An answer came after another one had already moved the cursor.
    case outdatedAnswer
    /// A change arrived for a record that is erased, or whose parent is.
    case changeAfterErasure
    /// An erasure took records below with it.
    case erasureOfSubtree
    /// A commit that is already held came again.
    case repeatedCommit
    /// A full disk undid a write.
    case diskFull

    /// The name as it stands in reports.
    public var name: String { String(describing: self) }
}
