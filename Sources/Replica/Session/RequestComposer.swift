import Merge
import SQLite
import Sealing
import Support
import SyncProtocol
import Trust

/// Makes the requests of a session from one snapshot of the replica. What is sent is sealed anew each time.
struct RequestComposer {
    let store: RecordStore
    let state: ReplicaState
    let link: Link
    let keys: SessionKeys
    let sizes: SyncSession.Sizes
    let wall: Int64
    let program: String

    typealias Request = SyncSession.Request

    /// Sends what waits and asks for what is new, or for no page while differences are being joined.
    ///
    /// Cost: one XChaCha20-Poly1305 over what is sent.
    func sync(takingPage: Bool) throws -> Request {
        var request = try base()
        request.pageBytes = takingPage ? UInt64(sizes.pageBytes) : 0
        if !sizes.holdsCommits { request.commits = try sealed(maximumBytes: sizes.requestBytes) }
        let mayWait = takingPage && request.commits.isEmpty
        request.wait = mayWait ? sizes.waitMilliseconds : 0
        return wrap(.sync(request), request)
    }

    /// Asks for the feed from a place on, everything included.
    func read(from cursor: Cursor) throws -> Request {
        var request = try base()
        request.cursor = cursor
        request.includeOwn = true
        request.pageBytes = UInt64(sizes.pageBytes)
        return wrap(.read(request), request)
    }

    private func base() throws -> SyncRequest {
        let summary = try store.outbox.summary()
        return SyncRequest(
            line: keys.line, replica: state.replica, cursor: link.cursor(state), acknowledged: state.acknowledged,
            acknowledgedDigest: link.acknowledgedDigest, pending: UInt64(summary.count), oldestPending: summary.oldest,
            clock: wall, fingerprint: summary.count == 0 && !state.isHealing ? state.fingerprint : nil,
            schema: store.schema.version,
            leases: LeaseState(
                received: link.leasesReceived, wanted: sizes.leasesWanted, highest: link.leasesHighest),
            condition: try condition())
    }

    /// Mostly two empty tables and a few blocks of numbers.
    private func condition() throws -> ReplicaCondition {
        ReplicaCondition(
            program: program, setAside: UInt64(try SetAside(connection: store.connection).count()),
            unopened: UInt64(try store.claims.unopenedCount()),
            numbersLeft: UInt64(max(0, try Leases(connection: store.connection).free())))
    }

    private func wrap(_ message: Request.Message, _ request: SyncRequest) -> Request {
        Request(
            message: message, path: "/v2/sync", body: request.encoded(), commitCount: request.commits.count,
            waitMilliseconds: request.wait, epoch: keys.keyring.current.epoch)
    }

    // MARK: Healing

    func begin() -> Request {
        wrap { .begin($0) }
    }

    func compare(_ walk: HealingWalk) throws -> Request {
        let ranges = try RangeWalk(store)
        let groups = try walk.nextToDivide.map { try ranges.divide($0, into: HealingWalk.parts) }
        return wrap(start: walk.start, compared: groups.flatMap(\.self)) { .compare($0, groups) }
    }

    func join(_ walk: HealingWalk) throws -> Request {
        var part = HealingPart(store, keys, maximumBytes: min(sizes.requestBytes, 2 << 20))
        let rest = try part.collect(walk.toJoin)
        return wrap(start: walk.start, parts: part.parts, nonce: part.nonce) { .join($0, rest: rest) }
    }

    private func wrap(
        start: Cursor? = nil, compared: [ComparedRange] = [], parts: [HealPart] = [], nonce: [UInt8]? = nil,
        _ message: (HealRequest) -> Request.Message
    ) -> Request {
        let request = HealRequest(
            line: keys.line, replica: state.replica, start: start, compared: compared, parts: parts,
            nonce: nonce ?? [UInt8](repeating: 0, count: SealedCommit.nonceBytes))
        return Request(
            message: message(request), path: "/v2/heal", body: request.encoded(), commitCount: 0, waitMilliseconds: 0,
            epoch: keys.keyring.current.epoch)
    }

    // MARK: Sealing

    /// Seals commits from the first on, at least one, as far as they fit.
    private func sealed(maximumBytes: Int) throws -> [SealedCommit] {
        var result: [SealedCommit] = []
        var size = 0
        var digest = link.acknowledgedDigest
        try store.outbox.forEach { commit in
            let changes = try commit.changes(store.limits)
            let estimate = changes.reduce(80 + commit.body.count) { $0 + Sealer.sealedBytes($1.payload.count) }
            if !result.isEmpty, size + estimate > maximumBytes || result.count == Limits.requestCommits {
                Marks.reach(.outboxSplit)
                return false
            }
            size += estimate
            digest = CommitDigest.digest(
                previous: digest, replica: state.replica, number: commit.number, stamp: commit.stamp)
            result.append(seal(commit, changes, digest: digest, estimate: estimate))
            return true
        }
        return result
    }

    private func seal(
        _ commit: Outbox.Commit, _ changes: [PlainChange], digest: [UInt8], estimate: Int
    ) -> SealedCommit {
        let (nonce, sealed) = commit.sealed(changes, by: keys.sealer, estimate: estimate)
        return SealedCommit(
            number: commit.number, stamp: commit.stamp, digest: digest, nonce: nonce, changes: sealed)
    }
}

extension Outbox.Commit {
    /// Seals the changes, under a nonce of their own.
    ///
    /// - Parameter estimate: about how many bytes they take.
    func sealed(
        _ changes: [PlainChange], by lineSealer: Sealer, estimate: Int
    ) -> (nonce: [UInt8], changes: [SealedChange]) {
        let nonce = randomBytes(SealedCommit.nonceBytes)
        var sealer = lineSealer.commit(stamp: stamp, nonce: nonce)
        var sealed: [SealedChange] = []
        sealed.reserveCapacity(changes.count)
        // One buffer for all payloads of the commit; each change is a slice of it.
        var buffer: [UInt8] = []
        buffer.reserveCapacity(estimate)
        var ends: [Int] = []
        for (index, change) in changes.enumerated() {
            var header = change.header
            header.epoch = lineSealer.epoch
            sealer.seal(change.payload, header: header, index: UInt64(index), to: &buffer)
            ends.append(buffer.count)
            sealed.append(SealedChange(header: header, sealed: []))
        }
        var start = 0
        for (index, end) in ends.enumerated() {
            sealed[index].sealed = buffer[start..<end]
            start = end
        }
        return (nonce, sealed)
    }
}
