import Casework
import HTTPClient
import Replica
import SyncClient
import SyncProtocol
import TestSupport
import Testing
import Trust

@testable import Workstation

/// What a lead does with the line's workstations.
@Suite struct LineTests {
    let line: ServedLine
    init() throws { line = try ServedLine() }

    @Test("a lead renames, gives the role and takes it, and removes; a counsellor's computer does none of it")
    func rights() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        try await line.admit(desk, name: "Arbetsplats 2", by: lead)
        let ids = try lead.lineDesks().map(\.id)
        await refused(.notLead) { _ = try await desk.invite() }
        await refused(.notLead) { try await desk.rename(ids[1], to: "Vid fönstret") }
        await refused(.notLead) { try await desk.remove(ids[0]) }

        try await lead.rename(ids[1], to: "Vid fönstret")
        #expect(try lead.lineDesks().map(\.name) == ["Arbetsplats 1", "Vid fönstret"])
        await #expect(throws: WorkstationError.self) { try await lead.rename(ids[1], to: "") }
        #expect(await roster { try await lead.setRole(ofDesk: ids[0], isLead: false) } == .lastLead)
        #expect(await roster { try await lead.remove(ids[0]) } == .removesItself)
        try await lead.setRole(ofDesk: ids[1], isLead: true)
        try await desk.syncNow()
        #expect(try desk.isLeadDesk())
        try await lead.setRole(ofDesk: ids[1], isLead: false)

        try await lead.remove(ids[1])
        #expect(try lead.lineDesks().map { $0.removedAt != nil } == [false, true])
        await refused(.removed) { try await desk.syncNow() }
        #expect(try desk.state().condition == .revoked)
    }

    @Test("who was never heard of is told from who was, and a new key begins the counting anew")
    func heard() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        try await line.admit(desk, name: "Arbetsplats 2", by: lead)
        #expect(try await lead.lastHeard().isEmpty)
        try await desk.syncNow()
        try await desk.client.compareWithOthers()
        let id = try #require(try lead.lineDesks().last?.id)
        #expect(try await lead.lastHeard() == [id: line.clock.value])

        line.clock.value += 60_000
        try await Lead(lead.client).rotate()
        #expect(try await lead.lastHeard().isEmpty)
        #expect(try lead.lineDesks().map(\.countedFrom) == [line.clock.value, line.clock.value])
    }

    @Test("a workstation that held something else is named, until it holds the same or is taken out")
    func comparisons() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        try await line.admit(desk, name: "Arbetsplats 2", by: lead)
        try await lead.syncNow()
        let id = try #require(try lead.lineDesks().last?.id)
        try lead.replica.keep([Comparison(device: id, isEqual: false, milliseconds: 5)])
        #expect(try lead.state().comparisons == [DeskComparison(name: "Arbetsplats 2", isEqual: false, at: 5)])
        #expect(try lead.state().condition == .disagrees)
        try lead.replica.keep([Comparison(device: id, isEqual: true, milliseconds: 6)])
        #expect(try lead.state().condition != .disagrees)
        try lead.replica.keep([Comparison(device: id, isEqual: false, milliseconds: 7)])
        try await lead.remove(id)
        #expect(try lead.state().comparisons.isEmpty)
    }

    @Test("invitations that are open are listed, and withdrawn")
    func invitations() async throws {
        let (lead, _) = try await line.founded()
        let first = try await lead.invite()
        let second = try await lead.invite()
        #expect(first.expires == line.clock.value + 24 * 3_600_000)
        try await lead.withdraw(first.id)
        let open = try await lead.invitations().invitations.filter { $0.state == .open }
        #expect(open.map(\.id) == [second.id])
    }

    @Test(
        "where the server's certificate is a private one, an invitation's key of it is kept, and later invitations name it"
    )
    func pins() async throws {
        let pin = [UInt8](repeating: 7, count: 32)
        let lead = try line.computer("desk1")
        try lead.beginEnrolment(
            invitation: try await line.foundingInvitation(pin: pin), name: "Arbetsplats 1")
        try lead.typeSheet(try await lead.shownSheet())
        try await lead.until { $0.stage == .joined }
        #expect(try ServerAccess(folder: lead.folder).pin == pin)
        #expect(try Invitation(text: try await lead.invite().text).pin == pin)

        let (other, _) = try await line.founded("desk2")
        #expect(try ServerAccess(folder: other.folder).pin == nil)
        #expect(try Invitation(text: try await other.invite().text).pin == nil)
    }

    @Test("a damaged file of the way to the server is told, and stays as it is")
    func damagedAccess() throws {
        let path = line.folder.path + "/server-access.json"
        try writePrivateFile(path, "{")
        #expect(code { _ = try ServerAccess(folder: line.folder.path) } == .cannotKeep)
        #expect(try readFile(path, limit: 10) == Array("{".utf8))
        try writePrivateFile(path, "{\"insecureHTTP\":true}")
        #expect(try ServerAccess(folder: line.folder.path).configuration.allowsPlainHTTP)
    }

    @Test("what a removed workstation had not sent is read by a lead, and taken in once")
    func unsent() async throws {
        let (lead, _) = try await line.founded()
        let desk = try line.computer("desk2")
        try await line.admit(desk, name: "Arbetsplats 2", by: lead)
        try await desk.syncNow()
        let author = try AuthorCode("S2")
        let reference = try desk.casework.newCase(CaseFields(), by: author, note: "Hen ringer igen på fredag.")
        let id = try #require(try lead.lineDesks().last?.id)
        try await lead.remove(id)
        #expect(try await lead.unsentWork().isEmpty)
        await refused(.removed) { try await desk.syncNow() }
        #expect(try await lead.unsentWork().map(\.device) == [id])
        let items = try await lead.readUnsent(of: id)
        #expect(items.contains { $0.values.contains { $0.text.contains("fredag") } })
        #expect(try lead.casework.list().isEmpty, "reading has taken it in")
        #expect(try await lead.takeInUnsent(of: id) > 0)
        #expect(try lead.casework.show(reference).notes.count == 1)
        #expect(try await lead.unsentWork().isEmpty)
    }

    @Test("what is no late change is neither kept nor accepted")
    func late() async throws {
        let (lead, _) = try await line.founded()
        let item = try ItemReference(parsing: "9f3c01ab")
        #expect(try lead.lateItems().isEmpty && lead.state().late == 0)
        await #expect(throws: CaseworkError.self) { _ = try await lead.keepLate(item) }
        #expect(throws: CaseworkError.self) { try lead.acceptLate(item) }
    }

    private func refused(_ code: SyncError.Code, _ body: () async throws -> Void) async {
        do {
            try await body()
            Issue.record("it was done")
        } catch {
            #expect((error as? SyncError)?.code == code)
        }
    }

    private func roster(_ body: () async throws -> Void) async -> RosterError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? RosterError)?.code
        }
    }
}
