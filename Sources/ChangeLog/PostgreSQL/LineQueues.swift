import Merge
import PostgreSQL
import Support
import SyncProtocol

/// Requests of one line that come in while one is being written wait for it, and share the next transaction. Lines do not
/// wait for each other, but for connections.
final class LineQueues: Sendable {
    /// Writes a batch of one line.
    typealias Write =
        @Sendable (_ line: LineID, _ jobs: [BatchAcceptor.Job]) async throws -> [Result<Acceptance, ChangeLogError>]

    private struct Waiting: Sendable {
        var job: BatchAcceptor.Job
        var finish: @Sendable (Result<Acceptance, any Error>) -> Void
    }
    private struct State {
        var waiting: [LineID: [Waiting]] = [:]
        var writing: Set<LineID> = []
    }
    private let state = Lock(State())
    private let write: Write
    private let schedule: (@Sendable (@escaping @Sendable () async -> Void) -> Void)

    static let batchRequests = 32
    /// Changes beyond which a batch takes no further request.
    static let batchChanges = 5_000

    /// - Parameter schedule: runs what it is given later.
    init(
        schedule: @escaping @Sendable (@escaping @Sendable () async -> Void) -> Void,
        write: @escaping Write
    ) {
        self.schedule = schedule
        self.write = write
    }

    /// Takes a request's commits with the next batch of its line.
    func accept(_ job: BatchAcceptor.Job) async throws -> Acceptance {
        try await withCheckedThrowingContinuation { continuation in
            let line = job.device.line
            let begins = state.withLock { state in
                state.waiting[line, default: []].append(Waiting(job: job) { continuation.resume(with: $0) })
                return state.writing.insert(line).inserted
            }
            if begins { schedule { await self.work(on: line) } }
        }
    }

    private func work(on line: LineID) async {
        while let batch = next(of: line) {
            let results = await results(of: batch.map(\.job), line)
            for (waiting, result) in zip(batch, results) { waiting.finish(result) }
        }
    }

    private func results(of jobs: [BatchAcceptor.Job], _ line: LineID) async -> [Result<Acceptance, any Error>] {
        do {
            return try await write(line, jobs).map { $0.mapError { $0 } }
        } catch let error as PostgreSQLError where jobs.count > 1 && !error.isConnectionLost && !error.isFull {
            // Something in one of them: the others must not feel it.
            var results: [Result<Acceptance, any Error>] = []
            for job in jobs { results += await self.results(of: [job], line) }
            return results
        } catch {
            return jobs.map { _ in .failure(error) }
        }
    }

    /// Each replica once: what a request finds depends on the one before.
    private func next(of line: LineID) -> [Waiting]? {
        state.withLock { state in
            guard let waiting = state.waiting.removeValue(forKey: line) else {
                state.writing.remove(line)
                return nil
            }
            var batch: [Waiting] = []
            var rest: [Waiting] = []
            var replicas: Set<UInt64> = []
            var changes = 0
            for one in waiting {
                let size = one.job.request.commits.reduce(0) { $0 + $1.changes.count }
                let fits = batch.isEmpty || (batch.count < Self.batchRequests && changes + size <= Self.batchChanges)
                // One that had to wait keeps its replica's later ones behind it.
                if replicas.insert(one.job.request.replica.rawValue).inserted, fits {
                    batch.append(one)
                    changes += size
                } else {
                    rest.append(one)
                }
            }
            if !rest.isEmpty { state.waiting[line] = rest }
            return batch
        }
    }
}
