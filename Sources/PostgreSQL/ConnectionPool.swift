import Dispatch
import Support

/// A few connections that many share. Work waits in the order in which it came, for a connection and a thread.
public final class ConnectionPool: Sendable {
    /// How things stand, for metrics.
    public struct Figures: Sendable {
        public var open = 0, busy = 0, waiting = 0
        /// Since the start.
        public var opened: UInt64 = 0, failed: UInt64 = 0
    }
    private struct State {
        var idle: [PostgreSQLConnection] = []
        var busy = 0
        var waiting: [@Sendable () -> Void] = []
        var opened: UInt64 = 0
        var failed: UInt64 = 0
        /// Why the last one could not be opened, and until when nobody tries again.
        var refusal: (error: any Error, until: Int64)?
        var isClosed = false
    }
    private let address: DatabaseAddress
    public let size: Int
    private let waitingLimit: Int
    private let isInline: Bool
    private let prepare: @Sendable (PostgreSQLConnection) throws -> Void
    private let state = Lock(State())
    private let queue = DispatchQueue(label: "lugn.postgresql", attributes: .concurrent)

    /// Opens nothing yet.
    ///
    /// - Parameters:
    ///   - waitingLimit: work that may wait; what comes then is refused at once.
    ///   - isInline: work runs on the thread of whoever asks, for simulations that own the order of everything.
    ///   - prepare: what is done on each new connection before it is used.
    public init(
        _ address: DatabaseAddress, size: Int, waitingLimit: Int = 4_096, isInline: Bool = false,
        prepare: @escaping @Sendable (PostgreSQLConnection) throws -> Void = { _ in }
    ) {
        self.address = address
        self.size = size
        self.waitingLimit = waitingLimit
        self.isInline = isInline
        self.prepare = prepare
    }

    public var figures: Figures {
        state.withLock {
            Figures(
                open: $0.idle.count + $0.busy, busy: $0.busy, waiting: $0.waiting.count, opened: $0.opened,
                failed: $0.failed)
        }
    }

    /// Runs work on a connection, which it has alone. Work that failed with its connection, because that had been lost while
    /// it lay idle, is done once more on a new one: it has to be such that doing it twice does no harm.
    public func run<Result: Sendable>(
        _ work: @escaping @Sendable (PostgreSQLConnection) throws -> Result
    ) async throws -> Result {
        if isInline { return try perform(work) }
        return try await withCheckedThrowingContinuation { continuation in
            let isTaken = submit { continuation.resume(with: Swift.Result { try self.perform(work) }) }
            if !isTaken { continuation.resume(throwing: Self.tooMuch) }
        }
    }

    /// The same for callers outside of tasks, blocking.
    public func runBlocking<Result: Sendable>(
        _ work: @escaping @Sendable (PostgreSQLConnection) throws -> Result
    ) throws -> Result {
        if isInline { return try perform(work) }
        let done = DispatchSemaphore(value: 0)
        let result = Lock<Swift.Result<Result, any Error>?>(nil)
        let isTaken = submit {
            let outcome = Swift.Result { try self.perform(work) }
            result.withLock { $0 = outcome }
            done.signal()
        }
        guard isTaken else { throw Self.tooMuch }
        done.wait()
        guard let outcome = result.withLock({ $0 }) else { throw Self.tooMuch }
        return try outcome.get()
    }

    /// Closes what is idle, and what is busy when it is done.
    public func close() {
        state.withLock {
            $0.isClosed = true
            $0.idle.removeAll()
        }
    }

    private static let tooMuch = PostgreSQLError(
        sqlState: "53300", message: "more work waits for the database than the server lets wait")

    // MARK: Parts

    /// Runs the job as soon as a connection is free; false if too many wait.
    private func submit(_ job: @escaping @Sendable () -> Void) -> Bool {
        let (isTaken, runsNow) = state.withLock { state -> (Bool, Bool) in
            if state.busy < size {
                state.busy += 1
                return (true, true)
            }
            guard state.waiting.count < waitingLimit else { return (false, false) }
            state.waiting.append(job)
            return (true, false)
        }
        if runsNow { queue.async { self.runAll(job) } }
        return isTaken
    }

    private func runAll(_ first: @escaping @Sendable () -> Void) {
        var job = first
        while true {
            job()
            let next = state.withLock { state -> (@Sendable () -> Void)? in
                if state.waiting.isEmpty {
                    state.busy -= 1
                    return nil
                }
                return state.waiting.removeFirst()
            }
            guard let next else { return }
            job = next
        }
    }

    private func perform<Result>(_ work: (PostgreSQLConnection) throws -> Result) throws -> Result {
        if let connection = state.withLock({ $0.idle.popLast() }) {
            do {
                return try use(connection, work)
            } catch let error as PostgreSQLError where error.isConnectionLost || error.isUnavailable {
                // The others were lost with it, most likely.
                state.withLock { $0.idle.removeAll() }
            }
        }
        return try use(try open(), work)
    }

    private func use<Result>(
        _ connection: PostgreSQLConnection, _ work: (PostgreSQLConnection) throws -> Result
    ) throws -> Result {
        defer {
            connection.rollBack()
            state.withLock { state in
                if connection.isBroken {
                    state.failed += 1
                } else if !state.isClosed {
                    state.idle.append(connection)
                }
            }
        }
        var attempts = 0
        while true {
            do {
                return try work(connection)
            } catch let error as PostgreSQLError {
                attempts += 1
                // One that takes no writes any more is a standby now; the next connection finds the one that does.
                if error.isReadOnly { connection.abandon() }
                guard error.gaveWay, attempts < Self.mostAttempts else { throw error }
                connection.rollBack()
            }
        }
    }

    /// How often work is done again that gave way to another transaction.
    private static let mostAttempts = 5

    /// Where a database is not there, connecting may take seconds: whoever comes right behind is not kept waiting for the same.
    private static let pauseNanoseconds: Int64 = 300_000_000

    private func open() throws -> PostgreSQLConnection {
        if !isInline, let refusal = state.withLock({ $0.refusal }),
            MonotonicClock.system.nowNanoseconds() < refusal.until
        {
            throw refusal.error
        }
        do {
            let connection = try PostgreSQLConnection(address)
            try prepare(connection)
            state.withLock { state in
                state.opened += 1
                state.refusal = nil
            }
            return connection
        } catch {
            let until = MonotonicClock.system.nowNanoseconds() + Self.pauseNanoseconds
            state.withLock { state in
                state.failed += 1
                state.refusal = (error, until)
            }
            throw error
        }
    }
}
