public import Merge
public import SyncProtocol

/// What an answer of the server led to.
public struct Receipt: Sendable {
    public enum Event: Sendable, Hashable {
        /// This replica was a copy, or restored from a backup: it goes on under a new id, with all its work.
        case forked(from: ReplicaID, to: ReplicaID)
        /// The clock was wrong by so much; what was not sent yet has been given the right time.
        case clockCorrected(byMilliseconds: Int64)
        /// A commit that the server can never take was put aside, with its reason; what comes after it goes on.
        case setAside(number: UInt64, reason: SyncResponse.Reason)
        /// The server has lost data, or was put back: what differs is being joined.
        case diverged
        /// With everything sent and read, the sums differ: what differs is being joined.
        case differs
        /// The server was put back while differences were being joined: that begins anew.
        case healingRestarted
        /// All differences have been joined.
        case healed
        /// Changes that could not be opened were kept, sealed. They show nothing and hide nothing.
        case unopened(count: Int)
    }

    public var acknowledged = 0
    public var applied = 0
    public var events: [Event] = []
    /// There is more to fetch or to send: ask again at once.
    public var isMoreToDo = false
    /// The server says equal, or different; nil where it could not be compared.
    public var isVerified: Bool?
    public var position: UInt64 = 0
    /// A range was compared or joined: the exchange got somewhere.
    public var hasProgressed = false
    /// Changes of an older key that should not have come any more: see ``LateChange``.
    public var lateCount = 0
}
