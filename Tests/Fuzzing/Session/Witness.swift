import ChangeLog
import HTTPServer
import Merge
import Sealing
import SyncProtocol
import SyncServer

/// Desk B, which works soundly, and looks after each request of A whether something of its own has changed.
struct Witness {
    let site: SessionSite
    private(set) var standing: Standing
    private var desk: FuzzedDesk
    private var summary: ReplicaSummary?
    private var others: [LineSummary]
    private var nextID: UInt64 = 0xB_0000
    /// What B itself has written: a healing may bring in others under its name, and is believed.
    private var written: Set<Standing.Name>
    private var renewals: UInt64 = 0

    init(_ site: SessionSite) throws {
        self.site = site
        desk = site.template.deskB
        standing = try Standing(site.log, site.template.deviceB)
        summary = try Self.summary(site, desk.replica)
        others = try Self.others(site)
        written = Set(standing.rows.lazy.filter { $0.stamp.replica == FuzzedDesk.replicaB }.map(\.name))
    }

    private static func summary(_ site: SessionSite, _ replica: ReplicaID) throws -> ReplicaSummary? {
        var summary = try site.log.replicas(of: site.template.line).first { $0.replica == replica }
        summary?.lag = 0
        return summary
    }

    private static func others(_ site: SessionSite) throws -> [LineSummary] {
        try site.log.lines().filter { $0.id != site.template.line }
    }

    // MARK: After a request of A

    mutating func look(after sending: Adversary.Sending, _ response: HTTPResponse) throws {
        let before = standing
        standing = try Standing(site.log, site.template.deviceB)
        try hold(try site.log.verify(line: site.template.line), "the server's own scan gives another fingerprint")
        try hold(try Self.summary(site, desk.replica) == summary, "what is held of B has changed")
        try hold(
            try site.log.device(tokenHash: Secrets.hash(SessionTemplate.tokenB)) == site.template.deviceB,
            "B's enrolment has changed")
        if sending.token == SessionTemplate.otherToken {
            others = try Self.others(site)
        } else {
            try hold(try Self.others(site) == others, "another line has changed")
        }
        if response.status != 200 {
            try hold(standing.rows == before.rows && standing.head == before.head, "a refused request changed the line")
        }
        let excuse = try excuse(sending, response, before)
        for row in before.rows where written.contains(row.name) {
            let now = standing.rows.first { $0.name == row.name }
            try hold(excuse.kept(row).isSubset(of: now?.live ?? .empty), "fields of B are gone: \(row.words)")
            if row.live.isEmpty { try hold(now != nil || excuse.covers(row), "a note or an erasure of B is gone") }
            guard let now, !excuse.covers(row) else { continue }
            try hold(excuse.allows(now, for: row), "a change of B is another one: \(row.words) became \(now.words)")
        }
    }

    private func excuse(_ sending: Adversary.Sending, _ response: HTTPResponse, _ before: Standing) throws -> Excuse {
        // What a device of another line does there is no excuse here. White space around a token does not count.
        guard response.status == 200, sending.token != SessionTemplate.otherToken else { return Excuse() }
        let limits = SessionTemplate.limits
        let mayChange: Bool
        let excuse: Excuse
        switch sending.path {
        case "/v1/sync":
            let request = try SyncRequest(encoded: sending.body, limits: limits)
            let expectation = SyncExpectation(request, try SyncResponse(encoded: response.body), site)
            try expectation.check()
            mayChange = expectation.mayChange
            excuse = Excuse(request, before)
        case "/v1/heal":
            let request = try HealRequest(encoded: sending.body, limits: limits)
            let expectation = HealExpectation(
                request, try HealResponse(encoded: response.body), site.log.incarnation, before, standing)
            try expectation.check()
            mayChange = expectation.mayChange
            excuse = Excuse(request, before)
        default:
            mayChange = false
            excuse = Excuse()
        }
        if mayChange { return excuse }
        try hold(
            standing.rows == before.rows && standing.head == before.head, "a request that must not changes the line")
        return Excuse()
    }

    // MARK: B's own work

    /// B writes something new, or into something of its own that still stands, and syncs.
    mutating func work(_ choices: inout Choices) async throws {
        let first = FuzzedDesk.record(1)
        let stands = standing.rows.contains { $0.header.record == first && $0.header.kind == .put }
        var header = desk.put(nextID, fields: 0b11)
        switch choices.below(3) {
        case 0 where stands: header = desk.put(1, fields: 1 + UInt64(choices.byte() % 7))
        case 1 where stands: header = desk.note(nextID, parent: 1)
        default: break
        }
        nextID += 1
        let before = standing
        desk.commit([header], base: desk.cursor.position, now: site.now)
        try await sync()
        guard let stamp = desk.latest else { return }
        // A record and a stamp name one change: a healing may have brought in one under this name before.
        let name = Standing.Name(record: header.record, stamp: stamp)
        guard !before.rows.contains(where: { $0.name == name }) else { return }
        written.insert(name)
        let row = standing.rows.first { $0.name == name }
        try hold(row?.header == header && row?.live == header.fields, "what B has just written does not stand")
    }

    /// Everything that B has sent is held, and as it was sent.
    mutating func finish() async throws { try await sync() }

    private mutating func sync() async throws {
        for _ in 0..<1_000 {
            let request = request()
            let answer = try await send(request)
            if answer.outcome == .renew {
                try hold(desk.incarnation != site.log.incarnation, "B has to renew an id that is good")
                desk.renew(as: try freshReplica(), for: answer.incarnation, now: site.now)
                continue
            }
            try hold(answer.outcome == .done, "B's sync ends with \(answer.outcome)")
            try hold(answer.heldDigests == request.commits.map(\.digest), "B's commits are not held as they were sent")
            let numbers = site.template.numbersB
            try hold(
                answer.leases == Array(numbers.leases.dropFirst(Int(request.leases.received)))
                    && answer.desk == numbers.desk, "B's reference numbers are not those that it was given")
            desk.take(answer)
            try hold(desk.pending.isEmpty && answer.heldNumber == desk.acknowledged, "not all of B's commits are held")
            if !answer.more { break }
        }
        standing = try Standing(site.log, site.template.deviceB)
        summary = try Self.summary(site, desk.replica)
        others = try Self.others(site)
    }

    /// As if some of the answers that had its leases had been lost.
    private func request() -> SyncRequest {
        var request = desk.request(now: site.now)
        request.leases.received = standing.head % UInt64(site.template.numbersB.leases.count + 1)
        return request
    }

    private func send(_ request: SyncRequest) async throws -> SyncResponse {
        let response = await site.send(.post, "/v1/sync", SessionTemplate.tokenB, request.encoded())
        try hold(response.status == 200, "B is refused with status \(response.status)")
        do throws(ProtocolError) { return try SyncResponse(encoded: response.body) } catch {
            throw Violation("B's answer cannot be read: \(error)")
        }
    }

    /// An id that nobody has used: B draws its own at random, which nobody can foresee.
    private mutating func freshReplica() throws -> ReplicaID {
        let known = try site.log.replicas(of: site.template.line).map(\.replica)
        var used = Set(known).union(standing.vector.times.keys)
        for row in standing.rows { used.insert(row.stamp.replica) }
        while true {
            renewals += 1
            let next = FuzzedDesk.next(after: FuzzedDesk.replicaB, renewals)
            if !used.contains(next) { return next }
        }
    }
}
