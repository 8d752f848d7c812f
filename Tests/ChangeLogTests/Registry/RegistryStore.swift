import ChangeLog
import Sealing
import SyncProtocol
import TestRosters
import TestSupport
import Testing
import Trust

/// A store, and a line whose roster the test writes itself.
final class RegistryStore {
    private var site: any StoreSite
    private(set) var log: any LineStore
    var now: Int64 = 1_700_000_000_000
    private let folder = TemporaryFolder()

    init(_ kind: StoreKind = .chosen) throws {
        site = try kind.site(in: folder)
        log = try site.open()
    }

    deinit { (log as? PostgreSQLChangeLog)?.close() }

    func found(_ roster: TestRoster) async throws {
        let invitation = try await inviteFounder()
        _ = try await log.found(roster.founding, by: invitation.id, now: now)
    }

    func inviteFounder(name: String = "Test", hours: Int64 = 24) async throws -> TestInvitation {
        let invitation = TestInvitation()
        try await perform(
            .inviteFounder(signingKey: invitation.signingKey, name: name, expires: now + hours * 3_600_000))
        return invitation
    }

    func perform(_ act: OperatorAct, by author: Administrator? = nil, request: [UInt8]? = nil) async throws {
        try await log.perform(act, by: author, request: request ?? randomBytes(16), now: now)
    }

    @discardableResult
    func append(_ entries: [SignedEntry], _ line: LineID, isNew: Bool = false) async throws -> (
        hasChanged: Bool, roster: Roster
    ) {
        let (hasChanged, roster) = try await log.append(entries, isNew: isNew, to: line, now: now)
        return (hasChanged, try #require(roster))
    }

    func device(_ keys: DeviceKeys) throws -> Device { try #require(try log.device(keys.id)) }

    /// The store as it stands.
    func backUp() throws -> any StoreSite { try site.copy() }

    /// Another process opens the store, or a copy of it.
    func open(_ other: (any StoreSite)? = nil) throws {
        (log as? PostgreSQLChangeLog)?.close()
        if let other { site = other }
        log = try site.open()
    }

    func execute(_ sql: String) throws { try site.execute(sql) }

    /// Whether what the store keeps holds together: entries verified from the first on, and what is kept of devices and the line
    /// is what they say.
    func expectSound(_ line: LineID, _ roster: Roster, _ location: SourceLocation = #_sourceLocation) throws {
        let kept = try #require(try log.roster(of: line), sourceLocation: location)
        #expect(kept.entries == roster.entries, sourceLocation: location)
        let verified = try Roster(kept.entries, line: line)
        #expect(verified.state.head == roster.state.head, sourceLocation: location)
        for (id, member) in roster.state.members {
            let device = try #require(try log.device(id), sourceLocation: location)
            #expect(device.line == line && device.role == member.role, sourceLocation: location)
            #expect(device.isRemoved == !member.isPresent, sourceLocation: location)
            #expect(device.signingKey == member.keys.signing, sourceLocation: location)
        }
        let mark = try #require(try log.mark(of: line), sourceLocation: location)
        #expect(mark.isOfSameRoster(as: RosterMark(roster.state)), sourceLocation: location)
        #expect(mark.lacksBoxes == !(try log.lackingBoxes(line: line).isEmpty), sourceLocation: location)
        #expect(try log.recovery(roster.state.recoveryID)?.line == line, sourceLocation: location)
    }
}

func expect(
    _ code: ChangeLogError.Code, _ location: SourceLocation = #_sourceLocation, _ body: () async throws -> Void
) async {
    await #expect(sourceLocation: location) { try await body() } throws: { ($0 as? ChangeLogError)?.code == code }
}
