public import Replica

/// What a continuous sync tells whoever shows its state.
public enum SyncEvent: Sendable {
    /// Everything is exchanged; the next news will come by itself.
    case upToDate(SyncReport)
    /// Changes came in, or the exchange led to something else: see ``Receipt/events``.
    case received(Receipt)
    /// The attempt failed; the next one comes in so many seconds, or at once after a local write.
    case offline(error: any Error, retrySeconds: Double)
}

extension SyncClient {
    /// Syncs for as long as the task runs: at once after a local write, of this or another process; within a round trip
    /// after a change elsewhere; and with growing patience while the server cannot be reached.
    ///
    /// Returns when the task is cancelled. Throws only what no patience mends: a refusal, a
    /// damaged file.
    public func watch(onEvent: @escaping @Sendable (SyncEvent) -> Void = { _ in }) async throws {
        let signal = Signal()
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await self.signalLocalWrites(signal) }
            group.addTask { try await self.signalOtherProcesses(signal) }
            group.addTask { try await self.keepInSync(signal, onEvent) }
            // The first to end is the one that failed, or all at once when cancelled.
            defer { group.cancelAll() }
            do {
                try await group.next()
            } catch is CancellationError {}
        }
    }

    private func keepInSync(_ signal: Signal, _ onEvent: @escaping @Sendable (SyncEvent) -> Void) async throws {
        var backoff = Backoff()
        var interval = replica.wasLeftOpen ? 0 : Self.scrubMilliseconds
        while !Task.isCancelled {
            do {
                var report = SyncReport()
                try await run(SyncSession(replica), &report) { receipt in
                    if receipt.isWorthTelling { onEvent(.received(receipt)) }
                }
                backoff.reset()
                onEvent(.upToDate(report))
                // Once a day the file is looked over: what a disk lost is found, and comes back. At once, if it was not closed.
                let wasWrong = try replica.scrub(everyMilliseconds: interval)
                interval = Self.scrubMilliseconds
                if wasWrong { continue }
                try await compareWhenDue()
                try await waitForNews(signal, onEvent)
            } catch let error as SyncError where error.code == .noRoom {
                // What others write is read all the while.
                onEvent(.offline(error: error, retrySeconds: error.retryAfterSeconds ?? 60))
                await readOn(signal, onEvent)
            } catch let error as SyncError where error.isTransient || error.code == .insecure {
                // Another's certificate passes too: a captive portal's, or an expired one that somebody renews.
                let seconds = max(backoff.next(random: random()), error.retryAfterSeconds ?? 0)
                onEvent(.offline(error: error, retrySeconds: seconds))
                await rest(seconds, unless: signal)
            } catch let error as ReplicaError where error.mayPass {
                // Somebody may make room, or let go; what was written is safe either way.
                let seconds = backoff.next(random: random())
                onEvent(.offline(error: error, retrySeconds: seconds))
                await rest(seconds, unless: signal)
            }
        }
    }

    private static let scrubMilliseconds: Int64 = 86_400_000

    /// Waits at the server until there is something new there, or here.
    private func waitForNews(_ signal: Signal, _ onEvent: @escaping @Sendable (SyncEvent) -> Void) async throws {
        try await withThrowingTaskGroup(of: Receipt?.self) { group in
            group.addTask {
                try await self.exchange(
                    SyncSession(self.replica), waitMilliseconds: self.configuration.waitMilliseconds)
            }
            group.addTask {
                await signal.wait()
                return nil
            }
            defer { group.cancelAll() }
            guard let receipt = try await group.next() ?? nil else { return }
            if receipt.isWorthTelling { onEvent(.received(receipt)) }
        }
    }

    private func readOn(_ signal: Signal, _ onEvent: @escaping @Sendable (SyncEvent) -> Void) async {
        do {
            try await waitForNews(signal, onEvent)
        } catch {
            // The next attempt meets the same, and says so.
            await rest(Backoff.firstSeconds * 10, unless: signal)
        }
    }

    private func rest(_ seconds: Double, unless signal: Signal) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                do { try await self.sleep(seconds) } catch { return }
            }
            group.addTask { await signal.wait() }
            await group.next()
            group.cancelAll()
        }
    }

    private func signalLocalWrites(_ signal: Signal) async {
        for await notice in replica.changes() where notice.origin == .local { signal.fire() }
    }

    /// SQLite says by a number in shared memory that another process has written; looking ten times a second costs
    /// nothing that can be measured.
    private func signalOtherProcesses(_ signal: Signal) async throws {
        let watcher = try replica.otherProcessWatcher()
        while !Task.isCancelled {
            if try watcher.hasNewOutbox() { signal.fire() }
            try await sleep(0.1)
        }
    }
}

extension Receipt {
    fileprivate var isWorthTelling: Bool { applied > 0 || !events.isEmpty }
}

extension ReplicaError {
    /// Whether it may pass without anybody doing anything here.
    fileprivate var mayPass: Bool { code == .diskFull || code == .busy || code == .badAnswer || code == .waitsForKey }
}
