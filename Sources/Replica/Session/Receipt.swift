public import Merge
public import SyncProtocol

/// What an answer of the server led to.
public struct Receipt: Sendable {
    public enum Event: Sendable, Hashable {
        /// This replica was a copy, or restored from a backup: it goes on under a new id, with all its work.
        case forked(from: ReplicaID, to: ReplicaID)
        /// The server was started again since this replica's id was drawn: it goes on under a new one.
        case renewed
        /// The clock was wrong by so much; what was not sent yet has been given the right time.
        case clockCorrected(byMilliseconds: Int64)
        /// A commit that the server can never take was put aside, with its reason; what comes after it goes on.
        case setAside(number: UInt64, reason: SyncResponse.Reason)
        /// The server has lost data: what differs is to be joined.
        case diverged
        /// Another process of the server answers, before all was read that the one before it was known to have: in case it
        /// was put back in between, both sides are compared. Mostly nothing differs.
        case unvouched
        /// Equal cursors, an empty outbox, and different fingerprints.
        case differs
        /// Changes that could not be opened were parked; they are kept, sealed, and count as not seen.
        case unopened(count: Int)
    }

    public var acknowledged = 0
    public var applied = 0
    public var events: [Event] = []
    /// There is more to fetch or to send: ask again at once.
    public var isMoreToDo = false
    /// Proven equal with the server at this moment; nil where it could not be compared.
    public var isVerified: Bool?
    public var position: UInt64 = 0
}
