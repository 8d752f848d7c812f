import ChangeLog
import Support
import SyncProtocol

/// The lines' overviews, computed when somebody asks and at most so often that it costs a tenth of one processor: screens and
/// collectors of metrics ask many times a minute, and reading how all workstations stand takes time at a large server.
final class Overviews: Sendable {
    private struct Kept {
        var lines: [LineOverview]
        var at: ContinuousClock.Instant
        var cost: Duration
    }

    private let log: any ChangeLog
    private let clock: WallClock
    private let logger: Logger
    private let history: DayHistory
    private let kept = Lock<Kept?>(nil)
    private let turn = Turns(atOnce: 1, waitingLimit: 256)
    private static let shortest: Duration = .milliseconds(500)

    init(log: any ChangeLog, clock: WallClock, logger: Logger, history: DayHistory) {
        self.history = history
        self.log = log
        self.clock = clock
        self.logger = logger
    }

    /// At most half a second old, or ten times as old as it takes to compute.
    func current() async throws -> [LineOverview] {
        if let fresh = fresh() { return fresh }
        return try await turn.take {
            if let fresh = fresh() { return fresh }
            let began = ContinuousClock.now
            let lines = try await compute()
            let end = ContinuousClock.now
            kept.withLock { $0 = Kept(lines: lines, at: end, cost: end - began) }
            return lines
        }
    }

    /// What is asked next is computed: somebody has changed something and wants to see it.
    func forget() { kept.withLock { $0 = nil } }

    private func fresh() -> [LineOverview]? {
        kept.withLock { kept in
            guard let kept, ContinuousClock.now - kept.at < max(Self.shortest, kept.cost * 10) else { return nil }
            return kept.lines
        }
    }

    private func compute() async throws -> [LineOverview] {
        var overviews: [LineOverview] = []
        for line in try await log.lines() {
            var overview = LineOverview(line: line, devices: DeviceStanding.all(try await log.replicas(of: line.id)))
            if overview.isRefilled {
                let now = clock.nowMilliseconds()
                try await log.noteRefilled(line.id, now: now)
                if overview.line.restoration?.completed == nil { overview.line.restoration?.completed = now }
                overview.line.setAsideChanges = 0
                logger.warning(
                    "refilled", ["line": .identifier(line.id.bytes), "workstations": .int(overview.agreed)])
            }
            let lag = UInt32(clamping: overview.welcome.map(\.latest.lag).max() ?? 0)
            history.note(line.id) { $0.lag = max($0.lag ?? 0, lag) }
            overviews.append(overview)
        }
        return overviews
    }
}
