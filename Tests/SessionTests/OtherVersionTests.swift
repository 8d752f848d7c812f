import ChangeLog
import HTTPClient
import Replica
import Sealing
import SimulatedLead
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing
import Trust

/// A workstation and a server of different protocol versions.
@Suite("Another version of the protocol")
struct OtherVersionTests {
    /// Makes one side's messages those of another version: key 0 stands first in every one.
    private struct Translator: HTTPTransport {
        enum Side { case workstation, server, workstationByPath }
        let side: Side
        let network: TestNetwork
        /// Only these are translated.
        var path = "/v2/"
        /// Signs what a workstation of another version would have signed.
        var key: SigningKey?

        func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
            guard request.url.contains(path) else { return try await network.send(request) }
            var request = request
            if side == .workstation {
                if !request.body.isEmpty { request.body[Self.place(request.body)] = 3 }
                sign(&request)
            }
            if side == .workstationByPath { request.url.replace("/v2/", with: "/v3/") }
            let response = try await network.send(request)
            guard side == .server, response.status == 200 else { return response }
            var body = response.body
            body[Self.place(body)] = 3
            var headers = response.headers.filter { $0.name != ContentDigest.name }
            headers.append((ContentDigest.name, ContentDigest.value(of: body)))
            return HTTPClientResponse(status: response.status, headers: headers, body: body)
        }

        /// Where the version stands: the first value of a map, or the first item of an array.
        private static func place(_ body: [UInt8]) -> Int { body[0] >> 5 == 5 ? 2 : 1 }

        private func sign(_ request: inout HTTPClientRequest) {
            func header(_ name: String) -> String? { request.headers.first { $0.name == name }?.value }
            guard let key, let route = header(RequestSignature.routeHeader),
                let signed = RequestSignature(
                    input: header(RequestSignature.inputHeader), signature: header(RequestSignature.signatureHeader))
            else { return }
            let digest = ContentDigest.value(of: request.body)
            let anew = RequestSignature(
                method: request.method, route: route, digest: digest, ticket: signed.ticket, keyID: signed.keyID,
                purpose: signed.purpose, key: key)
            let headers = [(name: ContentDigest.name, value: digest)] + anew.headers(route: route)
            request.headers.removeAll { old in headers.contains { $0.name == old.name } }
            request.headers += headers
        }
    }

    @Test(
        "it says so, sets nothing aside, and everything is sent once both speak the same again (I11)",
        arguments: [Translator.Side.workstation, .server, .workstationByPath])
    private func syncing(_ side: Translator.Side) async throws {
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        for name in ["oak", "elm"] {
            try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = name } }
        }
        let state = try desk.state()
        let client = SyncClient(
            replica: desk.replica,
            transport: Translator(
                side: side, network: line.network, key: try desk.replica.deviceKeys().signing))
        for _ in 0..<8 {
            await #expect { try await client.sync() } throws: { error in
                guard let error = error as? SyncError else { return false }
                return error.code == .otherVersion && !error.isTransient
            }
        }
        #expect(try desk.state() == state && desk.replica.status().pending == 2)
        #expect(try await desk.sync().isVerified == true)
        #expect(try desk.replica.status().pending == 0 && desk.replica.status().setAside == 0)
        try await other.sync()
        #expect(try other.state() == state)
    }

    @Test("neither joining nor healing goes on with it", arguments: [Translator.Side.workstation, .server])
    private func others(_ side: Translator.Side) async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await desk.sync()
        let late = try Replica(path: line.path("late.db"), schema: Garden.schema)
        let invited = Invitation(kind: .join, line: line.line, address: "http://test")
        try await line.log.addInvitation(
            InvitationRequest(
                signingKey: invited.keys.signing.publicKey, expires: line.clock.now + 3_600_000, secrets: [],
                line: line.line, by: line.lead.device.signing),
            by: try #require(try line.log.device(line.lead.device.id)), now: line.clock.now)
        let invitation = invited.text
        let joining = SyncClient(
            replica: late, transport: Translator(side: side, network: line.network, key: invited.keys.signing))
        await #expect {
            try await joining.join(invitation: invitation, name: "Late")
        } throws: { ($0 as? SyncError)?.code == .otherVersion }
        #expect(try late.membership() == nil)
        let healing = SyncClient(
            replica: desk.replica,
            transport: Translator(
                side: side, network: line.network, path: "/v2/heal", key: try desk.replica.deviceKeys().signing))
        await #expect { try await healing.verify() } throws: { ($0 as? SyncError)?.code == .otherVersion }
        #expect(try desk.replica.status().isHealing)
        #expect(try await desk.sync().isVerified == true)
    }
}
