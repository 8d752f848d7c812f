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
    /// Up to when some healing says that it has seen B's writes: the server believes it, and counts those as known.
    private var claimed = HybridTimestamp.zero

    init(_ site: SessionSite) throws {
        self.site = site
        desk = site.template.deskB
        standing = try Standing(site.log, site.template.deviceB)
        summary = try Self.summary(site)
        others = try Self.others(site)
    }

    private static func summary(_ site: SessionSite) throws -> ReplicaSummary? {
        var summary = try site.log.replicas(of: site.template.line).first { $0.replica == FuzzedDesk.replicaB }
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
        try hold(try Self.summary(site) == summary, "what is held of B has changed")
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
        for row in before.rows where row.stamp.replica == FuzzedDesk.replicaB {
            let now = standing.rows.first { $0.name == row.name }
            try hold(excuse.kept(row).isSubset(of: now?.live ?? .empty), "fields of B are gone: \(row.words)")
            if row.live.isEmpty { try hold(now != nil || excuse.covers(row), "a note or an erasure of B is gone") }
            guard let now, !excuse.covers(row) else { continue }
            try hold(
                now.header == row.header && now.sealed == row.sealed && now.nonce == row.nonce
                    && now.index == row.index && now.live.isSubset(of: row.live),
                "a change of B is another one: \(row.words) became \(now.words)")
        }
    }

    private mutating func excuse(
        _ sending: Adversary.Sending, _ response: HTTPResponse, _ before: Standing
    ) throws -> Excuse {
        // What a device of another line does there is no excuse here. White space around a token does not count.
        guard response.status == 200, sending.token != SessionTemplate.otherToken else { return Excuse() }
        let limits = SessionTemplate.limits
        switch sending.path {
        case "/v1/sync": return Excuse(try SyncRequest(encoded: sending.body, limits: limits), before)
        case "/v1/heal":
            let request = try HealRequest(encoded: sending.body, limits: limits)
            if request.through == nil { claimed = max(claimed, request.seen.times[FuzzedDesk.replicaB] ?? .zero) }
            return Excuse(request, before)
        default: return Excuse()
        }
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
        let stamp = desk.commit([header], base: desk.cursor.position, now: site.now)
        try await sync()
        guard let stamp, stamp.time > claimed else { return }
        let row = standing.rows.first { $0.name == Standing.Name(record: header.record, stamp: stamp) }
        try hold(row?.header == header && row?.live == header.fields, "what B has just written does not stand")
    }

    /// Everything that B has sent is held, and as it was sent.
    mutating func finish() async throws { try await sync() }

    private mutating func sync() async throws {
        var request = desk.request(now: site.now)
        for _ in 0..<1_000 {
            let response = await site.send(.post, "/v1/sync", SessionTemplate.tokenB, request.encoded())
            try hold(response.status == 200, "B is refused with status \(response.status)")
            let answer: SyncResponse
            do throws(ProtocolError) { answer = try SyncResponse(encoded: response.body) } catch {
                throw Violation("B's answer cannot be read: \(error)")
            }
            try hold(answer.outcome == .done, "B's sync ends with \(answer.outcome)")
            try hold(answer.heldDigests == request.commits.map(\.digest), "B's commits are not held as they were sent")
            desk.take(answer)
            try hold(desk.pending.isEmpty && answer.heldNumber == desk.acknowledged, "not all of B's commits are held")
            request = desk.request(now: site.now)
            if !answer.more { break }
        }
        standing = try Standing(site.log, site.template.deviceB)
        summary = try Self.summary(site)
        others = try Self.others(site)
    }
}
