import ChangeLog
import HTTPClient
import Sealing
import Support
import SyncProtocol
import TestRosters
import Testing
import Trust

/// Founding, joining and recovery, message by message over HTTP.
@Suite struct JoiningTests {
    @Test("from the operator's invitation to a second workstation that syncs")
    func whole() async throws {
        let server = try await TestServer()
        // Another line, founded over the wire.
        let founder = TestInvitation()
        var roster = try TestRoster()
        let found = roster.founding.encoded()
        let founding = Signer.invitation(founder.keys)
        #expect(try await server.send("POST", "/v2/found", found, by: founding).problem == "unknown-invitation")
        try await server.perform(
            .inviteFounder(signingKey: founder.signingKey, name: "Second", expires: server.now + 1_000))
        for _ in 1...2 {
            let answer = try RosterAnswer(
                encoded: try await server.send("POST", "/v2/found", found, by: founding).body)
            #expect(answer.lineName == "Second" && answer.entries == roster.roster.entries && answer.boxes.count == 1)
            #expect(answer.lacking.isEmpty)
        }
        #expect(try await server.send("GET", "/v2/desks", by: founding).problem == "unauthorized")
        let lead = Signer.device(roster.lead)

        // The lead invites; the new workstation asks; the lead answers; the commitment is opened.
        let (invitation, desk, random) = (TestInvitation(), DeviceKeys.random(), randomBytes(32))
        let invited = Signer.invitation(invitation.keys)
        let invite = invitation.request(
            roster.line, by: roster.lead, expires: server.now + 1_000_000,
            secrets: [.init(device: roster.lead.id, box: randomBytes(64))]
        ).encoded()
        for _ in 1...2 { #expect(try await server.send("POST", "/v2/invitations", invite, by: lead).status == 204) }
        let ask = JoinRequest(offer: invitation.offer(roster.line, desk, random: random)).encoded()
        func status(_ method: String, _ route: String, _ body: [UInt8] = []) async throws -> JoinStatus {
            try JoinStatus(encoded: try await server.send(method, route, body, by: invited).body)
        }
        #expect(try await status("GET", "/v2/join").state == .open)
        #expect(try await status("POST", "/v2/join", ask).state == .asked)
        let joins = try InvitationList(encoded: try await server.send("GET", "/v2/joins", by: lead).body)
        let listed = try #require(joins.invitations.first)
        #expect(listed.isGenuine(in: roster.roster.state) && listed.offer?.keys == desk.publicKeys)
        #expect(joins.invitations.count == 1 && listed.secret?.count == 64 && joins.serverTime == server.now)
        let answer = JoinAnswer(invitation: invitation.id, random: randomBytes(32))
        #expect(try await server.send("POST", "/v2/joins/answer", answer.encoded(), by: lead).status == 204)
        #expect(try await status("GET", "/v2/join").leadRandom == answer.random)
        #expect(
            try await status("POST", "/v2/join/reveal", RevealRequest(random: random).encoded()).state == .revealed)

        // The roster is verified by whoever is invited; the admission is in it, with a box.
        let route = "/v2/roster?line=\(roster.line)&after=0"
        let early = try await server.send("GET", route, by: invited)
        #expect(try RosterAnswer(encoded: early.body).boxes.isEmpty && early.status == 200)
        try roster.admit(desk, invitation: invitation.id)
        let body = RosterExtension(line: roster.line, entries: roster.entries(from: 1)).encoded()
        #expect(try await server.send("POST", "/v2/roster", body, by: lead).status == 200)
        #expect(try await status("GET", "/v2/join").state == .done)
        let lacking = try await server.send("GET", "/v2/desks", by: lead)
        #expect(lacking.mark?.lacksBoxes == true)
        let box = EpochBox(device: desk.id, epoch: 1, box: randomBytes(80))
        #expect(
            try await server.send("POST", "/v2/boxes", BoxesRequest(boxes: [box]).encoded(), by: lead).status == 204)
        let seen = try await server.send("GET", route, by: .device(desk))
        #expect(try RosterAnswer(encoded: seen.body).boxes == [box] && seen.mark?.lacksBoxes == false)
        #expect(try await server.send("GET", "/v2/desks", by: .device(desk)).status == 200)
        await server.stop()
    }

    @Test("a second computer with the same invitation is refused; leads and the first one see it")
    func contested() async throws {
        let server = try await TestServer()
        let invitation = TestInvitation()
        let invite = invitation.request(server.line, by: server.roster.lead, expires: server.now + 1_000_000)
        #expect(try await server.send("POST", "/v2/invitations", invite.encoded(), by: server.lead).status == 204)
        let offers = [DeviceKeys.random(), .random()].map {
            JoinRequest(offer: invitation.offer(server.line, $0, random: randomBytes(32))).encoded()
        }
        let invited = Signer.invitation(invitation.keys)
        #expect(try await server.send("POST", "/v2/join", offers[0], by: invited).status == 200)
        let refused = try await server.send("POST", "/v2/join", offers[1], by: invited)
        #expect(refused.status == 403 && refused.problem == "invitation-used")
        let again = try await server.send("POST", "/v2/join", offers[0], by: invited)
        #expect(try JoinStatus(encoded: again.body).isContested)
        let list = try InvitationList(encoded: try await server.send("GET", "/v2/invitations", by: server.lead).body)
        #expect(list.invitations.map(\.isContested) == [true])
        let karin = try await server.administrator()
        let shown = try await server.send("GET", "/v2/admin/invitations?line=\(server.line)", by: karin)
        #expect(String(decoding: shown.body, as: UTF8.self).contains(#""contested":true"#))
        await server.stop()
    }

    @Test("an invitation that is withdrawn, expired or somebody else's opens nothing, the roster neither")
    func shut() async throws {
        let server = try await TestServer()
        let counsellor = try await server.device()
        let invitation = TestInvitation()
        let invited = Signer.invitation(invitation.keys)
        let route = "/v2/roster?line=\(server.line)&after=0"
        let invite = invitation.request(server.line, by: server.roster.lead, expires: server.now + 1_000).encoded()
        #expect(try await server.send("POST", "/v2/invitations", invite, by: counsellor).problem == "not-lead")
        #expect(try await server.send("GET", route, by: invited).problem == "unknown-invitation")
        #expect(try await server.send("POST", "/v2/invitations", invite, by: server.lead).status == 204)
        #expect(try await server.send("GET", route, by: invited).status == 200)
        server.clock.advance(byMilliseconds: 1_000)
        #expect(try await server.send("GET", route, by: invited).problem == "invitation-expired")
        server.clock.advance(byMilliseconds: -1_000)
        for address in ["/v2/invitations", "/v2/joins"] {
            #expect(try await server.send("GET", address, by: counsellor).problem == "not-lead")
        }
        let withdrawal = InvitationReference(invitation.id).encoded()
        #expect(
            try await server.send("POST", "/v2/invitations/withdraw", withdrawal, by: counsellor).problem == "not-lead")
        for _ in 1...2 {
            #expect(
                try await server.send("POST", "/v2/invitations/withdraw", withdrawal, by: server.lead).status == 204)
        }
        #expect(try await server.send("GET", route, by: invited).problem == "invitation-ended")
        let ask = JoinRequest(offer: invitation.offer(server.line, .random(), random: randomBytes(32))).encoded()
        #expect(try await server.send("POST", "/v2/join", ask, by: invited).problem == "invitation-ended")
        #expect(try JoinStatus(encoded: try await server.send("GET", "/v2/join", by: invited).body).state == .ended)
        await server.stop()
    }

    @Test("checkpoints are handed out, the latest of each who is present, and nobody puts in another's")
    func checkpoints() async throws {
        let server = try await TestServer()
        let (first, second) = (try await server.device(), try await server.device())
        func list(_ signer: Signer) async throws -> [SealedCheckpoint] {
            try CheckpointList(encoded: try await server.send("GET", "/v2/checkpoints", by: signer).body).checkpoints
        }
        func put(_ checkpoints: [SealedCheckpoint], by signer: Signer) async throws -> Int {
            try await server.send("POST", "/v2/checkpoints", CheckpointList(checkpoints).encoded(), by: signer).status
        }
        func checkpoint(_ signer: Signer) -> SealedCheckpoint {
            SealedCheckpoint(device: signer.deviceID, epoch: 1, sealed: randomBytes(200))
        }
        #expect(try await list(first).isEmpty)
        #expect(try await put([checkpoint(first)], by: first) == 204)
        let (later, forged, other) = (checkpoint(first), checkpoint(first), checkpoint(second))
        #expect(try await put([later], by: first) == 204)
        #expect(try await put([forged, other], by: second) == 204)
        #expect(try await list(second) == [later, other])
        try server.roster.write(
            .remove(
                [first.deviceID], RosterAct.NextEpoch(commitment: randomBytes(32), sealedPrevious: randomBytes(48))))
        try await server.publish()
        #expect(try await list(second) == [other])
        #expect(try await put([later], by: first) == 403)
        let karin = try await server.administrator()
        #expect(try await server.send("GET", "/v2/checkpoints", by: karin).status == 401)
        await server.stop()
    }

    @Test(
        "whoever holds the recovery sheet reads the roster and its boxes, and nothing else; a used sheet reads nothing")
    func recovery() async throws {
        let server = try await TestServer()
        let sheet = Signer.device(server.roster.recovery)
        let route = "/v2/roster?line=\(server.line)&after=0"
        let answer = try RosterAnswer(encoded: try await server.send("GET", route, by: sheet).body)
        #expect(answer.boxes.map(\.device) == [server.roster.recovery.id] && answer.lacking.isEmpty)
        for other in ["/v2/desks", "/v2/invitations", "/v2/joins", "/v2/admin/status"] {
            #expect(try await server.send("GET", other, by: sheet).status == 401)
        }
        #expect(
            try await server.send("POST", "/v2/boxes", BoxesRequest(boxes: []).encoded(), by: sheet).status == 401)
        let desk = DeviceKeys.random()
        try server.roster.recover(to: desk)
        try await server.publish()
        #expect(try await server.send("GET", route, by: sheet).problem == "unknown-device")
        #expect(try await server.send("GET", "/v2/invitations", by: .device(desk)).status == 200)
        await server.stop()
    }

    @Test("a roster that a server lost is handed over by who is unknown to it, part by part; bad ones change nothing")
    func handedOver() async throws {
        let server = try await TestServer()
        let desk = DeviceKeys.random()
        for _ in 1...300 { try server.roster.admit(.random()) }
        try server.roster.admit(desk)
        #expect(try await server.send("GET", "/v2/desks", by: .device(desk)).problem == "unknown-device")
        func hand(_ entries: [SignedEntry]) async throws -> HTTPClientResponse {
            let body = RosterExtension(line: server.line, entries: entries).encoded()
            return try await server.client.send(
                HTTPClientRequest(
                    method: "POST", url: server.base + "/v2/roster",
                    headers: [(name: ContentDigest.name, value: ContentDigest.value(of: body))], body: body))
        }
        #expect(try await hand(server.roster.entries(from: 1)).status == 413)
        let bad = try await hand([server.roster.roster.entries[1].forged])
        #expect(bad.status == 409 && bad.problem == "roster-refused")
        #expect(try await hand([server.roster.roster.entries[5]]).problem == "roster-refused")
        var count = 1
        while count < server.roster.roster.count {
            let answer = try await hand(Array(server.roster.entries(from: count).prefix(120)))
            let position = try RosterPosition(encoded: answer.body)
            #expect(position.count > count)
            count = Int(position.count)
        }
        #expect(try RosterPosition(encoded: try await hand([]).body).head == server.roster.roster.state.head)
        #expect(try await server.send("GET", "/v2/desks", by: .device(desk)).status == 200)
        let unknown = RosterExtension(line: try TestRoster().line, entries: []).encoded()
        let answer = try await server.client.send(
            HTTPClientRequest(
                method: "POST", url: server.base + "/v2/roster",
                headers: [(name: ContentDigest.name, value: ContentDigest.value(of: unknown))], body: unknown))
        #expect(answer.status == 404 && answer.problem == "unknown-line")
        await server.stop()
    }
}
