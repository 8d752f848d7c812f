public import Merge
public import SyncProtocol

/// A server's store: it orders the commits of each line, keeps the changes that still stand, and hands them out.
///
/// It never sees what a change says; it merges by headers and stamps. Whatever it has answered is durable. Lines are
/// strictly apart: every call but the enrolments names the device, and a device belongs to one line.
///
/// Times are milliseconds since 1970, given by the caller.
public protocol ChangeLog: Sendable {
    // MARK: Lines and enrolment

    func createLine(name: String, now: Int64) throws -> LineID
    func lines() throws -> [LineSummary]
    /// Keeps the hash of an invitation's secret, good once, until it expires.
    func addInvitation(hash: [UInt8], line: LineID, expires: Int64) throws
    /// Uses an invitation up and enrols a device. The first device of a line settles its key check; later ones must
    /// have the same, or the invitation stays unused.
    ///
    /// Errors: `unknownInvitation`, `invitationExpired`, `invitationUsed`, `wrongKey`.
    func enrol(invitationHash: [UInt8], name: String, keyCheck: [UInt8], tokenHash: [UInt8], now: Int64) async throws
        -> Device
    /// The device with this token; nil if there is none. A revoked one is returned, and says so.
    func device(tokenHash: [UInt8]) throws -> Device?
    func addOperator(tokenHash: [UInt8]) throws
    func isOperator(tokenHash: [UInt8]) throws -> Bool
    /// Lets the device of a replica in no more; false if there is no such replica.
    func revoke(replica: ReplicaID, line: LineID, now: Int64) async throws -> Bool

    // MARK: The session

    /// This process, as long as it has the store open.
    var incarnation: Incarnation { get }
    /// Takes a request's commits, as far as it can, and notes how the replica stands.
    func accept(_ request: SyncRequest, from device: Device, now: Int64) async throws -> Acceptance
    /// The live changes after the request's cursor. Cost: a range scan, flat in memory but for the page itself.
    func page(for request: SyncRequest, from device: Device) throws -> FeedPage
    /// Compares ranges of records with a replica's, or joins them.
    func heal(_ request: HealRequest, from device: Device, now: Int64) async throws -> HealOutcome

    // MARK: For operators

    func replicas(of line: LineID) throws -> [ReplicaSummary]
    /// Computes the fingerprint anew from everything that stands, and compares: false means a damaged store.
    func verify(line: LineID) throws -> Bool
}

/// An enrolled workstation.
public struct Device: Hashable, Sendable {
    public var reference: Int64
    public var line: LineID
    public var lineName: String
    public var name: String
    public var isRevoked: Bool
}

/// What became of a request's commits.
public struct Acceptance: Hashable, Sendable {
    public var outcome: SyncResponse.Outcome
    public var heldNumber: UInt64
    public var heldDigests: [[UInt8]]
    public var leases: [Lease]
    public var desk: UInt64
    /// The log has grown: whoever waits for news should look.
    public var hasAdvanced: Bool
    /// The log's last position.
    public var head: UInt64
}

/// A part of the feed.
public struct FeedPage: Sendable {
    /// A CBOR sequence of `FeedCommit`.
    public var bytes: [UInt8]
    public var commitCount: Int
    public var cursor: Cursor
    public var head: UInt64
    public var more: Bool
    public var seen: VersionVector
    /// The line's state at the head, where the page reaches it.
    public var fingerprint: Fingerprint?
}

public struct HealOutcome: Hashable, Sendable {
    /// Complete but for the server's time.
    public var response: HealResponse
    public var hasAdvanced: Bool
    public var head: UInt64
}

public struct LineSummary: Hashable, Sendable {
    public var id: LineID
    public var name: String
    public var head: UInt64
    public var liveChanges: Int
    public var fingerprint: Fingerprint
    public var replicas: Int
}

/// How a replica stood when it was last heard of.
public struct ReplicaSummary: Hashable, Sendable {
    public var replica: ReplicaID
    /// The ``Device/reference`` of its workstation.
    public var device: Int64
    public var name: String
    public var isRevoked: Bool
    public var lastSeen: Int64
    public var cursor: UInt64
    /// Commits of the log that it has not fetched.
    public var lag: UInt64
    public var pending: UInt64
    public var oldestPending: Int64?
    public var clockOffsetMilliseconds: Int64
    public var schema: UInt64
    /// Equal to the server when last compared; nil while it has something to send or was never compared.
    public var isVerified: Bool?
    public var lastNumber: UInt64
}
