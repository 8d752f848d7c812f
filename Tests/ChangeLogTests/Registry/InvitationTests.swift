import ChangeLog
import SQLite
import Sealing
import SyncProtocol
import TestRosters
import Testing
import Trust

/// Invitations and joining, step by step.
@Suite struct InvitationTests {
    /// A line with two leads, and an invitation of the first.
    private struct Scene {
        let store: RegistryStore
        var roster: TestRoster
        let second = DeviceKeys.random()
        let invitation = TestInvitation()
        let desk = DeviceKeys.random()
        let random = randomBytes(32)
        let leadRandom = randomBytes(32)

        init() async throws {
            store = try RegistryStore()
            roster = try TestRoster()
            try await store.found(roster)
            try roster.admit(second, role: .lead)
            try await store.append(roster.entries(from: 1), roster.line)
            try await invite()
        }

        var request: InvitationRequest {
            invitation.request(
                roster.line, by: roster.lead, expires: store.now + 24 * 3_600_000,
                secrets: [roster.lead, second].map {
                    InvitationRequest.SealedSecret(device: $0.id, box: [UInt8](repeating: $0.id.bytes[0], count: 64))
                })
        }
        var offer: JoinOffer { invitation.offer(roster.line, desk, random: random) }
        var answer: JoinStep { .answer(lead: roster.lead.id, random: leadRandom) }

        func invite() async throws {
            try await store.log.addInvitation(request, by: try store.device(roster.lead), now: store.now)
        }
        @discardableResult
        func take(_ step: JoinStep, by lead: DeviceKeys? = nil) async throws -> Invited {
            try await store.log.take(
                step, invitation: invitation.id, by: try lead.map { try store.device($0) }, now: store.now)
        }
        func invited() throws -> Invited { try #require(try store.log.invitation(invitation.id)) }
        mutating func admit() async throws {
            let entry = try roster.admit(desk, invitation: invitation.id)
            try await store.append([entry], roster.line)
        }
    }

    @Test("from open to done; each step again is answered the same")
    func steps() async throws {
        var scene = try await Scene()
        try await scene.invite()
        #expect(try scene.invited().state == .open)
        let offer = scene.offer
        for _ in 1...2 { #expect(try await scene.take(.ask(offer)).state == .asked) }
        for _ in 1...2 { #expect(try await scene.take(scene.answer, by: scene.roster.lead).state == .answered) }
        #expect(try await scene.take(.ask(offer)).leadRandom == scene.leadRandom)
        for _ in 1...2 { #expect(try await scene.take(.reveal(scene.random)).state == .revealed) }
        #expect(try await scene.take(.ask(offer)).state == .revealed)
        try await scene.admit()
        #expect(try scene.invited().state == .done)
        // Whoever asks once more learns that they are in.
        for step in [JoinStep.ask(offer), .reveal(scene.random)] {
            #expect(try await scene.take(step).state == .done)
        }
        #expect(try await scene.take(scene.answer, by: scene.roster.lead).state == .done)
        let status = try scene.invited().status(now: scene.store.now)
        #expect(status.lead == scene.roster.lead.id && status.leadRandom == scene.leadRandom && !status.isContested)
        await expect(.joinOutOfTurn) { try await scene.take(.end, by: scene.roster.lead) }
    }

    @Test("no step comes before the one that it follows")
    func order() async throws {
        let scene = try await Scene()
        await expect(.joinOutOfTurn) { try await scene.take(scene.answer, by: scene.roster.lead) }
        await expect(.joinOutOfTurn) { try await scene.take(.reveal(scene.random)) }
        try await scene.take(.ask(scene.offer))
        await expect(.joinOutOfTurn) { try await scene.take(.reveal(scene.random)) }
        #expect(try scene.invited().state == .asked)
    }

    @Test("the first keys bind an invitation; others are refused, and seen by leads")
    func contested() async throws {
        let scene = try await Scene()
        let offer = scene.offer
        try await scene.take(.ask(offer))
        let thief = DeviceKeys.random()
        let other = scene.invitation.offer(scene.roster.line, thief, random: scene.random)
        await expect(.invitationUsed) { try await scene.take(.ask(other)) }
        #expect(try scene.invited().isContested && scene.invited().offer == offer)
        let listed = try scene.store.log.invitations(of: scene.roster.line, sealedTo: nil)
        #expect(listed.first?.invitation.isContested == true)
        // The rightful one goes on, and is told.
        #expect(try await scene.take(.ask(offer)).status(now: scene.store.now).isContested)
        try await scene.take(.end, by: scene.second)
        await expect(.invitationEnded) { try await scene.take(.ask(offer)) }
        await expect(.invitationUsed) { try await scene.take(.ask(other)) }
    }

    @Test("another offer with the same keys is refused: what was committed to stays")
    func otherOffer() async throws {
        let scene = try await Scene()
        try await scene.take(.ask(scene.offer))
        let other = scene.invitation.offer(scene.roster.line, scene.desk, random: randomBytes(32))
        await expect(.invitationUsed) { try await scene.take(.ask(other)) }
        #expect(try !scene.invited().isContested)
    }

    @Test("the first lead's answer counts; the commitment is opened by what it was made of, and by nothing else")
    func answers() async throws {
        let scene = try await Scene()
        try await scene.take(.ask(scene.offer))
        try await scene.take(scene.answer, by: scene.roster.lead)
        for step in [
            JoinStep.answer(lead: scene.second.id, random: scene.leadRandom),
            .answer(lead: scene.roster.lead.id, random: randomBytes(32)),
        ] {
            await expect(.joinAnswered) { try await scene.take(step, by: scene.second) }
        }
        await expect(.joinMismatch) { try await scene.take(.reveal(randomBytes(32))) }
        #expect(try scene.invited().state == .answered && scene.invited().lead == scene.roster.lead.id)
        try await scene.take(.reveal(scene.random))
        await expect(.joinOutOfTurn) { try await scene.take(.reveal(randomBytes(32))) }
        #expect(try scene.invited().random == scene.random)
    }

    @Test("an invitation is good until it expires, to the millisecond, by the server's clock, in every state")
    func expiry() async throws {
        for stepsBefore in 0...3 {
            let scene = try await Scene()
            let offer = scene.offer
            let steps: [JoinStep] = [.ask(offer), scene.answer, .reveal(scene.random)]
            scene.store.now += 24 * 3_600_000 - 1
            for step in steps.prefix(stepsBefore) { try await scene.take(step) }
            scene.store.now += 1
            if stepsBefore < 3 { await expect(.invitationExpired) { try await scene.take(steps[stepsBefore]) } }
            #expect(try !scene.invited().isWaiting(now: scene.store.now))
        }
        // A maker's clock that is ahead makes none longer, and one that has passed makes none at all.
        let scene = try await Scene()
        let (long, past) = (TestInvitation(), TestInvitation())
        let lead = try scene.store.device(scene.roster.lead)
        let later = scene.store.now + 99 * 3_600_000
        try await scene.store.log.addInvitation(
            long.request(scene.roster.line, by: scene.roster.lead, expires: later), by: lead, now: scene.store.now)
        let kept = try #require(try scene.store.log.invitation(long.id))
        // What the lead signed is listed as it was signed.
        #expect(kept.expires == later && kept.listed(secret: nil).isGenuine(in: scene.roster.roster.state))
        #expect(kept.end == scene.store.now + 24 * 3_600_000)
        await expect(.invitationExpired) {
            try await scene.store.log.addInvitation(
                past.request(scene.roster.line, by: scene.roster.lead, expires: scene.store.now), by: lead,
                now: scene.store.now)
        }
    }

    @Test("withdrawn or given up it is good for nothing, in every state, and asking again says so")
    func ended() async throws {
        for stepsBefore in 0...3 {
            let scene = try await Scene()
            let steps: [JoinStep] = [.ask(scene.offer), scene.answer, .reveal(scene.random)]
            for step in steps.prefix(stepsBefore) { try await scene.take(step) }
            for _ in 1...2 { #expect(try await scene.take(.end, by: scene.second).state == .ended) }
            for step in steps { await expect(.invitationEnded) { try await scene.take(step) } }
        }
    }

    @Test("only a lead of the line invites, answers and ends; each sees the secret that is sealed to them")
    func leads() async throws {
        var scene = try await Scene()
        let counsellor = DeviceKeys.random()
        try scene.roster.admit(counsellor)
        var other = try TestRoster()
        try await scene.store.append(scene.roster.entries(from: 2), scene.roster.line)
        try await scene.store.found(other)
        let store = scene.store
        let secrets = try store.log.invitations(of: scene.roster.line, sealedTo: scene.second.id).map(\.secret)
        #expect(secrets == [[UInt8](repeating: scene.second.id.bytes[0], count: 64)])
        #expect(try store.log.invitations(of: scene.roster.line, sealedTo: counsellor.id).map(\.secret) == [nil])
        #expect(try store.log.invitations(of: other.line, sealedTo: other.lead.id).isEmpty)
        await expect(.notLead) { try await scene.take(.end, by: counsellor) }
        await expect(.unknownInvitation) { try await scene.take(.end, by: other.lead) }
        let device = try store.device(counsellor)
        let request = TestInvitation().request(scene.roster.line, by: counsellor, expires: store.now + 1_000)
        await expect(.notLead) { try await store.log.addInvitation(request, by: device, now: store.now) }
        // The same key in another line is another's.
        let again = scene.invitation.request(other.line, by: other.lead, expires: store.now + 1_000)
        await expect(.invitationUsed) {
            try await store.log.addInvitation(again, by: try store.device(other.lead), now: store.now)
        }
        try other.admit(.random())
        try await store.append(other.entries(from: 1), other.line)
        #expect(try scene.invited().state == .open)
    }

    @Test("a recovery's invitation is no one's to join with, and is done when the recovery is")
    func recovery() async throws {
        var scene = try await Scene()
        let invitation = TestInvitation()
        let store = scene.store
        try await store.perform(
            .inviteRecovery(signingKey: invitation.signingKey, line: scene.roster.line, expires: store.now + 1_000))
        let offer = invitation.offer(scene.roster.line, scene.desk, random: scene.random)
        await expect(.joinOutOfTurn) {
            _ = try await store.log.take(.ask(offer), invitation: invitation.id, by: nil, now: store.now)
        }
        #expect(try store.log.invitation(invitation.id)?.state == .open)
        try scene.roster.recover(to: .random())
        try await store.append(scene.roster.entries(from: 2), scene.roster.line)
        #expect(try store.log.invitation(invitation.id)?.state == .done)
        #expect(try store.log.recovery(scene.roster.recovery.id) == nil)
        try store.expectSound(scene.roster.line, scene.roster.roster)
    }
}
