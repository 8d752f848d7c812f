import ChangeLog
import Support
import SyncProtocol

/// Looks over the store by itself, a part a minute, so that all of every line has been seen within a week.
///
/// What a disk changed or lost is set aside, and said in the log and in the metrics; the next exchange of any desk that holds it
/// brings it back.
struct Scrubbing: Sendable {
    private let log: any ChangeLog
    private let clock: WallClock
    private let logger: Logger
    private let metrics: Metrics
    private let sleep: @Sendable (Double) async throws -> Void

    /// Between two parts, in seconds.
    static let pause = 60.0
    /// So many parts are made in five days: two of a week are left for a server that is not always up.
    private static let parts = 5 * 24 * 60
    /// Rows of a part at least. A part is one transaction: 2,000 rows keep writers waiting for some milliseconds.
    static let leastRows = 2_000

    init(
        log: any ChangeLog, clock: WallClock, logger: Logger, metrics: Metrics,
        sleep: @escaping @Sendable (Double) async throws -> Void = { try await Task.sleep(for: .seconds($0)) }
    ) {
        self.log = log
        self.clock = clock
        self.logger = logger
        self.metrics = metrics
        self.sleep = sleep
    }

    /// Runs until its task is cancelled. A store that cannot be read now may be readable in a minute.
    func run() async {
        while !Task.isCancelled {
            do {
                try await step()
            } catch {
                logger.error("scrub-failed")
            }
            do { try await sleep(Self.pause) } catch { return }
        }
    }

    /// The next part of each line.
    func step() async throws {
        for line in try await log.lines() {
            // Each row is looked at twice: by itself, and as a part of the sum.
            let count = max(Self.leastRows, 2 * line.liveChanges / Self.parts + 1)
            switch try await log.scrub(line: line.id, count: count, now: clock.nowMilliseconds()) {
            case .goesOn: continue
            case .finished:
                metrics.scrubbed(damaged: 0)
                logger.debug("scrub-finished", ["line": .identifier(line.id.bytes)])
            case .mended(let found):
                metrics.scrubbed(damaged: found.damagedChanges)
                logger.error(
                    "damage-found",
                    [
                        "line": .identifier(line.id.bytes), "changes": .int(found.damagedChanges),
                        "right-sums": .bool(found.isSumRight),
                    ])
            }
        }
    }
}
