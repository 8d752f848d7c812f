import Merge
import Replica
import SQLite
import Support
import SyncClient
import SyncProtocol

/// One simulated workstation: a real replica on a real file, a real client, a clock, and somebody who works at it.
final class Workstation: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.

    /// A form that somebody has opened: what is written from it has seen what it shows.
    struct Form {
        var record: Int
        var basis: EditBasis
        var seen: [Oracle.Place: Set<Int>]
    }

    /// What the oracle knows of a workstation; a copy of the file takes it along.
    struct Memory {
        /// The writes of its outbox, and older ones that were not struck off yet, oldest first.
        var commits: [Int] = []
        /// Everything that was written at it.
        var written: Set<Int> = []
    }

    static let serverAddress = "http://server"

    let number: Int
    let clock: SimulatedClock
    private(set) var computer: Computer
    private(set) var isNewer: Bool
    private(set) var replica: Replica
    private(set) var client: SyncClient
    var memory = Memory()
    var form: Form?
    var watching: Task<Void, Never>?
    /// Exchanges that were begun and have not ended; they die with the process.
    var syncing: [Int: Task<Void, Never>] = [:]
    /// Counts the process's lives: what an earlier one still does changes nothing here.
    private(set) var life = 0

    /// How many healings it may still begin: each needs a cause, such as a server that was put back.
    var mayHeal = 0

    let parts: Parts

    /// What a workstation is made of, beside its file.
    struct Parts {
        var transport: DeskTransport
        var sleeper: Sleeper
        var random: RandomSource
        var pageBytes: Int
        var requestBytes: Int
        var leasedNumbers: Int
    }

    init(number: Int, computer: Computer, isNewer: Bool, clock: SimulatedClock, parts: Parts) throws {
        self.number = number
        self.computer = computer
        self.isNewer = isNewer
        self.clock = clock
        self.parts = parts
        (replica, client) = try Self.start(computer, isNewer, clock, parts)
    }

    /// The process is started anew, on the same disk or another one.
    func restart(on computer: Computer, isNewer: Bool) throws {
        watching?.cancel()
        watching = nil
        for (_, task) in syncing.sorted(by: { $0.key < $1.key }) { task.cancel() }
        syncing = [:]
        form = nil
        life += 1
        self.computer = computer
        self.isNewer = isNewer
        (replica, client) = try Self.start(computer, isNewer, clock, parts)
    }

    private static func start(
        _ computer: Computer, _ isNewer: Bool, _ clock: SimulatedClock, _ parts: Parts
    ) throws -> (Replica, SyncClient) {
        let replica = try Replica(
            path: Computer.path, schema: isNewer ? Notebook.newer : Notebook.older,
            environment: .init(wallMilliseconds: { clock.now }, randomWord: parts.random.nextWord, vfs: computer.vfs),
            cacheKibibytes: 500)
        var configuration = SyncClient.Configuration()
        configuration.pageBytes = parts.pageBytes
        configuration.requestBytes = parts.requestBytes
        configuration.leasedNumbers = parts.leasedNumbers
        let sleeper = parts.sleeper
        let random = parts.random
        let client = SyncClient(
            replica: replica, transport: parts.transport, configuration: configuration,
            sleep: { seconds in
                // Other processes are looked for ten times a second; there are none here, and the steps are dear.
                try await sleeper.sleep(UInt64(seconds < 0.2 ? 30_000 : seconds * 1_000))
            },
            random: { Double(random.nextWord() >> 11) / Double(1 << 53) })
        return (replica, client)
    }

    // MARK: What the oracle reads

    /// Strikes off the writes that the server has confirmed, and returns them.
    func strikeOffConfirmed() throws -> [Int] {
        let pending = try replica.status().pending
        guard pending < memory.commits.count else { return [] }
        let confirmed = Array(memory.commits.dropLast(pending))
        memory.commits = Array(memory.commits.suffix(pending))
        return confirmed
    }
}
