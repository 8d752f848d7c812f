import ChangeLog
import HTTPServer
import Merge
import Sealing
import SyncProtocol
import Trust

/// Desk A: it has two replicas that sync soundly as long as nothing is mutated, and the fuzzer's bytes mutate.
struct Adversary {
    struct Sending {
        var method: HTTPMethod = .post
        var path: String
        var signer: Signer
        var body: [UInt8]
        /// Whether the body is the one that the request's digest speaks of.
        var isIntact = true
        /// Which of A's replicas asks.
        var desk: Int?
    }

    let site: SessionSite
    private(set) var desks: [FuzzedDesk]
    /// What was sent last, to be sent once more.
    private(set) var last: Sending?
    private var forks: UInt64 = 0

    init(_ site: SessionSite) {
        self.site = site
        desks = [
            site.template.deskA, FuzzedDesk(line: site.template.line, replica: FuzzedDesk.replicasA[1]),
        ]
    }

    // MARK: Steps

    mutating func write(_ choices: inout Choices, _ witness: Witness) throws {
        let desk = choices.below(desks.count)
        var headers: [ChangeHeader] = []
        for _ in 0...choices.below(3) { headers.append(Mutations.header(&choices, witness.standing)) }
        let now = choices.oneIn(8) ? Int64(truncatingIfNeeded: choices.number() >> 16) : site.now
        desks[desk].commit(headers, now: now)
    }

    mutating func sync(_ choices: inout Choices, _ witness: Witness) throws -> Sending {
        let desk = choices.below(desks.count)
        var request = desks[desk].request(now: site.now)
        if choices.oneIn(8) { request.pageBytes = 0 }
        if request.commits.isEmpty, choices.oneIn(2) { request.fingerprint = witness.standing.fingerprint }
        for _ in 0..<choices.below(4) { Mutations.mutate(&request, &choices, witness.standing, site) }
        return sending("/v2/sync", request.encoded(), desk, &choices)
    }

    /// One exchange of a healing, of any kind; the fuzzer's bytes put them in order, or not.
    mutating func heal(_ choices: inout Choices, _ witness: Witness) throws -> Sending {
        let desk = choices.below(desks.count)
        let standing = witness.standing
        let kind = choices.below(8)
        var request = HealRequest(
            line: site.template.line, replica: desks[desk].replica, start: kind == 0 ? nil : standing.cursor)
        if kind == 1 || kind == 7 { compare(&request, &choices, standing) }
        if kind > 2 { offer(&request, &choices, standing) }
        for _ in 0..<choices.below(4) { Mutations.mutate(&request, &choices, standing, site) }
        return sending("/v2/heal", request.encoded(), desk, &choices)
    }

    private func compare(_ request: inout HealRequest, _ choices: inout Choices, _ standing: Standing) {
        for range in Mutations.ranges(&choices, standing) {
            var sum = standing.sum(range)
            if choices.oneIn(3) { sum.count = choices.number() }
            if choices.oneIn(3) { sum.fingerprint = Fingerprint(value: UInt128(choices.number())) }
            request.compared.append(ComparedRange(range: range, sum: sum))
        }
    }

    private func offer(_ request: inout HealRequest, _ choices: inout Choices, _ standing: Standing) {
        let stamp = Stamp(
            time: HybridTimestamp(milliseconds: site.now), dot: Dot(rawValue: request.replica.rawValue))
        request.nonce = Blake2b.hash(
            Array("heal \(site.now) \(request.replica)".utf8), count: SealedCommit.nonceBytes)
        request.parts = Mutations.ranges(&choices, standing).map { HealPart(range: $0, items: []) }
        let omitted = choices.byte()
        for (place, row) in standing.rows.enumerated() where omitted & 1 << UInt8(place % 8) == 0 {
            var header = row.header
            // A desk that heals seals again only the fields in which a write stands.
            if header.kind == .put, omitted & 1 == 0 {
                header.fields = standing.live(row)
                header.replaced = header.replaced.intersection(header.fields)
            }
            append(header, row.stamp, to: &request)
        }
        for _ in 0..<choices.below(3) {
            let header = Mutations.header(&choices, standing)
            append(header, choices.oneIn(2) ? Mutations.stamp(&choices, standing) : stamp, to: &request)
        }
    }

    /// Into the part that it belongs to, if there is one.
    private func append(_ header: ChangeHeader, _ stamp: Stamp, to request: inout HealRequest) {
        guard let place = request.parts.firstIndex(where: { $0.range.contains(header.record) }) else { return }
        let index = UInt64(request.parts.reduce(0) { $0 + $1.items.count } % SessionTemplate.limits.commitChanges)
        let sealed = FuzzedDesk.sealed(header, stamp, request.nonce, index, request.line)
        request.parts[place].items.append(
            HealItem(stamp: stamp, index: index, change: SealedChange(header: header, sealed: sealed[...])))
    }

    /// A step of joining, with an invitation that is free or one that somebody else asks by.
    mutating func join(_ choices: inout Choices) throws -> Sending {
        let isFree = choices.oneIn(2)
        let keys = DeviceKeys(
            seed: SecretBytes(copying: [UInt8](repeating: 0x40 + choices.byte() % 4, count: DeviceKeys.seedBytes)))!
        let random = [UInt8](repeating: choices.byte() % 2, count: JoinOffer.randomBytes)
        let name = choices.oneIn(3) ? String(decoding: choices.take(choices.below(230)), as: UTF8.self) : Answers.name
        let invitation = isFree ? SessionTemplate.freeInvitation : SessionTemplate.usedInvitation
        let (path, body) =
            choices.oneIn(3)
            ? ("/v2/join/reveal", RevealRequest(random: random).encoded())
            : (
                "/v2/join",
                JoinRequest(
                    offer: JoinOffer(
                        name: String(name.prefix(50)), line: site.template.line, invitation: invitation, keys: keys,
                        random: random)
                ).encoded()
            )
        var sending = sending(path, body, nil, &choices)
        if !choices.oneIn(8) { sending.signer = isFree ? .free : .used }
        return sending
    }

    /// What only a lead may do: an entry of the roster that A signs, an invitation, a box.
    mutating func usurp(_ choices: inout Choices) throws -> Sending {
        let template = site.template
        let (a, b) = (SessionTemplate.keysA, SessionTemplate.keysB)
        switch choices.below(4) {
        case 0:
            let invitation = InvitationKeys(
                secret: SecretBytes(copying: [UInt8](repeating: choices.byte(), count: Invitation.secretBytes)))
            let request = InvitationRequest(
                signingKey: invitation.signing.publicKey, expires: site.now + 1_000, secrets: [], line: template.line,
                by: a.signing)
            return sending("/v2/invitations", request.encoded(), nil, &choices)
        case 1:
            let boxes = (0...choices.below(3)).map { _ in
                EpochBox(
                    device: choices.oneIn(2) ? a.id : b.id, epoch: UInt32(choices.byte() % 4),
                    box: [UInt8](repeating: choices.byte(), count: EpochBox.bytes))
            }
            return sending("/v2/boxes", BoxesRequest(boxes: boxes).encoded(), nil, &choices)
        default:
            let state = template.roster.state
            let next = RosterAct.NextEpoch(
                commitment: [UInt8](repeating: 1, count: 32), sealedPrevious: [UInt8](repeating: 2, count: 72))
            let acts: [RosterAct] = [
                .role(a.id, .lead), .remove([b.id], next), .rotate(next), .name(b.id, choices.take(60)),
                .server(address: "https://elsewhere", pins: []), .keep(FuzzedDesk.record(1)),
                .other(kind: 200, body: choices.take(20)),
            ]
            let entry = RosterEntry(
                number: state.number + UInt64(choices.byte() % 3), previous: state.head, author: a.id,
                milliseconds: site.now, act: acts[choices.below(acts.count)])
            let signed = SignedEntry(entry, line: template.line, by: a.signing)
            let entries = template.roster.entries.suffix(choices.below(3)) + [signed]
            let message = RosterExtension(line: template.line, entries: Array(entries)).encoded()
            return sending("/v2/roster", message, nil, &choices)
        }
    }

    /// Any of the server's doors, with A's signature or none that opens it.
    mutating func anything(_ choices: inout Choices) throws -> Sending {
        let paths = [
            "/v2/sync", "/v2/heal", "/v2/join", "/v2/desks", "/healthz", "/readyz", "/metrics", "/v2/admin/status",
            "/v2/admin/replicas", "/v2/admin/invitations", "/v2/admin/verify", "/v2/admin/acts", "/v2/admin/audit",
            "/v2/found", "/v2/roster", "/v2/roster?line=\(site.template.line)&after=0", "/v2/boxes", "/v2/invitations",
            "/v2/invitations/withdraw", "/v2/joins", "/v2/joins/answer", "/v2/joins/end", "/v2/join/reveal",
        ]
        let methods: [HTTPMethod] = [.post, .get, .head, HTTPMethod(rawValue: "PUT")]
        let method = methods[choices.below(methods.count)]
        let path =
            choices.oneIn(8)
            ? "/" + String(decoding: choices.take(choices.below(40)), as: UTF8.self)
            : paths[choices.below(paths.count)]
        let body = choices.oneIn(2) ? last?.body ?? [] : choices.take(choices.below(256))
        var sending = sending(path, body, nil, &choices)
        sending.method = method
        return sending
    }

    private mutating func sending(_ path: String, _ body: [UInt8], _ desk: Int?, _ choices: inout Choices) -> Sending {
        var body = body
        if choices.oneIn(4) { Mutations.damage(&body, &choices) }
        let signers = Signer.strangers + [.other]
        let signer = choices.oneIn(12) ? signers[choices.below(signers.count)] : .deskA
        let sending = Sending(
            path: path, signer: signer, body: body, isIntact: !choices.oneIn(24), desk: desk)
        last = sending
        return sending
    }

    // MARK: Answers

    mutating func learn(from response: HTTPResponse, to sending: Sending) {
        guard sending.path == "/v2/sync", response.status == 200, let desk = sending.desk,
            let request = try? SyncRequest(encoded: sending.body, limits: SessionTemplate.limits),
            request.replica == desks[desk].replica, let answer = try? SyncResponse(encoded: response.body)
        else { return }
        desks[desk].take(answer)
        switch answer.outcome {
        case .done: break
        case .forked, .diverged:
            forks += 1
            desks[desk].fork(as: FuzzedDesk.next(after: FuzzedDesk.replicasA[desk], forks))
        case .clock, .refused, .epoch: desks[desk].giveWay()
        }
    }
}
