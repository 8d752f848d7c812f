import ChangeLog
import Foundation
import SQLite
import Sealing
import SyncProtocol
import TestRosters
import Testing
import Trust

/// A store in a file, and a line whose roster the test writes itself.
final class RegistryStore {
    let folder: URL
    private(set) var log: SQLiteChangeLog
    var now: Int64 = 1_700_000_000_000
    private var copies = 0

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        log = try SQLiteChangeLog(path: folder.appendingPathComponent("server.db").path)
    }

    deinit {
        do { try FileManager.default.removeItem(at: folder) } catch { Issue.record(error) }
    }

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

    /// The file as it stands.
    func backUp() throws -> String {
        copies += 1
        let copy = folder.appendingPathComponent("copy\(copies).db").path
        try Connection(path: log.path, mode: .readOnly).backUp(to: try Connection(path: copy, mode: .create))
        return copy
    }

    /// Another process opens a file.
    func open(_ path: String) throws { log = try SQLiteChangeLog(path: path) }

    func execute(_ sql: String) throws { try Connection(path: log.path, mode: .readWrite).execute(sql) }

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
