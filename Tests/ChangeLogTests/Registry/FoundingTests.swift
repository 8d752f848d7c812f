import ChangeLog
import SQLite
import Sealing
import SyncProtocol
import TestRosters
import Testing
import Trust

/// A line begins by the operator's invitation, once.
@Suite struct FoundingTests {
    @Test("an operator's invitation founds one line; a lost answer is asked for again and given the same")
    func once() async throws {
        let store = try RegistryStore()
        let roster = try TestRoster()
        let invitation = try await store.inviteFounder(name: "Orostelefonen")
        #expect(try await store.log.lines().isEmpty)
        for _ in 1...2 {
            #expect(try await store.log.found(roster.founding, by: invitation.id, now: store.now) == roster.line)
        }
        try store.expectSound(roster.line, roster.roster)
        let lines = try await store.log.lines()
        #expect(lines.map(\.name) == ["Orostelefonen"] && lines.map(\.id) == [roster.line])
        #expect(try store.log.lackingBoxes(line: roster.line).isEmpty)
        #expect(try store.log.boxes(of: roster.lead.id, line: roster.line).count == 1)
        // Somebody else has it too, and comes too late. The operator sees that.
        let other = try TestRoster()
        await expect(.invitationUsed) {
            _ = try await store.log.found(other.founding, by: invitation.id, now: store.now)
        }
        let seen = try #require(try store.log.foundingInvitations().first)
        #expect(seen.isContested && seen.state == .done && seen.line == roster.line)
        #expect(try await store.log.lines().count == 1)
    }

    @Test("an invitation that is unknown, of another kind, expired or withdrawn founds nothing")
    func refused() async throws {
        let store = try RegistryStore()
        let roster = try TestRoster()
        await expect(.unknownInvitation) {
            _ = try await store.log.found(roster.founding, by: TestInvitation().id, now: store.now)
        }
        let short = try await store.inviteFounder(hours: 1)
        store.now += 3_600_000
        await expect(.invitationExpired) {
            _ = try await store.log.found(roster.founding, by: short.id, now: store.now)
        }
        // However long an operator's clock says: a day by the server's.
        let long = try await store.inviteFounder(hours: 1_000)
        await expect(.invitationExpired) {
            _ = try await store.log.found(roster.founding, by: long.id, now: store.now + 24 * 3_600_000)
        }
        try await store.perform(.withdraw(long.id))
        await expect(.invitationEnded) { _ = try await store.log.found(roster.founding, by: long.id, now: store.now) }
        let last = try await store.inviteFounder()
        store.now += 24 * 3_600_000 - 1
        _ = try await store.log.found(roster.founding, by: last.id, now: store.now)
        let recovery = TestInvitation()
        try await store.perform(
            .inviteRecovery(signingKey: recovery.signingKey, line: roster.line, expires: store.now + 1_000))
        let other = try TestRoster()
        await expect(.unknownInvitation) {
            _ = try await store.log.found(other.founding, by: recovery.id, now: store.now)
        }
        try await store.expectOneLine()
    }

    @Test("what founds nothing is refused, and the invitation stays good; a line is founded once")
    func entries() async throws {
        let store = try RegistryStore()
        var roster = try TestRoster()
        let founding = roster.founding
        let invitation = try await store.inviteFounder()
        var forged = founding
        forged.entry = forged.entry.forged
        await expect(.rosterRefused) { _ = try await store.log.found(forged, by: invitation.id, now: store.now) }
        let later = FoundRequest(entry: try roster.admit(.random()), boxes: [])
        await expect(.rosterRefused) { _ = try await store.log.found(later, by: invitation.id, now: store.now) }
        _ = try await store.log.found(founding, by: invitation.id, now: store.now)
        let second = try await store.inviteFounder()
        await expect(.lineExists) { _ = try await store.log.found(founding, by: second.id, now: store.now) }
        try await store.expectOneLine()
        // A store that was lost is begun anew with the same first entry: the line is the same, and takes in what followed.
        let fresh = try RegistryStore()
        let third = try await fresh.inviteFounder()
        #expect(try await fresh.log.found(founding, by: third.id, now: fresh.now) == roster.line)
        #expect(try await fresh.append(roster.entries(from: 1), roster.line).hasChanged)
        try fresh.expectSound(roster.line, roster.roster)
    }
}

extension RegistryStore {
    func expectOneLine() async throws { #expect(try await log.lines().count == 1) }
}
