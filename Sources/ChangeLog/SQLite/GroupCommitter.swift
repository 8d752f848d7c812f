import Dispatch
import SQLite
import Support

/// Runs writes one after the other, many of them in one transaction: requests that come in while one is being written
/// to disk share the next write to disk. Each has a savepoint of its own, so that one that fails undoes itself alone.
final class GroupCommitter: Sendable {
    private struct Job: Sendable {
        var work: @Sendable (Connection, ErasureFlag) throws -> Void
        /// Called when the work is durable, or with what went wrong.
        var finish: @Sendable ((any Error)?) -> Void
    }

    private let connection: Lock<Connection>
    private let jobs = Lock<[Job]>([])
    private let schedule: @Sendable (@escaping @Sendable () -> Void) -> Void
    /// Its own thread; nil where somebody else's schedule is followed, whose time is not the machine's.
    private let queue: DispatchQueue?
    private let cleaner: LogCleaner
    private let isCleaningAgain = Lock(false)
    private let cleaningSeconds: Double
    /// How long the disk takes for a transaction, without the work in it.
    let commitTimes = DurationHistogram()

    /// - Parameters:
    ///   - cleaningSeconds: how long to wait before the log is emptied again where that could not be done.
    ///   - schedule: runs what it is given later, one at a time; nil for a queue of its own.
    init(
        connection: sending Connection, cleaningSeconds: Double,
        schedule: (@Sendable (@escaping @Sendable () -> Void) -> Void)? = nil
    ) throws {
        self.cleaningSeconds = cleaningSeconds
        cleaner = LogCleaner(hasErased: try connection.integer("SELECT EXISTS (SELECT 1 FROM tombstone)") == 1)
        cleaner.clean(connection)
        self.connection = Lock(connection)
        let queue = DispatchQueue(label: "lugn.changelog.writer")
        self.queue = schedule == nil ? queue : nil
        self.schedule = schedule ?? { work in queue.async(execute: work) }
        cleanAgainLater()
    }

    /// Runs the work in the next transaction. When this returns, it is on disk; and what it erased, which it says by the
    /// flag, is off it.
    func run<Result: Sendable>(
        _ work: @escaping @Sendable (Connection, ErasureFlag) throws -> Result
    ) async throws -> Result {
        let result = Lock<Result?>(nil)
        return try await withCheckedThrowingContinuation { continuation in
            let job = Job(
                work: { connection, erasures in
                    let value = try work(connection, erasures)
                    result.withLock { $0 = value }
                },
                finish: { error in
                    if let value = result.withLock({ $0 }), error == nil {
                        continuation.resume(returning: value)
                    } else {
                        continuation.resume(throwing: error ?? CancellationError())
                    }
                })
            jobs.withLock { $0.append(job) }
            schedule { self.drain() }
        }
    }

    /// For callers outside of tasks: the same, alone in its transaction, blocking.
    func runAlone<Result>(_ work: (Connection) throws -> Result) throws -> Result {
        try connection.withLock { connection throws(any Error) in
            try connection.transaction(.immediate) { try work(connection) }
        }
    }

    /// Moves the write-ahead log into the file, so that the file alone is the store; false if readers are in the way.
    func emptyLog() throws -> Bool {
        try connection.withLock { connection throws(any Error) in try connection.checkpoint() }
    }

    /// Writes the file anew without its free pages, between two transactions.
    func compact() async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            schedule {
                continuation.resume(
                    with: Result {
                        try self.connection.withLock { connection throws(any Error) in
                            // Where all else is kept in memory, the whole store would not fit.
                            try connection.execute("PRAGMA temp_store = FILE; VACUUM; PRAGMA temp_store = MEMORY")
                            try connection.checkpoint()
                        }
                    })
            }
        }
    }

    private func drain() {
        let batch = jobs.withLock { jobs in
            defer { jobs.removeAll() }
            return jobs
        }
        if batch.isEmpty { return }
        if batch.count > 1 { Marks.reach(.groupCommit) }
        var failures: [(any Error)?] = Array(repeating: nil, count: batch.count)
        do {
            try connection.withLock { connection throws(any Error) in
                let erasures = ErasureFlag()
                var worked = ContinuousClock.now
                try connection.transaction(.immediate) {
                    for (index, job) in batch.enumerated() {
                        do {
                            try connection.savepoint { try job.work(connection, erasures) }
                        } catch {
                            failures[index] = error
                            // A full disk has taken the whole transaction with it, the others' work too.
                            if !connection.isInTransaction { throw error }
                        }
                    }
                    worked = .now
                }
                commitTimes.add(.now - worked)
                cleaner.clean(connection, hasErased: erasures.isSet)
            }
        } catch {
            for index in batch.indices { failures[index] = failures[index] ?? error }
        }
        for (job, failure) in zip(batch, failures) { job.finish(failure) }
        cleanAgainLater()
    }

    /// A reader that was in the way of emptying the log is gone in a while, and the next transaction may be long in coming.
    private func cleanAgainLater() {
        guard let queue, cleaner.isWaiting,
            !isCleaningAgain.withLock({ isAlready in
                defer { isAlready = true }
                return isAlready
            })
        else { return }
        queue.asyncAfter(deadline: .now() + cleaningSeconds) { [weak self] in
            guard let self else { return }
            isCleaningAgain.withLock { $0 = false }
            connection.withLock { cleaner.clean($0) }
            cleanAgainLater()
        }
    }
}
