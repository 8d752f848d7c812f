public import Merge
public import SyncProtocol
public import Trust

/// A server's store: it orders the commits of each line, keeps the changes that still stand, and hands them out.
///
/// It never sees what a change says; it merges by headers and stamps. Whatever it has answered is durable. Lines are
/// strictly apart: every call of the session names the device, and a device belongs to one line. Who belongs to it is kept by a
/// ``LineRegistry``.
///
/// What is decided stands in `Rules`, over values; a store reads and writes those values. Times are milliseconds since 1970,
/// given by the caller.
public protocol ChangeLog: OperatorReads {
    /// Cost: one row for each line; nothing is counted.
    func lines() async throws -> [LineSummary]

    // MARK: The session

    /// Takes a request's commits, as far as it can, and notes how the replica stands. One that changes nothing writes
    /// nothing.
    func accept(_ request: SyncRequest, from device: Device, now: Int64) async throws -> Acceptance
    /// The changes held behind the request's cursor. Cost: a range scan, flat in memory but for the page itself.
    ///
    /// - Parameter proven: from the request's ``Acceptance``: own commits are left out up to this number, and no further.
    func page(for request: SyncRequest, proven: UInt64, from device: Device) async throws -> FeedPage
    /// Compares ranges of records with a replica's, or joins them.
    func heal(_ request: HealRequest, from device: Device, now: Int64) async throws -> HealOutcome

    /// What comes from elsewhere, for as long as somebody reads it: other processes may work on the same store.
    func news() -> AsyncStream<StoreNews>

    // MARK: For operators

    /// Notes that every workstation has been proven equal: a restored line has back what it had lost, and what was set aside as
    /// damaged is here again, or nowhere. The first note counts.
    func noteRefilled(_ line: LineID, now: Int64) async throws
    /// Gives back to the system what the store's files do not need any more. Cost: writes the whole store anew; others wait.
    func compact() async throws
    /// Compares every change with the hash that was taken when it came in, and the line's sums with its changes. Damaged
    /// changes are set aside, without what was sealed, and count as not held, so that the next healing of any replica that holds them brings them back;
    /// sums are computed anew; and all replicas count as not proven equal until they are again. What was found is noted with the line.
    /// Cost: reads the whole line, about three microseconds for each change.
    func verify(line: LineID, now: Int64) async throws -> LineVerification
    /// Looks over the next part of a line, `count` rows or records of it, and mends it as ``verify(line:now:)`` does if
    /// anything is wrong. Called again and again it goes over everything, then begins anew; how far it came is kept in the
    /// store. Cost: about three microseconds for each row.
    func scrub(line: LineID, count: Int, now: Int64) async throws -> ScrubStep
}

extension ChangeLog {
    /// For a store that keeps no account of how far it came: all of it at once.
    public func scrub(line: LineID, count: Int, now: Int64) async throws -> ScrubStep {
        let found = try await verify(line: line, now: now)
        return found.isSound ? .finished : .mended(found)
    }
}

/// What came of a part of a scrub.
public enum ScrubStep: Hashable, Sendable {
    case goesOn
    /// All of the line has been looked over since it was begun.
    case finished
    /// Something was wrong, and is mended as far as a server can: what was set aside comes back from whoever holds it.
    case mended(LineVerification)
}

/// What became of a request's commits.
public struct Acceptance: Hashable, Sendable {
    public var outcome: SyncResponse.Outcome
    public var heldNumber: UInt64
    public var heldDigests: [[UInt8]]
    public var leases: [Lease]
    public var desk: UInt64
    /// The number up to which the request has shown the replica's commits; ``ChangeLog/page(for:proven:from:)`` wants it.
    public var proven: UInt64
    /// The log has grown: whoever waits for news should look.
    public var hasAdvanced: Bool
    /// The log's last position.
    public var head: UInt64
    /// By the line's terms; nil: nothing was refused for them. How the replica stands is noted all the same.
    public var refusal: TermsRefusal?
}

/// A part of the feed.
public struct FeedPage: Sendable {
    /// A CBOR sequence of `FeedCommit`.
    public var bytes: [UInt8]
    public var commitCount: Int
    public var cursor: Cursor
    public var head: UInt64
    public var more: Bool
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
    /// Changes held, erasures too, and the bytes of their sealed values.
    public var liveChanges: Int
    public var sealedBytes: Int
    public var fingerprint: Fingerprint
    public var replicas: Int
    /// Nil if it never was put back.
    public var restoration: Restoration?
    public var terms: LineTerms
    /// Nil if it never was verified.
    public var verified: VerificationNote?
    /// Changes that were found damaged and set aside, and that not all workstations have been proven not to miss since.
    public var setAsideChanges: Int
}

/// What a verification found, and when: milliseconds since 1970.
public struct VerificationNote: Hashable, Sendable {
    public var at: Int64
    public var damagedChanges: Int
    public var isSumRight: Bool

    public init(at: Int64, damagedChanges: Int, isSumRight: Bool) {
        self.at = at
        self.damagedChanges = damagedChanges
        self.isSumRight = isSumRight
    }

    public var isSound: Bool { damagedChanges == 0 && isSumRight }
}

/// What ``ChangeLog/verify(line:now:)`` found.
public struct LineVerification: Hashable, Sendable {
    /// Changes that were not what came in. They are set aside now.
    public var damagedChanges: Int
    /// Whether the line's fingerprint and counts were those of its changes.
    public var isSumRight: Bool
    /// All changes that are set aside, those of earlier verifications too.
    public var setAsideChanges: Int

    /// Nothing was wrong this time.
    public var isSound: Bool { damagedChanges == 0 && isSumRight }
}

/// How a replica stood when it was last heard of.
public struct ReplicaSummary: Hashable, Sendable {
    public var replica: ReplicaID
    /// The ``Device/reference`` of its workstation.
    public var device: Int64
    public var deviceID: DeviceID
    /// What operators call it; empty if they gave it no name.
    public var name: String
    /// It is let in no more: an operator blocked it, or it is not in the roster.
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
    /// The position of the log at which it was last proven to hold the same as the server; nil: never.
    public var agreed: UInt64?
    public var lastNumber: UInt64
    /// What it says of itself.
    public var condition: ReplicaCondition
}
