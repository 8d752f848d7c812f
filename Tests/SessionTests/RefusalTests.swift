import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing
import Trust

/// What the client makes of answers that are none, and what it does then.
@Suite("Refusals and failures, as the client sees them")
struct RefusalTests {
    private func error(_ answer: CannedServer.Answer) async throws -> SyncError? {
        let line = try await TestLine()
        let desk = try await line.desk()
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        let client = SyncClient(replica: desk.replica, transport: CannedServer(answer))
        var caught: SyncError?
        do { try await client.sync() } catch let error as SyncError { caught = error }
        #expect(try desk.replica.status().pending == 1 && desk.replica.status().setAside == 0)
        #expect(try await desk.sync().isVerified == true)
        return caught
    }

    @Test(
        "each problem of the server has its own error, and the work stays (I3)",
        arguments: [
            ("unknown-invitation", 403, SyncError.Code.unknownInvitation),
            ("invitation-expired", 403, .invitationExpired),
            ("invitation-used", 403, .invitationUsed), ("not-lead", 403, .notLead), ("wrong-line", 403, .wrongLine),
            ("invitation-ended", 403, .joinEnded), ("removed", 403, .removed), ("unknown-device", 401, .unknownDevice),
            ("unknown-line", 404, .wrongLine), ("roster-undecided", 409, .rosterUndecided),
            ("unauthorized", 401, .refused), ("revoked", 403, .refused), ("wrong-device", 403, .refused),
            ("other-version", 400, .otherVersion), ("busy", 503, .unavailable), ("storage-full", 507, .unavailable),
            ("not-found", 404, .badAnswer), ("of a later version", 409, .badAnswer),
        ])
    func problems(_ name: String, _ status: Int, _ code: SyncError.Code) async throws {
        let error = try #require(try await error(.problem(status, name)))
        #expect(error.code == code)
        #expect(error.description.contains("your work is safe here"))
        #expect(error.isTransient == [.unavailable, .badAnswer].contains(code))
    }

    @Test(
        "each failure of the connection has its own error, and the work stays (I3)",
        arguments: [
            (HTTPClientError.Code.tls, SyncError.Code.insecure), (.invalidURL, .unusable), (.libraryMissing, .unusable),
            (.invalidRequest, .unusable), (.tooLarge, .badAnswer), (.invalidResponse, .badAnswer),
            (.unreachable, .unreachable), (.timedOut, .timedOut),
        ])
    func failures(_ code: HTTPClientError.Code, _ expected: SyncError.Code) async throws {
        let error = try #require(try await error(.failure(code)))
        #expect(error.code == expected && (error.cause as? HTTPClientError)?.code == code)
    }

    @Test("a request that was cancelled is no failure of the network")
    func cancelled() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        let client = SyncClient(replica: desk.replica, transport: CannedServer(.failure(.cancelled)))
        await #expect(throws: CancellationError.self) { try await client.sync() }
    }

    @Test("a page of a hotel's network is not taken for an answer, nor is what only looks like one")
    func strangers() async throws {
        let page = CannedServer.Answer.response(status: 200, type: "text/html", body: Array("<html>".utf8))
        #expect(try await error(page)?.code == .badAnswer)
        let garbage = CannedServer.Answer.response(status: 200, type: "application/cbor", body: [0xFF, 0])
        #expect(try await error(garbage)?.code == .badAnswer)
    }

    @Test("how long a server wants to be left alone is passed on")
    func retryAfter() async throws {
        let error = try await error(.response(status: 503, retryAfter: "17"))
        #expect(error?.code == .unavailable && error?.retryAfterSeconds == 17)
    }

    @Test("a name or an invitation that cannot be one is refused before anything is sent")
    func joining() async throws {
        let line = try await TestLine()
        let replica = try Replica(path: line.path("new.db"), schema: Garden.schema)
        let canned = CannedServer(.failure(.unreachable))
        let client = SyncClient(replica: replica, transport: canned)
        let good = Invitation(kind: .join, line: line.line, address: "http://test").text
        for (name, invitation, code) in [
            ("", good, SyncError.Code.unusable), (String(repeating: "n", count: 201), good, .unusable),
            ("Desk", String(good.dropLast()), .notAnInvitation), ("Desk", "x", .notAnInvitation),
        ] {
            await #expect {
                try await client.join(invitation: invitation, name: name)
            } throws: { ($0 as? SyncError)?.code == code }
        }
        #expect(canned.count.withLock { $0 } == 0)
        let garbled = SyncClient(
            replica: replica, transport: CannedServer(.response(status: 200, type: "application/cbor", body: [1])))
        await #expect {
            try await garbled.join(invitation: good, name: "Desk")
        } throws: { ($0 as? SyncError)?.code == .badAnswer }
        #expect(try replica.membership() == nil)
        await #expect { try await client.sync() } throws: { ($0 as? ReplicaError)?.code == .notJoined }
    }

    @Test("a replica belongs to one line")
    func otherLine() async throws {
        let (line, other) = (try await TestLine(), try await TestLine())
        let desk = try await line.desk()
        let stray = SyncClient(replica: desk.replica, transport: other.network)
        let invitation = Invitation(kind: .join, line: other.line, address: "http://test").text
        await #expect {
            try await stray.join(invitation: invitation, name: "Desk")
        } throws: { ($0 as? ReplicaError)?.code == .otherLine }
        await #expect { try await other.admit(desk.replica, name: "Desk") } throws: {
            ($0 as? ReplicaError)?.code == .otherLine
        }
        #expect(try await desk.sync().isVerified == true)
    }

    // MARK: Requests that are too large

    @Test("a server that takes less at once is sent less at once, until all is there")
    func smallerRequests() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        for number in 0..<200 {
            try desk.replica.write { tx in
                try tx.insert(Garden.plants) { $0[Garden.name] = "\(number) " + String(repeating: "x", count: 1_000) }
            }
        }
        var limits = Limits()
        limits.requestBytes = 50_000
        try line.restartServer(limits: limits)
        #expect(try await desk.sync().isVerified == true)
        #expect(try desk.replica.status().setAside == 0)
        let other = try await line.desk()
        try await other.sync()
        #expect(try other.state() == desk.state())
    }

    @Test("a commit that alone is more than the server takes is put aside, and what comes behind it goes on (I11)")
    func commitTooLarge() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        for size in [10, 90_000, 20] {
            try desk.replica.write { tx in
                try tx.insert(Garden.plants) { $0[Garden.name] = String(repeating: "x", count: size) }
            }
        }
        var limits = Limits()
        limits.requestBytes = 50_000
        try line.restartServer(limits: limits)
        let report = try await desk.sync()
        #expect(report.events.contains(.setAside(number: 2, reason: .tooLarge)) && report.isVerified == true)
        #expect(try desk.replica.setAsideCommits().map(\.number) == [2])
        #expect(try desk.replica.read { try $0.records(Garden.plants).count } == 2)
    }

    @Test("what the server says that it cannot read is sent again, and put aside only when it says so to the end (I11)")
    func unreadable() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        let bad = CannedServer.Answer.problem(400, "malformed")
        let patient = CannedServer(bad, bad, bad, .passed, network: line.network)
        #expect(try await SyncClient(replica: desk.replica, transport: patient).sync().isVerified == true)
        #expect(try desk.replica.status().setAside == 0)
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "elm" } }
        let firm = CannedServer(bad, bad, bad, bad, .passed, network: line.network)
        let report = try await SyncClient(replica: desk.replica, transport: firm).sync()
        #expect(report.isVerified == true && report.events.contains(.setAside(number: 2, reason: .tooLarge)))
        #expect(try desk.state().count == 1)
    }

    @Test("a server that never comes to an end is left alone")
    func endless() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        let status = try desk.ask().read
        let answer = SyncResponse(
            outcome: .done, cursor: status.cursor, head: 9, more: true,
            serverTime: line.clock.now)
        let endless = CannedServer(.response(status: 200, type: "application/cbor", body: answer.encoded()))
        await #expect { try await SyncClient(replica: desk.replica, transport: endless).sync() } throws: {
            ($0 as? SyncError)?.code == .noProgress
        }
        #expect(endless.count.withLock { $0 } < 100)
        #expect(try await desk.sync().isVerified == true)
    }
}
