import ChangeLog
import Replica
import SyncClient
import SyncProtocol
import TestSupport
import Testing
import Trust

@testable import Workstation

/// A computer comes into a line, as the page does it, without the page.
@Suite struct EnrolmentTests {
    let line: ServedLine
    init() throws { line = try ServedLine() }

    @Test("a line is founded when its sheet has been typed back from paper, and not before")
    func founding() async throws {
        let desk = try line.computer("desk1")
        let invitation = try await line.foundingInvitation()
        #expect("\(try desk.facts(ofInvitation: invitation).kind)" == "found")
        try desk.beginEnrolment(invitation: invitation, name: "Arbetsplats 1")
        let sheet = try await desk.shownSheet()
        #expect(try line.log.foundingInvitations().map(\.state) == [.open], "the server was told before the sheet was")

        var groups = sheet.split(separator: " ").map(String.init)
        groups[6] = String(groups[6].dropLast()) + (groups[6].hasSuffix("7") ? "8" : "7")
        #expect(code { try desk.typeSheet(groups.joined(separator: " ")) } == .mistypedSheet)
        #expect(code { try desk.typeSheet(String(sheet.dropLast(6))) } == .mistypedSheet)
        let other = RecoverySheet(keys: .random()).groups.joined(separator: " ")
        #expect(code { try desk.typeSheet(other) } == .otherSheet)
        #expect(try !desk.isJoined())

        try desk.typeSheet(sheet.lowercased())
        try await desk.until { $0.stage == .joined }
        #expect(try desk.isJoined() && desk.isLeadDesk())
        let rehearsal = try await desk.rehearse(sheet)
        #expect(rehearsal.isCurrent && rehearsal.epochs == 1 && rehearsal.newestEpoch == 1)
        #expect(try await !desk.rehearse(other).isCurrent)
        #expect(try desk.lineDesks().map(\.name) == ["Arbetsplats 1"])
        #expect(code { try desk.typeSheet(sheet) } == .badForm)
    }

    @Test("a second computer reads out six digits, and is let in by who types them; wrong ones let nobody in")
    func joining() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        let invitation = try await lead.invite()
        try desk.beginEnrolment(invitation: invitation.text, name: "Arbetsplats 2")
        try await desk.until { $0.stage == .asking }
        let digits = try await desk.shownDigits(answeredBy: lead)
        #expect(digits.count == 6 && digits.allSatisfy(\.isNumber))
        let applicants = try await lead.applicants()
        #expect(applicants.map(\.name) == ["Arbetsplats 2"])
        let wrong = digits.hasPrefix("1") ? "2" + digits.dropFirst() : "1" + digits.dropFirst()
        #expect(try await lead.typed(wrong, for: invitation.id) == .wrongDigits(left: 2))
        #expect(try !desk.isJoined())
        let typed = "\(digits.prefix(3)) \(digits.suffix(3))"
        #expect(try await lead.typed(typed, for: invitation.id).isAdmitted)
        try await desk.until { $0.stage == .joined }
        #expect(try await lead.applicants().isEmpty)
        #expect(try !desk.isLeadDesk())
        try await desk.syncNow()
        #expect(try desk.state().condition != .notJoined)
        #expect(try lead.lineDesks().map(\.name) == ["Arbetsplats 1", "Arbetsplats 2"])
    }

    @Test("three wrong codes end it, and the new computer says so")
    func ended() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        let invitation = try await lead.invite()
        try desk.beginEnrolment(invitation: invitation.text, name: "Arbetsplats 2")
        let digits = try await desk.shownDigits(answeredBy: lead)
        let wrong = digits.hasPrefix("1") ? "2" + digits.dropFirst() : "1" + digits.dropFirst()
        for left in [2, 1, 0] {
            #expect(try await lead.typed(wrong, for: invitation.id) == .wrongDigits(left: left))
        }
        try await desk.until { $0.stage == .idle }
        #expect((desk.enrolment.problem as? SyncError)?.code == .joinEnded)
        #expect(try !desk.isJoined())
    }

    @Test("without a network it waits and says so, and goes on by itself; the program may end meanwhile")
    func offline() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        let invitation = try await lead.invite()
        line.network.setDown(true)
        try desk.beginEnrolment(invitation: invitation.text, name: "Arbetsplats 2")
        try await desk.until { $0.problem != nil }
        #expect(desk.enrolment.stage == .asking)
        #expect((desk.enrolment.problem as? SyncError)?.code == .unreachable)
        line.network.setDown(false)
        let digits = try await desk.shownDigits(answeredBy: lead)
        line.network.setDown(true)
        try await desk.until { $0.problem != nil }
        #expect(desk.enrolment.stage == .digits(digits), "the digits stay on the screen")

        desk.endEnrolment()
        #expect(desk.enrolment.stage == .idle && desk.enrolment.problem == nil)
        line.network.setDown(false)
        let again = try line.open(line.folder.path + "/desk2")
        try again.beginEnrolment(invitation: invitation.text, name: "Arbetsplats 2")
        #expect(try await again.shownDigits(answeredBy: lead) == digits, "the same admission goes on")
        #expect(try await lead.typed(digits, for: invitation.id, asLead: true).isAdmitted)
        try await again.until { $0.stage == .joined }
        #expect(try again.isLeadDesk())
        #expect(desk.enrolment.stage == .idle, "what was given up says nothing any more")
    }

    @Test("an invitation with one character wrong, used, withdrawn or expired is told apart, and nothing was begun")
    func badInvitations() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        let good = try await lead.invite()
        let mistyped = good.text.dropLast() + (good.text.hasSuffix("7") ? "8" : "7")
        #expect(syncCode { try desk.beginEnrolment(invitation: String(mistyped), name: "A") } == .notAnInvitation)
        #expect(syncCode { _ = try desk.facts(ofInvitation: "hej") } == .notAnInvitation)
        #expect(syncCode { try desk.beginEnrolment(invitation: good.text, name: "") } == .unusable)
        #expect(desk.enrolment.stage == .idle)

        try await lead.withdraw(good.id)
        #expect(try await failure(of: desk, good.text) == .joinEnded)

        let used = try await lead.invite()
        try line.computer("desk3").beginEnrolment(invitation: used.text, name: "Arbetsplats 3")
        for _ in 0..<100 where try await lead.applicants().isEmpty { try await Task.sleep(for: .milliseconds(50)) }
        #expect(try await failure(of: desk, used.text) == .invitationUsed)
        #expect(try await lead.applicants().map(\.isContested) == [true])

        let old = try await lead.invite()
        line.clock.value += 25 * 3_600_000
        #expect(try await failure(of: desk, old.text) == .invitationExpired)
    }

    @Test("a computer that belongs to a line, or was taken out of one, comes into no other, and asks nobody")
    func otherLine() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        try await line.admit(desk, name: "Arbetsplats 2", by: lead)
        let invitation = try await lead.invite()
        #expect(replicaCode { try desk.beginEnrolment(invitation: invitation.text, name: "B") } == .alreadyJoined)
        let id = try #require(try desk.lineDesks().first { $0.isHere }?.id)
        try await lead.remove(id)
        await #expect(throws: SyncError.self) { try await desk.syncNow() }
        #expect(try desk.state().condition == .revoked)
        #expect(try !desk.isJoined() && !desk.isLeadDesk())

        let again = try await lead.invite().text
        #expect(replicaCode { try desk.beginEnrolment(invitation: again, name: "Arbetsplats 2") } == .removed)
        let (other, _) = try await line.founded("desk9")
        do {
            try await desk.client.join(invitation: try await other.invite().text, name: "Arbetsplats 2")
            Issue.record("it came into another line")
        } catch let error as ReplicaError {
            #expect(error.code == .otherLine)
        }
        #expect(try await other.applicants().isEmpty, "nobody there was asked")
    }

    @Test("with the sheet a new computer takes the line over, and only the new sheet opens it then")
    func recovery() async throws {
        let (lead, sheet) = try await line.founded()
        try await lead.syncNow()
        let lineID = try #require(try lead.replica.membership()?.line)
        let desk = try line.computer("desk2")
        try desk.beginEnrolment(invitation: try await line.recoveryInvitation(lineID), name: "Arbetsplats 2")
        try await desk.until { $0.stage == .oldSheet }
        try desk.typeSheet(RecoverySheet(keys: .random()).groups.joined())
        try await desk.until { $0.problem != nil }
        #expect(desk.enrolment.stage == .oldSheet, "another sheet is asked for")
        try desk.typeSheet(sheet)
        let new = try await desk.shownSheet()
        #expect(new != sheet)
        #expect(code { try desk.typeSheet(sheet) } == .otherSheet)
        #expect(try await lead.rehearse(sheet).isCurrent, "the old one holds until the new one is on paper")
        try desk.typeSheet(new)
        try await desk.until { $0.stage == .joined }
        #expect(try desk.isLeadDesk())
        #expect(try await !desk.rehearse(sheet).isCurrent)
        #expect(try await desk.rehearse(new).isCurrent)
    }

    private func failure(of desk: Workstation, _ invitation: String) async throws -> SyncError.Code? {
        try desk.beginEnrolment(invitation: invitation, name: "Arbetsplats 2")
        try await desk.until { $0.stage == .idle }
        #expect(try !desk.isJoined())
        return (desk.enrolment.problem as? SyncError)?.code
    }
}

func code(_ body: () throws -> Void) -> WorkstationError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? WorkstationError)?.code
    }
}

private func syncCode(_ body: () throws -> Void) -> SyncError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? SyncError)?.code
    }
}

private func replicaCode(_ body: () throws -> Void) -> ReplicaError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? ReplicaError)?.code
    }
}
