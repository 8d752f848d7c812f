public import Merge
import PostgreSQL
public import Support
public import SyncProtocol

/// The change log in PostgreSQL, for installations of many lines, or that must outlive a machine. Several processes may
/// work on it at once.
public final class PostgreSQLChangeLog: ChangeLog {
    let pool: ConnectionPool
    let lineNews: LineNews
    let watch: StoreWatch
    let random: RandomSource
    let rosters = RosterCache()
    let lately: RegistryCache
    /// How long the database takes for a transaction, until it is durable; for metrics.
    public let commitTimes = DurationHistogram()
    private let limits: Limits
    private let bound: ClockBound
    private let queues: LineQueues
    private let sums = SumCache()

    /// Opens the store, or makes it.
    ///
    /// - Parameters:
    ///   - address: libpq's connection string; see ``DatabaseAddress`` for what it may not hold.
    ///   - connections: at most so many, and one more that listens.
    ///   - creates: whether tables are made or brought up to date; otherwise they have to be there.
    ///   - allowsUnverified: whether a connection to another machine may go without proof of who that is.
    ///   - listens: whether news are listened for; otherwise they are asked for each second, which is all that some engines and
    ///     poolers of connections allow.
    ///   - isInline: all work is done on the thread of whoever asks, and nobody listens: for simulations.
    ///   - schedule: runs the writes it is given later; for simulations, which own the order of everything.
    ///
    /// Errors: `unusable` where the database or its tables cannot be used, `storage` where it cannot be reached.
    public init(
        _ address: String, limits: Limits = Limits(), bound: ClockBound = ClockBound(), connections: Int = 10,
        creates: Bool = false, allowsUnverified: Bool = false, listens: Bool = true, random: RandomSource = .system,
        isInline: Bool = false,
        schedule: @escaping @Sendable (@escaping @Sendable () async -> Void) -> Void = { work in Task { await work() } }
    ) throws {
        self.random = random
        let lately = RegistryCache(milliseconds: isInline ? 0 : 1_000)
        self.lately = lately
        self.limits = limits
        self.bound = bound
        do {
            let address = try DatabaseAddress(address, allowsUnverified: allowsUnverified)
            if creates {
                try StoreSchema.prepare(PostgreSQLConnection(address), generation: random.nextWord())
            }
            // The watch speaks through the news, which need the pool, which needs the watch.
            let publish = Lock<(@Sendable (StoreWatch.Replacement) -> Void)?>(nil)
            let watch = StoreWatch(
                process: random.bytes(count: 16), started: WallClock.system.nowMilliseconds()
            ) { replacement in publish.withLock { $0 }?(replacement) }
            self.watch = watch
            let pool = ConnectionPool(address, size: connections, isInline: isInline) { connection in
                try Session.prepare(connection)
                try watch.check(connection)
            }
            self.pool = pool
            let news = LineNews(
                address, pool, isAlone: isInline, listens: listens, onRights: { lately.forgetAll() }
            ) { connection in
                try watch.beat(connection, now: WallClock.system.nowMilliseconds())
            }
            lineNews = news
            let (sums, commitTimes) = (self.sums, self.commitTimes)
            weak let told = news
            queues = LineQueues(schedule: schedule) { line, jobs in
                let began = ContinuousClock.now
                let outcome = try await pool.run { connection in
                    try BatchAcceptor(
                        connection: connection, line: line, limits: limits, bound: bound, random: random
                    ).run(jobs)
                }
                commitTimes.add(ContinuousClock.now - began)
                watch.note(outcome.cursor, of: line)
                return outcome.answers
            }
            publish.withLock {
                $0 = { replacement in
                    sums.forgetAll()
                    lately.forgetAll()
                    for (line, head) in replacement.lacking { told?.publish(.wentBack(line, head: head)) }
                    told?.publish(
                        .replaced(
                            lackingLines: replacement.lacking.count, isOtherServer: replacement.isOtherServer,
                            hasGoneBack: replacement.hasGoneBack))
                }
            }
            try pool.runBlocking { _ in }
        } catch let error as PostgreSQLError {
            throw ChangeLogError(error)
        }
    }

    deinit { close() }

    /// Ends what runs in the background, and closes the connections.
    public func close() {
        lineNews.stop()
        pool.close()
    }

    public func news() -> AsyncStream<StoreNews> { lineNews.stream() }

    /// Shows that the store can be written, durably, and that this process is there. For ``Readiness``.
    public func beat() throws {
        try reporting { try pool.runBlocking { try self.watch.beat($0, now: WallClock.system.nowMilliseconds()) } }
    }

    // MARK: The session

    public func accept(_ request: SyncRequest, from device: Device, now: Int64) async throws -> Acceptance {
        guard request.line == device.line else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        let job = BatchAcceptor.Job(request: request, device: device, now: now)
        if request.commits.isEmpty {
            let idle = try await run { connection in
                try BatchAcceptor(
                    connection: connection, line: request.line, limits: self.limits, bound: self.bound,
                    random: self.random
                ).answerWithoutWriting(job)
            }
            if let idle {
                lineNews.watch(request.line, head: idle.head)
                return idle
            }
        }
        let acceptance = try await reporting { try await queues.accept(job) }
        lineNews.watch(request.line, head: acceptance.head)
        if acceptance.hasAdvanced { lineNews.tell(request.line, head: acceptance.head) }
        return acceptance
    }

    public func page(for request: SyncRequest, proven: UInt64, from device: Device) async throws -> FeedPage {
        guard request.line == device.line else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        let page = try await run { connection in
            try PostgreSQLFeed(connection: connection, limits: self.limits).page(request, proven: proven)
        }
        if !page.more { watch.note(page.cursor, of: request.line) }
        return page
    }

    public func heal(_ request: HealRequest, from device: Device, now: Int64) async throws -> HealOutcome {
        let (outcome, isSumRight) = try await transaction(isWriting: !request.isQuestion) { access in
            let healer = Healer(access: access, device: device, limits: self.limits, bound: self.bound, now: now)
            return try request.isQuestion ? healer.answer(request, self.sums) : (healer.join(request), true)
        }
        if !isSumRight { _ = try await verify(line: request.line, now: now) }
        if outcome.hasAdvanced {
            watch.note(outcome.response.cursor, of: request.line)
            lineNews.tell(request.line, head: outcome.head)
        }
        return outcome
    }

    public func verify(line: LineID, now: Int64) async throws -> LineVerification {
        let seen = try await transaction(isWriting: false) { try Verifier(access: $0, line: line).look() }
        if let seen, seen.isSound {
            try await transaction(isWriting: true) { try Verifier(access: $0, line: line).noteSound(now: now) }
            return seen
        }
        defer { sums.forget(line) }
        return try await transaction(isWriting: true) { try Verifier(access: $0, line: line).mend(now: now) }
    }

    public func scrub(line: LineID, count: Int, now: Int64) async throws -> ScrubStep {
        let result = try await transaction(isWriting: true) {
            try Scrubber(access: $0).step(line, count: count, now: now)
        }
        switch result {
        case .goesOn: return .goesOn
        case .finished: return .finished
        case .isWrong:
            // Somebody else may have mended it meanwhile; begun anew in any case.
            defer { sums.forget(line) }
            return .mended(
                try await transaction(isWriting: true) { try Verifier(access: $0, line: line).mend(now: now) })
        }
    }

    // MARK: Reading and writing

    func transaction<Result: Sendable>(
        isWriting: Bool, _ work: @escaping @Sendable (PostgreSQLLineAccess) throws -> Result
    ) async throws -> Result {
        try await run { connection in
            if isWriting { try connection.sendBegin() } else { try connection.sendSnapshot() }
            let access = PostgreSQLLineAccess(connection, isWriting: isWriting, limits: self.limits)
            let result = try work(access)
            try connection.sendCommit()
            try connection.receive()
            return result
        }
    }

    func run<Result: Sendable>(
        _ work: @escaping @Sendable (PostgreSQLConnection) throws -> Result
    ) async throws -> Result {
        try await reporting { try await pool.run(work) }
    }

    func reporting<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as PostgreSQLError { throw ChangeLogError(error) }
    }

    func reporting<Result>(_ body: () throws -> Result) throws -> Result {
        do { return try body() } catch let error as PostgreSQLError { throw ChangeLogError(error) }
    }
}
