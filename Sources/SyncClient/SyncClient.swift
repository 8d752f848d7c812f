public import HTTPClient
import Merge
public import Replica
import Support
import SyncProtocol
import Trust

/// Keeps a replica in sync with its line's server.
///
/// ```swift
/// let client = SyncClient(replica: replica)
/// try await client.sync()
/// ```
///
/// ``sync()`` exchanges until there is nothing left to do; ``watch(onEvent:)`` goes on for as long as its task runs.
/// Both may be stopped at any moment and begun again: the protocol repeats what was not confirmed, and nothing counts
/// twice.
public final class SyncClient: Sendable {
    public struct Configuration: Sendable {
        /// The longest that one request of work may take, in seconds; the wait for news comes on top.
        public var timeoutSeconds: Double = 60
        /// How long to let the server wait for news, in milliseconds, at most 55,000.
        public var waitMilliseconds: UInt64 = 50_000
        /// The largest page to ask for, in bytes. A page is one local transaction: larger ones are faster, smaller
        /// ones make local writes wait less.
        public var pageBytes = 1 << 20
        /// The largest request, in bytes.
        public var requestBytes = 4 << 20
        /// How many leased reference numbers to keep in stock.
        public var leasedNumbers = 40
        public init() {}
    }

    public let replica: Replica
    let endpoint: Endpoint
    let configuration: Configuration
    let sleep: @Sendable (Double) async throws -> Void
    let random: @Sendable () -> Double
    private let sizes: Lock<MessageSizes>
    /// Until when no commits are sent, by this workstation's own clock: the line has no room for them.
    private let holdsCommitsUntil = Lock<Int64?>(nil)
    /// When this workstation next compares with others, by its own clock.
    let nextComparison = Lock<Int64?>(nil)

    public init(
        replica: Replica, transport: any HTTPTransport = HTTPClient(), configuration: Configuration = Configuration(),
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) },
        random: @escaping @Sendable () -> Double = { Double.random(in: 0..<1) }
    ) {
        self.replica = replica
        endpoint = Endpoint(transport, replica)
        self.configuration = configuration
        self.sleep = sleep
        self.random = random
        sizes = Lock(MessageSizes(requestBytes: configuration.requestBytes, pageBytes: configuration.pageBytes))
    }

    /// Sends what waits, fetches what is new, and joins what differs, until there is nothing left to do.
    ///
    /// Errors: ``SyncError``, `ReplicaError`; whatever happens, local work stays. One attempt only: see
    /// ``watch(onEvent:)`` for trying again.
    @discardableResult
    public func sync(onExchange: (Receipt) -> Void = { _ in }) async throws -> SyncReport {
        let session = SyncSession(replica)
        var report = SyncReport()
        try await run(session, &report, onExchange)
        return report
    }

    /// Exchanges until the session has nothing left to do.
    func run(
        _ session: SyncSession, _ report: inout SyncReport, _ onExchange: (Receipt) -> Void
    ) async throws {
        var idle = 0
        while true {
            let receipt = try await exchange(session)
            onExchange(receipt)
            report.add(receipt)
            report.healing = session.healing
            if !receipt.isMoreToDo {
                try replica.destroyHeld()
                return
            }
            // An exchange that neither sends, fetches nor changes anything can only repeat itself.
            let didSomething =
                receipt.acknowledged > 0 || receipt.applied > 0 || receipt.hasProgressed || !receipt.events.isEmpty
            idle = didSomething ? 0 : idle + 1
            // All that is new there was read; what waits here, waits for room.
            if idle >= 2, let reason = noRoom() { throw reason }
            if idle > 20 || report.hasGoneInCircles {
                throw SyncError(
                    .noProgress, "the exchange with the server gets nowhere; your work is safe here: tell the operator")
            }
        }
    }

    /// One request and its answer. A workstation that has learned that it was removed hands over what it had not sent first.
    ///
    /// Errors: ``SyncError``, with `removed` once that is done.
    func exchange(_ session: SyncSession, waitMilliseconds: UInt64 = 0) async throws -> Receipt {
        do {
            return try await attempt(session, waitMilliseconds)
        } catch {
            let isTold = (error as? SyncError)?.code == .removed || (error as? ReplicaError)?.code == .removed
            // By the roster: the server's word alone moves nothing off this workstation.
            guard isTold, try membership().isRemoved else { throw error }
            try await handOverUnsent()
            throw SyncError(removed: try replica.status(), cause: error)
        }
    }

    /// One request and its answer.
    ///
    /// What is too large for the server, for anything on the way or for the time goes in halves, down to one commit. A commit
    /// that our server itself cannot take alone is put aside; what somebody else on the way refuses waits for another way.
    private func attempt(_ session: SyncSession, _ waitMilliseconds: UInt64) async throws -> Receipt {
        var attempts = Attempts()
        let membership = try await currentMembership()
        while true {
            let request = try session.nextRequest(try nextSizes(waitMilliseconds))
            do {
                let answer = try await post(request, membership)
                sizes.withLock { $0.grow() }
                // What the answer brings may be sealed with a key that the roster tells of.
                try await follow(answer.roster)
                return try session.receive(answer.body, to: request)
            } catch let error as ProtocolError {
                throw SyncError(unreadable: error)
            } catch let error as SyncError where error.code == .noRoom && request.commitCount > 0 {
                holdCommits(error)
            } catch let error as SyncError {
                let isAlone = request.commitCount <= 1
                if isAlone, request.commitCount == 1, attempts.condemn(after: error) {
                    return try session.refuse(request)
                }
                guard
                    attempts.mayRepeat(
                        after: error, isAlone: isAlone, isCondemnable: request.commitCount == 1)
                else { throw error }
                if error.isAboutSize { sizes.withLock { $0.halve(sent: request.body.count) } }
            }
        }
    }

    private func nextSizes(_ waitMilliseconds: UInt64) throws -> SyncSession.Sizes {
        let now = sizes.withLock { $0 }
        var result = SyncSession.Sizes()
        result.requestBytes = now.requestBytes
        result.pageBytes = now.pageBytes
        result.waitMilliseconds = waitMilliseconds
        result.leasesWanted = try leasesWanted()
        result.holdsCommits = noRoom() != nil
        return result
    }

    // MARK: A line without room

    private static let leastHoldMilliseconds: Int64 = 60_000

    private func holdCommits(_ error: SyncError) {
        let hold = max(Int64((error.retryAfterSeconds ?? 0) * 1_000), Self.leastHoldMilliseconds)
        holdsCommitsUntil.withLock { $0 = replica.wallMilliseconds() + hold }
    }

    /// Why commits are held just now; nil if they are not. A clock that was put back holds them no longer.
    private func noRoom() -> SyncError? {
        let now = replica.wallMilliseconds()
        guard let until = holdsCommitsUntil.withLock({ $0 }), now < until, until - now <= 3_600_000 else { return nil }
        return SyncError(
            .noRoom,
            "the line holds as much at the server as the operator lets it; your work is safe here, and is sent when there is room: tell the operator",
            retryAfterSeconds: Double(until - now) / 1_000)
    }

    private func post(_ request: SyncSession.Request, _ membership: Membership) async throws -> Endpoint.Answer {
        try await withKnownDevice(membership) {
            try await endpoint.post(
                request.body, to: request.path, at: membership.server, as: .device(membership.keys),
                timeoutSeconds: configuration.timeoutSeconds + Double(request.waitMilliseconds) / 1_000)
        }
    }

    private func leasesWanted() throws -> UInt64 {
        let missing = configuration.leasedNumbers - (try replica.freeNumbers())
        return missing > 0 ? UInt64((missing + 19) / 20) : 0
    }

    func membership() throws -> Membership {
        guard let membership = try replica.membership() else {
            throw ReplicaError(.notJoined, "this workstation has not joined a line; its work is safe here: join first")
        }
        return membership
    }
}
