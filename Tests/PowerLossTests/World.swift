import ChangeLog
import Merge
import Replica
import SQLite
import Sealing
import SimulatedDisk
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Trust

/// Three computers that work on simulated disks, and the ledger of what they confirmed.
final class World {
    /// The power is gone at one of them: the chapter ends here.
    struct PowerGone: Error {}

    var scene: Scene
    var ledger: Ledger { scene.ledger }
    let wire = Wire()
    let clock: Lock<Int64>
    private(set) var log: SQLiteChangeLog?
    private var desks: [Machine: Desk] = [:]
    /// The one fault of this run.
    private var fault: FaultPlan?
    private(set) var failures: [any Error] = []
    /// Events of syncs that tell of lost data.
    private(set) var alarms: [Receipt.Event] = []

    struct Desk {
        let replica: Replica
        let client: SyncClient
    }

    /// Works on copies of the scene's disks.
    init(_ scene: Scene) {
        self.scene = scene.copy()
        clock = Lock(scene.milliseconds)
    }

    func disk(_ machine: Machine) -> SimulatedDisk { scene.disks[machine]! }
    func isOn(_ machine: Machine) -> Bool { machine == .server ? log != nil : desks[machine] != nil }

    func arm(_ plan: FaultPlan) {
        fault = plan
        disk(plan.machine).inject(plan.fault, at: plan.call, of: plan.calls, lasts: plan.lasts)
    }

    // MARK: Switching on and off

    func start(_ machine: Machine) throws {
        let disk = disk(machine)
        let clock = clock
        if machine == .server {
            let log = try SQLiteChangeLog(path: machine.file, vfs: disk.vfs)
            self.log = log
            wire.connect(
                SyncServer(
                    log: log, registry: log, clock: WallClock { clock.withLock { $0 } },
                    logger: Logger(minimumLevel: .error, sink: { _ in })))
            return
        }
        scene.starts += 1
        // Far apart, so that no two starts ever draw the same id.
        let random = Lock(SplitMix64(seed: scene.starts << 32 | UInt64(machine == .first ? 1 : 2)))
        let replica = try Replica(
            path: machine.file, schema: Story.schema(version: scene.schemas[machine]!),
            environment: .init(
                wallMilliseconds: { clock.withLock { $0 } }, randomWord: { random.withLock { $0.next() } },
                keyStore: MemoryKeyStore(scene.keys[machine]!), vfs: disk.vfs))
        desks[machine] = Desk(replica: replica, client: SyncClient(replica: replica, transport: wire))
    }

    /// Closes a computer's files as a program does that ends: the last to close empties the write-ahead log.
    func stop(_ machine: Machine) {
        if machine == .server {
            wire.connect(nil)
            log = nil
        } else {
            desks[machine] = nil
        }
    }

    /// The same for all, waiting for what other threads still hold: the server's writer ends on a thread of its own.
    func stopAll() async {
        Machine.allCases.forEach(stop)
        for machine in Machine.allCases {
            while disk(machine).openFileCount > 0 { await Task.yield() }
        }
    }

    /// The scene as it stands; everything must be off.
    func end() -> Scene {
        var end = scene
        end.milliseconds = clock.withLock { $0 }
        return end
    }

    func upgrade(_ machine: Machine, to version: UInt64) {
        stop(machine)
        scene.schemas[machine] = version
    }

    // MARK: What people do

    /// Runs one step. A fault of the disk may make it fail; that is noted, and the story goes on, unless it was the
    /// power. A step that succeeded counts, even if the power went right after it.
    func attempt(_ body: () async throws -> Void) async throws {
        clock.withLock { $0 += 10 }
        do {
            try await body()
        } catch {
            failures.append(error)
        }
        if let fault, fault.isPowerCut, disk(fault.machine).faultCount > 0 { throw PowerGone() }
    }

    func switchOn(_ machine: Machine) async throws { try await attempt { try start(machine) } }

    func desk(_ machine: Machine) throws -> Desk {
        guard let desk = desks[machine] else { throw ReplicaError(.inaccessible, "the workstation is off") }
        return desk
    }

    func sync(_ machine: Machine) async throws {
        try await attempt {
            try await desk(machine).client.sync { note($0.events) }
        }
    }

    func note(_ events: [Receipt.Event]) {
        for event in events {
            switch event {
            case .diverged, .differs, .forked, .setAside, .unopened: alarms.append(event)
            default: break
            }
        }
    }

    /// Everything that the body notes in the ledger as tried is confirmed when its transaction has returned.
    func write(_ machine: Machine, _ body: (WriteTransaction, inout Ledger) throws -> Void) async throws {
        try await attempt {
            let desk = try desk(machine)
            let before = (scene.ledger.writes.count, scene.ledger.erasures.count)
            defer {
                for index in before.0..<scene.ledger.writes.count { scene.ledger.writes[index].machine = machine }
                for index in before.1..<scene.ledger.erasures.count { scene.ledger.erasures[index].machine = machine }
            }
            try desk.replica.write { try body($0, &scene.ledger) }
            for index in before.0..<scene.ledger.writes.count { scene.ledger.writes[index].isConfirmed = true }
            for index in before.1..<scene.ledger.erasures.count { scene.ledger.erasures[index].isConfirmed = true }
        }
    }
}
