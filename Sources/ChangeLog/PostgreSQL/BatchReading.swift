import Merge
import PostgreSQL
import SyncProtocol

/// What was read for a batch of requests.
struct BatchReading {
    let access: PostgreSQLLineAccess
    var set: WorkingSet
    private let jobs: [BatchAcceptor.Job]
    private let known: [ReplicaID: ReplicaState]
    private let standings: [Int64: DeviceRows.Standing]
    private let checks: [UInt64: [UInt8]]
    /// Three for each request: digests, leases, blocks.
    private let answers: [Rows]
    /// Blocks that requests before in the batch were given.
    private var newBlocks: Set<UInt64> = []

    private static let (shared, each) = (5, 3)

    /// From the answers to what ``BatchAcceptor`` sends, of which the last are those of the working set.
    init(
        jobs: [BatchAcceptor.Job], answers all: [Rows], setAnswers: Int, access: PostgreSQLLineAccess
    ) throws {
        // The first is that of BEGIN.
        guard all.count == Self.shared + Self.each * jobs.count + setAnswers, let row = all[1].first else {
            throw ChangeLogError(.wrongLine, "this device belongs to another line; nothing was changed")
        }
        self.jobs = jobs
        self.access = access
        let line = try LineRows.decode(row)
        known = ReplicaRows.decode(all[2])
        standings = DeviceRows.decodeStandings(all[3])
        checks = LogRows.decodeChecks(all[4])
        answers = Array(all[Self.shared..<Self.shared + Self.each * jobs.count])
        set = access.workingSet(all.suffix(setAnswers), line)
    }

    func facts(of index: Int) -> Result<ReplicaFacts, ChangeLogError> {
        let (request, device) = (jobs[index].request, jobs[index].device)
        guard request.line == device.line else {
            return .failure(.init(.wrongLine, "this device belongs to another line; nothing was changed"))
        }
        do { try DeviceRows.check(device, in: standings) } catch {
            return .failure(
                error as? ChangeLogError ?? .init(.storage, "the device's standing is not known", cause: error))
        }
        let known = known[request.replica]
        guard known == nil || known?.device == device.reference else {
            return .failure(.init(.wrongDevice, "this replica is another device's; nothing was changed"))
        }
        var facts = ReplicaFacts(
            replica: known ?? ReplicaState(replica: request.replica, device: device.reference), isKnown: known != nil,
            isCursorGood: request.wantsNoPage || set.line.contains(request.cursor, checks: checks))
        let own = answers[Self.each * index..<Self.each * (index + 1)]
        facts.digests = LogRows.decodeDigests(own[own.startIndex])
        facts.unreceived = LeaseRows.decodeGiven(own[own.startIndex + 1])
        let blocks = own[own.startIndex + 2]
        facts.givenBlocks = newBlocks.union(blocks.indices.map { blocks[$0].word(0) })
        return .success(facts)
    }

    /// The working set, to be put back changed. It is the only copy.
    mutating func takeSet() -> WorkingSet {
        var taken = WorkingSet(line: set.line)
        swap(&taken, &set)
        return taken
    }

    mutating func putBack(_ changed: consuming WorkingSet) {
        for case .lease(let lease, _) in changed.writes { newBlocks.insert(lease.start) }
        set = changed
    }
}
