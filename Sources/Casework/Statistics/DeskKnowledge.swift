import Replica

/// What this desk knows of data that are in no report yet, because they have not been sent or compared.
///
/// A desk can speak for itself only: what another has not sent is nowhere else, and the server tells workstations nothing
/// of each other. The operator sees all of them: `lugn-admin replicas`.
public struct DeskKnowledge: Hashable, Sendable {
    /// Desks of those that are known, with work not sent: this one or none.
    public var unsent: Int
    /// Desks of those that are known, not proven equal with the server at their last sync.
    public var unverified: Int
    /// How many desks these numbers speak of.
    public var known: Int
    public var pendingChanges: Int
    public var hasJoined: Bool
    /// Milliseconds since 1970; nil: never.
    public var lastSyncMilliseconds: Int64?
    public var isFirstSyncDone: Bool
    /// Values that only a newer version can show, or that could not be opened with the keys that are here.
    public var unopened: Int

    init(_ status: ReplicaStatus) {
        unsent = status.pending > 0 ? 1 : 0
        unverified = status.isVerified == true ? 0 : 1
        known = 1
        pendingChanges = status.pending
        hasJoined = status.line != nil
        lastSyncMilliseconds = status.lastSync
        isFirstSyncDone = status.isFirstSyncDone
        unopened = status.unopened
    }
}
