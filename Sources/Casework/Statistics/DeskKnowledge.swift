import Replica
public import SyncProtocol

/// What this desk knows of data that are in no report yet, because they have not been sent or compared.
///
/// A desk can speak for itself; how the others stood when they last called, the server can be asked
/// (``include(others:)``). What another has written since then is nowhere else.
public struct DeskKnowledge: Hashable, Sendable {
    /// Desks of those that are known, with work not sent: this one or none.
    public var unsent: Int
    /// Desks of those that are known, not proven equal with the server at their last sync.
    public var unverified: Int
    /// How many desks these numbers speak of.
    public var known: Int
    /// Other desks that the server has not heard of for a day; nil where it was not asked, or could not be.
    public var silent: Int?
    /// When the server was asked, by its clock, in milliseconds since 1970.
    public var askedMilliseconds: Int64?
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

    /// Adds what the server says of the line's other desks.
    public mutating func include(others: DesksResponse) {
        unsent += Int(others.unsent)
        unverified += Int(others.unverified)
        known += Int(others.others)
        silent = Int(others.silent)
        askedMilliseconds = others.serverTime
    }
}
