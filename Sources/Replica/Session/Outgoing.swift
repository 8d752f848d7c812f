import Merge
import SQLite
import Sealing
public import SyncProtocol

/// A request, and what is needed to understand its answer.
public struct Outgoing: Sendable {
    /// Complete but for `wait`.
    public var request: SyncRequest
    /// The whole outbox is in it.
    public var isComplete: Bool
}

extension Replica {
    /// The next request: as many commits as fit, sealed anew.
    ///
    /// Errors: `notJoined`. Cost: one BLAKE2b and one XChaCha20-Poly1305 over what is sent.
    public func outgoing(maximumBytes: Int? = nil, pageBytes: Int? = nil, leasesWanted: UInt64 = 0) throws -> Outgoing {
        let wall = environment.wallMilliseconds()
        return try mappingErrors {
            try readers.read { connection in
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                let credentials = try SessionKeys(link)
                var request = SyncRequest(line: credentials.line, replica: state.replica, clock: wall)
                request.incarnation = link.incarnation
                request.formerly = link.formerly
                request.ancestry = link.ancestry
                request.cursor = Cursor(log: link.log, position: state.position, check: link.cursorCheck)
                request.acknowledged = state.acknowledged
                request.acknowledgedDigest = link.acknowledgedDigest
                request.schema = schema.version
                request.pageBytes = state.isHealing ? 0 : UInt64(pageBytes ?? limits.pageBytes)
                request.leases = LeaseState(
                    received: link.leasesReceived, wanted: leasesWanted, highest: link.leasesHighest)
                request.includeOwn = state.isRereading
                let outbox = Outbox(connection: connection)
                let summary = try outbox.summary()
                request.pending = UInt64(summary.count)
                request.oldestPending = summary.oldest
                if summary.count == 0, !state.isHealing { request.fingerprint = state.fingerprint }
                request.commits = try outbox.seal(
                    with: credentials, replica: state.replica, after: link.acknowledgedDigest,
                    maximumBytes: maximumBytes ?? limits.requestBytes - 65_536, limits: limits)
                return Outgoing(request: request, isComplete: request.commits.count == summary.count)
            }
        }
    }
}

/// What sealing needs; exists only for a replica that has joined.
struct SessionKeys {
    let line: LineID
    let sealer: Sealer
    let digest: CommitDigest

    init(_ link: Link) throws {
        guard let line = link.line, let epoch = link.keyEpoch, let secret = link.keySecret,
            let key = LineKey(epoch: epoch, secret: secret)
        else {
            throw ReplicaError(.notJoined, "this workstation has not joined a line; its work is safe here: join first")
        }
        self.line = line
        sealer = Sealer(line: line, key: key)
        digest = CommitDigest(key: key)
    }
}
