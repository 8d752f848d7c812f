import ChangeLog
import Support
import SyncProtocol

/// Looks at how everything stands once a minute, also when no operator does: what happened at night is seen in the morning.
struct Sampling: Sendable {
    let server: SyncServer
    let sleep: @Sendable (Double) async throws -> Void

    static let pause = 60.0

    /// Runs until its task is cancelled. A store that cannot be read now may be readable in a minute; that minute stays unknown.
    func run() async {
        while !Task.isCancelled {
            do {
                try await step()
            } catch {
                server.logger.error("sampling-failed")
            }
            do { try await sleep(Self.pause) } catch { return }
        }
    }

    func step() async throws {
        if let bytes = server.host().storeBytes { server.metrics.history.note { $0.storeBytes = bytes } }
        // Computing the overviews notes how far workstations lag.
        let overviews = try await server.overviews.current()
        // Whoever asks next sees how it stands then.
        server.overviews.forget()
        for overview in overviews { try await countConflicts(overview.line) }
    }

    private func countConflicts(_ line: LineSummary) async throws {
        if server.conflictLooks.isDue(id: line.id, head: line.head, now: server.clock.nowMilliseconds()) {
            _ = try await server.countConflicts(line.id, head: line.head)
        } else if let look = server.conflictLooks.latest(line.id), look.head == line.head {
            server.metrics.history.note(line.id) { $0.conflicts = UInt32(clamping: look.records) }
        }
    }
}

extension SyncServer {
    /// Keeps the day's history going, until its task is cancelled.
    public func sample() async {
        await Sampling(server: self, sleep: { try await Task.sleep(for: .seconds($0)) }).run()
    }

    /// Reads an index of the whole line, about a microsecond for each change.
    func countConflicts(_ line: LineID, head: UInt64) async throws -> [ConcurrentRecord] {
        let began = ContinuousClock.now
        let found = try await verification.take { try await log.concurrentRecords(of: line) }
        conflictLooks.note(
            ConflictLook(
                at: clock.nowMilliseconds(), records: found.count, oldest: found.map(\.since).min(), head: head,
                cost: ContinuousClock.now - began), of: line)
        metrics.history.note(line) { $0.conflicts = UInt32(clamping: found.count) }
        return found
    }
}
