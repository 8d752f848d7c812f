import ChangeLog
import Support
import SyncProtocol
import SyncServer

/// One life of the server's process, on one store.
final class SimulatedServer: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    let computer: any ServerComputer
    let log: any LineStore
    let handler: SyncServer

    /// The largest commit that it takes, far below what workstations may write.
    static let commitBytes = 20_000
    static let tooMuchBytes = 30_000

    init(
        computer: any ServerComputer, clock: SimulatedClock, timeline: Timeline, executor: SimulatedExecutor,
        sleeper: Sleeper, groupDelay: Int64, random: RandomSource, observer: any AcceptanceObserver
    ) throws {
        self.computer = computer
        var limits = Limits()
        limits.commitBytes = Self.commitBytes
        log = try computer.open(
            ServerParts(
                limits: limits, random: random, groupDelay: groupDelay, timeline: timeline, executor: executor))
        handler = SyncServer(
            log: ObservedChangeLog(log, registry: log, observer: observer), registry: log, limits: limits,
            clock: WallClock { clock.now },
            logger: Logger(minimumLevel: .error, sink: { _ in }), sleep: { try await sleeper.sleep($0) })
    }
}
