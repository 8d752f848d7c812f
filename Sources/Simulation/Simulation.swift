import ChangeLog
import Merge
import Replica
import SimulatedLead
import Support
import SyncClient
import SyncProtocol
import SyncServer

/// One run: a server and its workstations, made of the product's own code and real files, in simulated time, on a
/// simulated network, with nothing left to chance but the seed.
///
/// ```swift
/// let outcome = Simulation(Script(seed: 42)).run()
/// ```
public final class Simulation: @unchecked Sendable {
    // @unchecked: everything of a run happens on the thread that calls `run()`.
    let script: Script
    let timeline = Timeline()
    let executor = SimulatedExecutor()
    let trace: Trace
    let sleeper: Sleeper
    let network: SimulatedNetwork
    let serverClock: SimulatedClock
    let record: ServerRecord
    /// The line's first workstation, which lets the others in and out and writes nothing.
    let lead: SimulatedLead
    var line: LineID { lead.line }
    var desks: [Workstation] = []
    var backups: [Backup] = []
    var serverBackups: [ServerBackup] = []
    var oracle = Oracle()
    /// Who took which reference number.
    var numbers: [UInt64: Int] = [:]
    /// What has truly happened, not what might have: some checks are meant for undisturbed runs only.
    var happened: Faults = []
    var violation: Violation?
    var random: RandomSource
    private let database: String?

    /// A workstation's disk as it was at some moment, with what the oracle knows of it.
    struct Backup {
        var computer: Computer
        var isNewer: Bool
        var memory: Workstation.Memory
        var desk: Int
    }

    struct ServerBackup {
        var computer: any ServerComputer
        var model: ServerRecord.State
    }

    /// - Parameters:
    ///   - keepsTrace: whether the outcome tells what happened, line by line.
    ///   - database: the address of a PostgreSQL server that keeps the server's store, in schemas of the run's own; nil: a
    ///     simulated disk keeps it, in SQLite's file.
    ///   - tamper: changes answers on their way, for tests of the checker.
    public init(
        _ script: Script, keepsTrace: Bool = false, database: String? = nil,
        tamper: (@Sendable (_ path: String, _ body: [UInt8]) -> [UInt8])? = nil
    ) throws {
        self.script = script
        self.database = database
        trace = Trace(timeline, keepsLines: keepsTrace)
        sleeper = Sleeper(timeline)
        network = SimulatedNetwork(timeline: timeline, executor: executor, trace: trace, weather: .fair)
        network.tamper = tamper
        serverClock = SimulatedClock(timeline)
        record = ServerRecord()
        random = RandomSource.seeded(script.seed &+ 0x5EED)
        lead = try SimulatedLead(now: 0)
    }

    /// Runs the script to its end, or to the first violation.
    public func run() -> Outcome {
        do {
            try setUp()
            for (index, step) in script.steps.enumerated() {
                try runFor(step.delay)
                trace.note("step \(index): \(step.action)")
                try attempt(step.action)
                try runReady()
            }
            try settleAll()
            try finalCheck()
        } catch let found as Violation {
            violation = violation ?? found
        } catch {
            violation = violation ?? Violation("unexpected", "\(error)")
        }
        if let violation { trace.note("VIOLATION \(violation)") }
        tearDown()
        return Outcome(
            script: script, violation: violation, traceHash: trace.hash, trace: trace.lines,
            requests: network.requests, writes: oracle.count)
    }

    /// Does what a step says; a power cut ends it where it comes.
    private func attempt(_ action: Step.Action) throws {
        do {
            try perform(action)
        } catch  where !(error is Violation) && desks.contains(where: { $0.computer.hasLostPower }) {
            trace.note("the step ends early")
        }
    }

    // MARK: Beginning and end

    private func setUp() throws {
        try startServer(on: firstServer())
        guard let server = network.server else { return }
        let now = serverClock.now
        try finish("founding") { [lead] in try await lead.found(in: server.log, lineName: "Line", now: now) }
        for number in 0..<script.setup.desks {
            let isNewer = script.setup.newerSchemas & 1 << UInt64(number % 64) != 0
            let desk = try addDesk(on: Computer(seed: random.nextWord()), isNewer: isNewer)
            try join(desk, server)
        }
        network.weather = script.setup.weather
    }

    func join(_ desk: Workstation, _ server: SimulatedServer) throws {
        let now = serverClock.now
        try finish("join") { [lead] in
            try await lead.admit(
                desk.replica, name: "Desk \(desk.number)", in: server.log, server: Workstation.serverAddress, now: now)
        }
    }

    /// Ends every task, so that none outlives its files.
    private func tearDown() {
        for desk in desks { desk.watching?.cancel() }
        network.server = nil
        network.dropConnections()
        sleeper.cancelAll()
        executor.runUntilIdle()
        // Writes that were only planned, and whoever waits for them.
        let end = timeline.now + 1_000
        while timeline.advance(until: end) { executor.runUntilIdle() }
        sleeper.cancelAll()
        executor.runUntilIdle()
        timeline.clear()
        network.tamper = nil
    }

    // MARK: Parts

    private func firstServer() throws -> any ServerComputer {
        let seed = random.nextWord()
        guard let database else { return Computer(seed: seed) }
        return try DatabaseComputer(SimulatedDatabase(database))
    }

    func startServer(on computer: any ServerComputer) throws {
        network.server = try SimulatedServer(
            computer: computer, clock: serverClock, timeline: timeline, executor: executor, sleeper: sleeper,
            groupDelay: script.setup.groupDelay, random: RandomSource.seeded(random.nextWord()),
            observer: LifeObserver(record, network))
    }

    @discardableResult
    func addDesk(on computer: Computer, isNewer: Bool) throws -> Workstation {
        let number = desks.count
        let source = RandomSource.seeded(random.nextWord())
        let parts = Workstation.Parts(
            transport: DeskTransport(network, desk: number, random: RandomSource.seeded(random.nextWord())),
            sleeper: sleeper, random: source, pageBytes: script.setup.pageBytes,
            requestBytes: script.setup.requestBytes, leasedNumbers: script.setup.leasedNumbers)
        let desk = try Workstation(
            number: number, computer: computer, isNewer: isNewer, clock: SimulatedClock(timeline), parts: parts)
        desks.append(desk)
        return desk
    }

    // MARK: Time

    /// Lets everything happen that is due within the given time.
    func runFor(_ milliseconds: Int64) throws {
        let end = timeline.now + milliseconds
        while timeline.advance(until: end) { try runReady() }
    }

    func runReady() throws {
        executor.runUntilIdle()
        try restorePower()
        if let violation { throw violation }
    }

    /// Runs until the work has ended; it must end within an hour.
    func finish(_ what: String, _ work: @escaping @Sendable () async throws -> Void) throws {
        try value(what, work)
    }

    /// The same for work that has a result.
    @discardableResult
    func value<Value>(_ what: String, _ work: @escaping @Sendable () async throws -> Value) throws -> Value {
        let ending = Ending<Value>()
        Task(executorPreference: executor) {
            do {
                ending.result = .success(try await work())
            } catch {
                ending.result = .failure(error)
            }
        }
        try runReady()
        let end = timeline.now + 3_600_000
        while ending.result == nil, timeline.advance(until: end) { try runReady() }
        guard let result = ending.result else { throw Violation("settles", "\(what) does not end within an hour") }
        return try result.get()
    }

    private final class Ending<Value>: @unchecked Sendable {
        // @unchecked: confined to its simulation's thread.
        var result: Result<Value, any Error>?
    }
}
