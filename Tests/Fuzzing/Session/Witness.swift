import ChangeLog
import HTTPServer
import Merge
import Sealing
import SyncProtocol
import SyncServer
import Trust

/// Desk B, which works soundly, and looks after each request of A whether something of its own has changed.
struct Witness {
    let site: SessionSite
    private(set) var standing: Standing
    private(set) var claims = Claims()
    private var desk: FuzzedDesk
    /// What B holds by the pages that it was handed and by its own writes.
    private var reading = Reading()
    private var summary: ReplicaSummary?
    private var others: [LineSummary]
    private var made: UInt64 = 0
    /// What B itself has written.
    private var written: Set<Standing.Name>
    private var cursors: Set<Cursor> = []
    private var requests: Int64 = 0
    /// Of each commit that an answer said is held.
    private var digests: [ReplicaID: [UInt64: [UInt8]]] = [:]

    init(_ site: SessionSite) async throws {
        self.site = site
        desk = site.template.deskB
        standing = try await Standing(site.log, site.template.deviceB)
        summary = try await Self.summary(site, desk.replica)
        others = try await Self.others(site)
        written = Set(standing.rows.lazy.filter { $0.stamp.dot.desk == Self.tag }.map(\.name))
        for row in standing.rows {
            claims.add(row.header, row.stamp)
            if written.contains(row.name) { try reading.join(row.header, row.stamp) }
        }
        cursors.insert(standing.cursor)
    }

    private static let tag = DeskTag(rawValue: UInt16(FuzzedDesk.replicaB.rawValue))

    private static func summary(_ site: SessionSite, _ replica: ReplicaID) async throws -> ReplicaSummary? {
        var summary = try await site.log.replicas(of: site.template.line).first { $0.replica == replica }
        summary?.lag = 0
        return summary
    }

    private static func others(_ site: SessionSite) async throws -> [LineSummary] {
        try await site.log.lines().filter { $0.id != site.template.line }
    }

    // MARK: After a request of A

    mutating func look(after sending: Adversary.Sending, _ response: HTTPResponse) async throws {
        requests += 1
        let before = standing
        standing = try await Standing(site.log, site.template.deviceB)
        cursors.insert(standing.cursor)
        let verification = try await site.log.verify(line: site.template.line, now: site.now)
        try hold(verification.isSound, "the server's own scan finds damage or another fingerprint")
        let held = try await Self.summary(site, desk.replica)
        try hold(held == summary, "what is held of B has changed")
        try checkTrust()
        let others = try await Self.others(site)
        try hold(sending.signer.isOther || others == self.others, "another line has changed")
        self.others = others
        if response.status != 200 {
            try hold(standing.rows == before.rows && standing.head == before.head, "a refused request changed the line")
        }
        let excuse = try excuse(sending, response, before)
        for row in before.rows where written.contains(row.name) { try check(row, before, excuse) }
        try await checkSums()
    }

    /// Only a lead changes who belongs to the line; and B gets the line's keys.
    private func checkTrust() throws {
        let template = site.template
        try hold(try site.log.device(template.deviceB.id) == template.deviceB, "B's place in the line has changed")
        try hold(try site.log.roster(of: template.line)?.entries == template.roster.entries, "the roster has changed")
        let boxes = try site.log.boxes(of: template.deviceB.id, line: template.line)
        let keyring = Keyring(
            template.roster.state, boxes: boxes.map { ($0.epoch, $0.box) }, key: SessionTemplate.keysB.box)
        try hold(keyring?.current.epoch == SessionTemplate.epoch, "B does not get the line's key")
    }

    /// That a write of B stands where no change that came names it, with the bytes that B has sealed.
    private func check(_ row: Standing.Row, _ before: Standing, _ excuse: Excuse) throws {
        let now = standing.rows.filter { $0.name == row.name }
        if row.header.kind != .put {
            return try hold(
                excuse.covers(row) || now.contains { $0.header == row.header && $0.sealed == row.sealed },
                "a note or an erasure of B is gone or another one: \(row.words)")
        }
        let kept = excuse.kept(row, live: before.live(row))
        let live = standing.reading.states[row.header.record]?.fields(of: row.stamp.dot) ?? .empty
        try hold(kept.isSubset(of: live), "fields of B are gone: \(row.words)")
        guard !kept.isEmpty, !excuse.mayReword(row) else { return }
        let isSame = now.contains {
            $0.header == row.header && $0.stamp == row.stamp && $0.sealed == row.sealed && $0.nonce == row.nonce
                && $0.index == row.index
        }
        try hold(isSame, "a change of B is another one: \(row.words)")
    }

    private mutating func excuse(
        _ sending: Adversary.Sending, _ response: HTTPResponse, _ before: Standing
    ) throws -> Excuse {
        // What a device of another line does there is no excuse here.
        guard response.status == 200, !sending.signer.isOther else { return Excuse() }
        let limits = SessionTemplate.limits
        let mayChange: Bool
        let excuse: Excuse
        switch sending.path {
        case "/v2/sync":
            let request = try SyncRequest(encoded: sending.body, limits: limits)
            let answer = try SyncResponse(encoded: response.body)
            let expectation = SyncExpectation(request, answer, site)
            try expectation.check()
            try checkDigests(request, answer)
            mayChange = expectation.mayChange
            excuse = Excuse(request, &claims)
        case "/v2/heal":
            let request = try HealRequest(encoded: sending.body, limits: limits)
            excuse = Excuse(request, &claims)
            let expectation = HealExpectation(
                request, try HealResponse(encoded: response.body), before, standing, claims, cursors)
            try expectation.check()
            mayChange = expectation.mayChange
        default:
            mayChange = false
            excuse = Excuse()
        }
        if mayChange { return excuse }
        try hold(
            standing.rows == before.rows && standing.head == before.head, "a request that must not changes the line")
        return Excuse()
    }

    /// Whoever goes on from another past than the one that is held is a copy; and what is held stays what it was.
    private mutating func checkDigests(_ request: SyncRequest, _ answer: SyncResponse) throws {
        let known = digests[request.replica] ?? [:]
        let expected = request.acknowledged == 0 ? CommitDigest.start : known[request.acknowledged]
        if answer.outcome == .done, let expected {
            try hold(request.acknowledgedDigest == expected, "a copy goes on as if it were the original")
        }
        for (place, digest) in answer.heldDigests.enumerated() {
            let number = request.acknowledged + UInt64(place) + 1
            try hold(known[number] ?? digest == digest, "a commit that is held is another one")
            digests[request.replica, default: [:]][number] = digest
        }
    }

    /// The line's sum is that of what a desk makes of the feed; where it is not, only records of which a dot was said to be
    /// two things differ.
    private func checkSums() async throws {
        if standing.reading.sum().fingerprint == standing.fingerprint { return }
        let different = try await differences(standing.reading)
        try hold(!different.isEmpty, "the fingerprint is not that of the ranges")
        try hold(
            claims.doubtful.isSuperset(of: different), "the fingerprint is not that of what stands: \(different)")
    }

    /// The records of which the server holds something else.
    private func differences(_ reading: Reading) async throws -> Set<RecordID> {
        let records = Array(reading.records.union(standing.reading.records))
        let compared = records.map { record in
            ComparedRange(range: RecordRange(only: record), sum: reading.sum(RecordRange(only: record)))
        }
        let question = HealRequest(line: site.template.line, replica: desk.replica, compared: compared)
        let answer = try await site.log.heal(question, from: site.template.deviceB, now: site.now).response
        return Set(zip(records, answer.compared).filter { $0.1 != nil }.map(\.0))
    }

    // MARK: B's own work

    /// B writes something new, or into something of its own that still stands, and syncs.
    mutating func work(_ choices: inout Choices) async throws {
        let first = FuzzedDesk.record(1)
        let stands = standing.stands(first)
        var header = desk.put(fresh(), fields: 0b11)
        switch choices.below(3) {
        case 0 where stands:
            let fields = 1 + UInt64(choices.byte() % 7)
            let replaced = reading.states[first]?.replaced(byWriting: FieldMask(rawValue: fields)) ?? .none
            header = desk.put(first, fields: fields, replaced: replaced)
        case 1 where stands: header = desk.note(fresh(), parent: first)
        default: break
        }
        desk.commit([header], now: site.now)
        guard let stamp = desk.latest else { return }
        try await sync()
        let row = standing.rows.first { $0.name == Standing.Name(record: header.record, dot: stamp.dot) }
        try hold(row?.header == header && row?.stamp == stamp, "what B has just written does not stand")
        if header.kind == .put {
            try hold(standing.reading.live(header, stamp) == header.fields, "what B has just written stands in less")
        }
        written.insert(Standing.Name(record: header.record, dot: stamp.dot))
    }

    /// An id that A cannot have taken before.
    private mutating func fresh() -> RecordID {
        made += 1
        let name = Blake2b.hash(Array("record of B \(made)".utf8), count: 16)
        return FuzzedDesk.record(name.prefix(8).reduce(0) { $0 << 8 | UInt64($1) })
    }

    /// Everything that B has sent is held, and as it was sent; B has read what the server holds; and nobody carries the
    /// line's clock away.
    mutating func finish() async throws {
        try await sync()
        let different = try await differences(reading)
        try hold(
            claims.doubtful.isSuperset(of: different), "B is equal to the server in nothing but name: \(different)")
        try await checkClock()
    }

    /// However often and whatever A sends, a bound lies less than a minute and a second for each request ahead.
    private func checkClock() async throws {
        let farthest = site.now + 60_000 + (requests + 2) * ClockBound.stepMilliseconds
        let times =
            [HybridTimestamp(milliseconds: farthest)]
            + [62, 63].flatMap { power in
                [HybridTimestamp(rawValue: 1 << power - 1), HybridTimestamp(rawValue: 1 << power)]
            } + [HybridTimestamp(rawValue: .max)]
        for time in times {
            var desk = desk
            desk.clock.receive(HybridTimestamp(rawValue: time.rawValue - 1))
            desk.commit([desk.put(FuzzedDesk.record(0xFFFF), fields: 1)], now: site.now)
            let request = desk.request(now: site.now)
            let answer = try await send(request)
            try hold(
                answer.outcome == .clock(digest: request.commits[0].digest), "the line's clock was carried away")
        }
    }

    private mutating func sync() async throws {
        for place in desk.pending.indices {
            for change in desk.pending[place].changes {
                claims.add(change.header, desk.pending[place].stamp)
                try reading.join(change.header, desk.pending[place].stamp)
            }
        }
        var isDone = false
        for _ in 0..<1_000 where !isDone {
            let request = request()
            let answer = try await send(request)
            try hold(answer.outcome == .done, "B's sync ends with \(answer.outcome)")
            try hold(answer.heldDigests == request.commits.map(\.digest), "B's commits are not held as they were sent")
            let numbers = site.template.numbersB
            try hold(
                answer.leases == Array(numbers.leases.dropFirst(Int(request.leases.received)))
                    && answer.desk == numbers.desk, "B's reference numbers are not those that it was given")
            try reading.join(Array(answer.page ?? []))
            desk.take(answer)
            try hold(desk.pending.isEmpty && answer.heldNumber == desk.acknowledged, "not all of B's commits are held")
            isDone = !answer.more
        }
        try hold(isDone, "B's sync does not come to an end")
        standing = try await Standing(site.log, site.template.deviceB)
        cursors.insert(standing.cursor)
        summary = try await Self.summary(site, desk.replica)
        others = try await Self.others(site)
    }

    /// As if some of the answers that had its leases had been lost.
    private func request() -> SyncRequest {
        var request = desk.request(now: site.now)
        request.leases.received = standing.head % UInt64(site.template.numbersB.leases.count + 1)
        return request
    }

    private func send(_ request: SyncRequest) async throws -> SyncResponse {
        let response = try await site.send(.post, "/v2/sync", .deskB, request.encoded())
        try hold(response.status == 200, "B is refused with status \(response.status)")
        do throws(ProtocolError) { return try SyncResponse(encoded: response.body) } catch {
            throw Violation("B's answer cannot be read: \(error)")
        }
    }
}
