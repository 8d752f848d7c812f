import Merge
import PostgreSQL
import Support
import SyncProtocol

/// Takes the commits of several requests of one line in one transaction: two exchanges with the database, however many.
///
/// All that the requests touch is read at once; they are decided one after the other over one working set; and all that they
/// change is written at once. The requests are of different replicas.
struct BatchAcceptor {
    let connection: PostgreSQLConnection
    let line: LineID
    let limits: Limits
    let bound: ClockBound
    let random: RandomSource

    struct Job: Sendable {
        var request: SyncRequest
        var device: Device
        var now: Int64
    }
    struct Outcome: Sendable {
        /// Of each job, in order.
        var answers: [Result<Acceptance, ChangeLogError>]
        /// Where the line stands now.
        var cursor: Cursor
    }

    /// What becomes of a request, if nothing need be written for it; else nil.
    func answerWithoutWriting(_ job: Job) throws -> Acceptance? {
        try connection.sendSnapshot()
        let reading = try read([job], locking: false)
        try connection.sendCommit()
        try connection.receive()
        let facts = try reading.facts(of: 0).get()
        var rules = rules(reading.set, facts, job)
        let acceptance = rules.decide(job.request)
        return rules.changesAnything ? nil : acceptance
    }

    func run(_ jobs: [Job]) throws -> Outcome {
        try connection.sendBegin()
        var reading = try read(jobs, locking: true)
        var answers: [Result<Acceptance, ChangeLogError>] = []
        var replicas: [ReplicaState] = []
        for (index, job) in jobs.enumerated() {
            let facts: ReplicaFacts
            switch reading.facts(of: index) {
            case .failure(let error):
                answers.append(.failure(error))
                continue
            case .success(let found): facts = found
            }
            var rules = rules(reading.takeSet(), facts, job)
            answers.append(.success(rules.decide(job.request)))
            if rules.changesAnything {
                if !facts.isKnown { rules.set.line.replicas += 1 }
                replicas.append(rules.replica)
            }
            reading.putBack(rules.set)
        }
        if !replicas.isEmpty {
            if jobs.count > 1 { Marks.reach(.groupCommit) }
            try reading.access.write(&reading.set)
            try LineRows.save(reading.set.line, connection)
            for replica in replicas { try ReplicaRows.save(replica, line: line, connection) }
        }
        try connection.sendCommit()
        try connection.receive()
        return Outcome(answers: answers, cursor: reading.set.line.cursor)
    }

    private func rules(_ set: WorkingSet, _ facts: ReplicaFacts, _ job: Job) -> AcceptRules {
        AcceptRules(set, facts: facts, limits: limits, bound: bound, now: job.now, random: random)
    }

    private func read(_ jobs: [Job], locking: Bool) throws -> BatchReading {
        try connection.send(locking ? LineRows.lock : LineRows.find) { $0.add(line.bytes) }
        try ReplicaRows.send(jobs.map(\.request.replica), line: line, connection)
        try DeviceRows.sendStandings(jobs.map(\.device.reference), line: line, connection)
        try LogRows.sendChecks(jobs.map(\.request.cursor.position), line: line, connection)
        for job in jobs { try sendFacts(job.request) }
        let access = PostgreSQLLineAccess(connection, isWriting: locking, limits: limits)
        let sent = try access.sendReading(
            jobs.lazy.flatMap(\.request.commits).flatMap(\.changes).map(\.header), line: line)
        let answers = try connection.receive()
        return try BatchReading(jobs: jobs, answers: answers, setAnswers: sent, access: access)
    }

    /// What is asked for each request by itself: three answers.
    private func sendFacts(_ request: SyncRequest) throws {
        try LogRows.sendDigests(of: request.replica, from: request.acknowledged, line: line, connection)
        try LeaseRows.sendGiven(to: request.replica, after: request.leases.received, line: line, connection)
        if request.leases.wanted > 0 {
            try connection.send(LeaseRows.starts) { $0.add(line.bytes) }
        } else {
            try connection.send(LeaseRows.contains) {
                $0.add(line.bytes)
                $0.add(word: LeaseRules.block(endingAt: request.leases.highest) ?? LeaseRules.numberCount)
            }
        }
    }
}
