import ChangeLog
import Support
import SyncProtocol
import SyncServer

/// One life of the server's process, on one file.
final class SimulatedServer: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    let computer: Computer
    let log: SQLiteChangeLog
    let handler: SyncServer

    /// The largest commit that it takes, far below what workstations may write.
    static let commitBytes = 20_000
    static let tooMuchBytes = 30_000

    init(
        computer: Computer, clock: SimulatedClock, timeline: Timeline, sleeper: Sleeper, groupDelay: Int64,
        random: RandomSource, observer: any AcceptanceObserver
    ) throws {
        self.computer = computer
        var limits = Limits()
        limits.commitBytes = Self.commitBytes
        log = try SQLiteChangeLog(
            path: Computer.path, limits: limits, cacheKibibytes: 500, random: random, vfs: computer.vfs
        ) { work in
            if groupDelay == 0 { work() } else { timeline.after(groupDelay, work) }
        }
        handler = SyncServer(
            log: ObservedChangeLog(log, observer: observer), registry: log, limits: limits,
            clock: WallClock { clock.now },
            logger: Logger(minimumLevel: .error, sink: { _ in }), sleep: { try await sleeper.sleep($0) })
    }
}
