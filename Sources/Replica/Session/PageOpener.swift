import Dispatch
import Support
import SyncProtocol
import Synchronization

/// Reads a page of the feed in batches, and opens the next one on another core while one is applied.
///
/// Opening takes as long as writing to the tables does, and needs nothing of the database. What comes out is the same
/// either way; a small page is not worth a thread.
final class PageOpener: Sendable {
    private struct State {
        var reader: CBORReader
        var ready: [Result<OpenedBatch?, ProtocolError>] = []
    }
    private let state: Lock<State>
    private let keys: SessionKeys
    private let schema: Schema
    private let limits: Limits
    private let isAhead: Bool
    private let filled = DispatchSemaphore(value: 0)
    private let free = DispatchSemaphore(value: 0)
    private let isStopped = Atomic<Bool>(false)
    /// Whether the latest batch brought anything new: pages that are read again need not be opened.
    private let brings = Atomic<Bool>(true)

    /// Batches that may wait to be applied: memory stays flat.
    private static let batchesAhead = 2
    private static let batchChanges = 400
    private static let smallPageBytes = 65_536

    init(_ page: ArraySlice<UInt8>, _ keys: SessionKeys, _ schema: Schema, _ limits: Limits) {
        state = Lock(State(reader: CBORReader(page)))
        self.keys = keys
        self.schema = schema
        self.limits = limits
        isAhead = page.count >= Self.smallPageBytes
        // Counted up from zero: a semaphore must not end below what it began with.
        for _ in 0..<Self.batchesAhead { free.signal() }
        if isAhead { DispatchQueue.global(qos: .userInitiated).async { self.openAhead() } }
    }

    /// The next commits of the page; nil at its end.
    func next() throws -> OpenedBatch? {
        guard isAhead else { return try state.withLock { state throws(any Error) in try read(&state.reader) } }
        filled.wait()
        let result = state.withLock { $0.ready.removeFirst() }
        free.signal()
        return try result.get()
    }

    /// Tells whether a batch brought anything new.
    func note(brings: Bool) { self.brings.store(brings, ordering: .relaxed) }

    /// To be called when no further batch is wanted, whatever the reason.
    func stop() {
        isStopped.store(true, ordering: .relaxed)
        free.signal()
    }

    private func openAhead() {
        var reader = state.withLock { $0.reader }
        var isOver = false
        while !isOver {
            free.wait()
            if isStopped.load(ordering: .relaxed) { return }
            let result: Result<OpenedBatch?, ProtocolError>
            do throws(ProtocolError) {
                let batch = try read(&reader)
                if brings.load(ordering: .relaxed) { batch?.openAll() }
                isOver = batch == nil
                result = .success(batch)
            } catch {
                isOver = true
                result = .failure(error)
            }
            state.withLock { $0.ready.append(result) }
            filled.signal()
        }
    }

    private func read(_ reader: inout CBORReader) throws(ProtocolError) -> OpenedBatch? {
        var commits: [FeedCommit] = []
        var count = 0
        while !reader.isAtEnd, count < Self.batchChanges {
            let commit = try reader.feedCommit(limits: limits)
            count += commit.changes.count
            commits.append(commit)
        }
        return commits.isEmpty ? nil : OpenedBatch(commits, keys, schema, limits)
    }
}
