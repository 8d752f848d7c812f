import Merge
import SQLite
import Sealing
import Support
import SyncProtocol

/// A replica's conversation with its server: what to send next, and what an answer leads to. Sending what waits, reading
/// the feed, joining what differs and verifying values are all the same two calls.
///
/// ```swift
/// let session = SyncSession(replica)
/// repeat {
///     let request = try session.nextRequest()
///     let answer = /* post request.body to request.path */
///     receipt = try session.receive(answer, to: request)
/// } while receipt.isMoreToDo
/// ```
///
/// What must survive stands in the replica; a session holds only how far a comparison has come, and may be dropped at any
/// moment. One task at a time; several sessions of one replica, in several processes, do no harm.
public final class SyncSession {
    /// A request, and what is needed to understand its answer.
    public struct Request: Sendable {
        enum Message: Sendable {
            case sync(SyncRequest)
            /// Asks where the log stands, to begin a healing.
            case begin(HealRequest)
            case compare(HealRequest, [[ComparedRange]])
            case join(HealRequest, rest: [RecordRange])
            /// Reads the feed from the start, to compare values.
            case read(SyncRequest)
        }
        let message: Message
        public let path: String
        public let body: [UInt8]
        /// How many commits it carries; a request that is too large can be halved down to one.
        public let commitCount: Int
        /// How long the server is asked to wait for news, in milliseconds.
        public let waitMilliseconds: UInt64
        /// That of the newest key when it was made.
        let epoch: UInt32
    }

    /// How large messages may be, and how long an idle server may wait.
    public struct Sizes: Sendable {
        public var requestBytes = 4 << 20
        public var pageBytes = 1 << 20
        public var waitMilliseconds: UInt64 = 0
        /// How many blocks of reference numbers are wanted.
        public var leasesWanted: UInt64 = 0
        /// Commits wait, since the server has no room for them; everything else goes on.
        public var holdsCommits = false
        public init() {}
    }

    /// What a deep verification has found so far.
    public struct Verification: Sendable, Hashable {
        public var comparedValues = 0
        public var mendedRecords = 0
        /// Where the feed has been read to, and where it ends.
        public var position: UInt64 = 0
        public var head: UInt64 = 0
    }

    let replica: Replica
    private var walk: HealingWalk?
    private var hasJustSent = false
    private var reading: Cursor?
    private(set) public var verification = Verification()
    private(set) public var healing = HealingReport()

    public init(_ replica: Replica) { self.replica = replica }

    /// From now on every value of the feed is compared with the one that stands here, once.
    public func beginReading() {
        reading = .start
        verification = Verification()
    }

    public var isReading: Bool { reading != nil }

    // MARK: Asking

    /// The next request. Errors: `notJoined`, `removed`, `waitsForKey`, `damagedKeys`.
    public func nextRequest(_ sizes: Sizes = Sizes()) throws -> Request {
        try replica.mappingErrors {
            try replica.readers.read { connection in
                let store = RecordStore(
                    connection: connection, schema: replica.schema, limits: replica.limits,
                    hasher: ItemHasher(Blake2b.hash128))
                let state = try ReplicaState(connection)
                let link = try Link(connection)
                try store.begin(state)
                let composer = RequestComposer(
                    store: store, state: state, link: link,
                    keys: try SessionKeys(replica.members.membership(connection, link)), sizes: sizes,
                    wall: replica.environment.wallMilliseconds(), program: replica.environment.program)
                return try request(composer)
            }
        }
    }

    private func request(_ composer: RequestComposer) throws -> Request {
        if composer.state.isHealing {
            // Work goes on while differences are joined, and is sent in between.
            hasJustSent = composer.store.hasPending && !hasJustSent
            if hasJustSent { return try composer.sync(takingPage: false) }
            guard let walk else { return composer.begin() }
            return try walk.toJoin.isEmpty
                ? composer.compare(walk) : composer.join(walk)
        }
        walk = nil
        if let reading, !composer.store.hasPending { return try composer.read(from: reading) }
        return try composer.sync(takingPage: true)
    }

    // MARK: Answers

    /// Takes in an answer, in one transaction.
    ///
    /// One that is repeated, late, or meant for an identity that this replica no longer has changes nothing it should not.
    /// Errors: `ProtocolError` where it is no message, `badAnswer` where its page is none; nothing was changed then.
    public func receive(_ answer: [UInt8], to request: Request) throws -> Receipt {
        switch request.message {
        case .sync(let sent):
            let response = try SyncResponse(encoded: answer)
            return try replica.session { session in
                try session.receive(response, to: Verdict.Request(sent), epoch: request.epoch)
                return session.receipt
            }
        case .read(let sent):
            let response = try SyncResponse(encoded: answer)
            return try receive(values: response, to: sent)
        case .begin(let sent), .compare(let sent, _), .join(let sent, _):
            let response = try HealResponse(encoded: answer)
            healing.exchanges += 1
            healing.sentBytes += request.body.count
            healing.receivedBytes += answer.count
            return try receive(healing: response, to: sent, request.message)
        }
    }

    /// Treats a commit that the server could not even read, alone in its request, as one that it refused.
    public func refuse(_ request: Request) throws -> Receipt {
        guard case .sync(let sent) = request.message, let commit = sent.commits.first else { return Receipt() }
        let response = SyncResponse(
            outcome: .refused(number: commit.number, digest: commit.digest, reason: .tooLarge),
            heldNumber: sent.acknowledged, serverTime: 0)
        return try replica.session { session in
            try session.receive(response, to: Verdict.Request(sent))
            return session.receipt
        }
    }

    private func receive(
        healing response: HealResponse, to sent: HealRequest, _ message: Request.Message
    ) throws -> Receipt {
        try replica.session { session in
            session.receipt.isMoreToDo = true
            guard session.state.isHealing else { return session.receipt }
            session.receipt.hasProgressed = true
            if response.outcome == .restarted {
                walk = nil
                session.receipt.hasProgressed = false
                session.receipt.events.append(.healingRestarted)
                try session.beginHealing()
                return session.receipt
            }
            try take(response, sent, message, session)
            if let done = walk, done.isDone {
                healing.comparedRanges += done.report.comparedRanges
                healing.differingRanges += done.report.differingRanges
                try session.store.settleClaims()
                try session.store.claims.setOffered(true)
                session.finishHealing(start: done.start)
                walk = nil
            }
            return session.receipt
        }
    }

    private func take(
        _ response: HealResponse, _ sent: HealRequest, _ message: Request.Message, _ session: Session
    ) throws {
        switch message {
        case .begin:
            walk = HealingWalk(start: response.cursor, alsoJoining: try session.store.claims.all().map(\.record))
        case .compare(_, let groups):
            guard walk?.start == sent.start, walk?.receive(response.compared, for: groups) == true else {
                throw ReplicaError(
                    .badAnswer, "the server's answer does not fit the question; nothing of it was taken in")
            }
        case .join(_, let rest):
            // An answer of a healing before this one is as old as it is: it is joined, and claims nothing.
            let isOfThisWalk = walk?.start == sent.start
            let applier = PageApplier(
                session, try session.keys(), healed: isOfThisWalk ? Self.joined(of: sent, response) : [])
            try applier.run(response.page)
            session.receipt.applied = applier.commitCount
            healing.receivedChanges += applier.commitCount
            if isOfThisWalk {
                walk?.joined(leaving: Self.rest(of: sent, response) + rest)
            }
        case .sync, .read: return
        }
    }

    /// What was joined: of the part in which the answer was full, as far as it came.
    private static func joined(of sent: HealRequest, _ response: HealResponse) -> [RecordRange] {
        var ranges = sent.parts.prefix(Int(response.joinedParts)).map(\.range)
        if let through = response.joinedThrough, ranges.count < sent.parts.count {
            ranges.append(RecordRange(after: sent.parts[ranges.count].range.after, through: through))
        }
        return ranges
    }

    private static func rest(of sent: HealRequest, _ response: HealResponse) -> [RecordRange] {
        var left = sent.parts.dropFirst(Int(response.joinedParts)).map(\.range)
        if let through = response.joinedThrough, !left.isEmpty { left[0].after = through }
        return left
    }

    private func receive(values response: SyncResponse, to sent: SyncRequest) throws -> Receipt {
        try replica.session { session in
            session.receipt.isMoreToDo = true
            guard response.outcome == .done, let page = response.page else {
                // The server was changed meanwhile: an ordinary exchange says how.
                reading = nil
                try session.receive(response, to: Verdict.Request(sent))
                return session.receipt
            }
            let keys = try session.keys()
            let check = ValueCheck(session.store, keys)
            try check.run(page)
            try PageApplier(session, keys).run(page)
            session.changed += check.mendedRecords
            verification.comparedValues += check.comparedValues
            verification.mendedRecords += check.mendedRecords.count
            verification.position = response.cursor.position
            verification.head = response.head
            session.receipt.hasProgressed = response.cursor.position > reading?.position ?? 0
            reading = response.more ? response.cursor : nil
            if !response.more {
                for commit in try session.store.openAgain(keys) { try PageApplier(session, keys).join(commit) }
                try session.store.settleClaims()
            }
            return session.receipt
        }
    }
}

extension Verdict.Request {
    init(_ request: SyncRequest) {
        self.init(replica: request.replica, cursor: request.cursor, acknowledged: request.acknowledged)
    }
}
