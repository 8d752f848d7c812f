import Foundation
import HTTPClient
import Replica
import Support
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// A workstation and a server of different protocol versions.
@Suite("Upgrade: another version of the protocol")
struct OtherVersionTests {
    /// Makes one side's messages those of another version: key 0 stands first in every one.
    private struct Translator: HTTPTransport {
        enum Side { case workstation, server, workstationByPath }
        let side: Side
        let wire: FixtureWire

        func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
            var request = request
            if side == .workstation { request.body[2] = 2 }
            if side == .workstationByPath { request.url.replace("/v1/", with: "/v2/") }
            let response = try await wire.send(request)
            guard side == .server, response.status == 200 else { return response }
            var body = response.body
            body[2] = 2
            return HTTPClientResponse(status: response.status, headers: response.headers, body: body)
        }
    }

    @Test(
        "it says so, sets nothing aside, and everything is sent once both speak the same again (I11)",
        arguments: [Translator.Side.workstation, .server, .workstationByPath])
    private func syncing(_ side: Translator.Side) async throws {
        let frozen = try #require(try Frozen.everyVersion().last)
        let site = try FixtureSite(
            folder: try frozen.copies(), clock: SettableWallClock(atMilliseconds: frozen.now),
            incarnation: frozen.incarnation)
        let one = try site.desk("one")
        let client = SyncClient(replica: one.replica, transport: Translator(side: side, wire: one.wire))
        for _ in 0..<8 {
            await #expect { try await client.sync() } throws: { error in
                guard let error = error as? SyncError else { return false }
                return error.code == .otherVersion && !error.isTransient
            }
        }
        #expect(try one.contents() == frozen.contents["one"])
        #expect(try one.standing() == frozen.standing["one"])
        #expect(try await one.sync().isVerified == true)
        #expect(try one.replica.status().pending == 0 && one.replica.status().setAside == 0)
        await site.stop()
    }

    @Test("neither joining nor healing goes on with it", arguments: [Translator.Side.workstation, .server])
    private func others(_ side: Translator.Side) async throws {
        let frozen = try #require(try Frozen.everyVersion().last)
        let site = try FixtureSite(
            folder: try frozen.copies(), clock: SettableWallClock(atMilliseconds: frozen.now),
            incarnation: frozen.incarnation)
        let four = try site.desk("four")
        let joining = SyncClient(replica: four.replica, transport: Translator(side: side, wire: four.wire))
        await #expect {
            try await joining.join(
                server: FixtureSite.url, invitation: frozen.invitation, name: "Desk four", key: FixtureSite.key)
        } throws: {
            ($0 as? SyncError)?.code == .otherVersion
        }
        #expect(try four.replica.enrolment() == nil)
        let three = try site.desk("three")
        let healing = SyncClient(replica: three.replica, transport: HealingOnly(side: side, wire: three.wire))
        await #expect { try await healing.sync() } throws: { ($0 as? SyncError)?.code == .otherVersion }
        #expect(try three.replica.status().isHealing)
        try await site.settle([three])
        #expect(try three.replica.status().isVerified == true)
        await site.stop()
    }

    private struct HealingOnly: HTTPTransport {
        let side: Translator.Side
        let wire: FixtureWire
        func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
            if request.url.hasSuffix("/v1/heal") { return try await Translator(side: side, wire: wire).send(request) }
            return try await wire.send(request)
        }
    }
}
