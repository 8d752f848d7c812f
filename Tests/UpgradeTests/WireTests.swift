import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import Sealing
import Support
import SyncClient
import SyncProtocol
import SyncServer
import TestSupport
import Testing

/// Messages that earlier versions sent, taken by this one on either side.
@Suite("Upgrade: messages of every format version")
struct WireTests {
    @Test("every message is read, and written again to the same bytes", arguments: try Frozen.everyVersion())
    func readAgain(_ frozen: Frozen) throws {
        var outcomes: Set<String> = []
        for exchange in frozen.history + frozen.settling {
            guard exchange.status == 200 else { continue }
            switch exchange.path {
            case "/v1/join":
                #expect(try JoinRequest(encoded: exchange.request).encoded() == exchange.request)
                #expect(try JoinResponse(encoded: exchange.response).encoded() == exchange.response)
            case "/v1/heal":
                #expect(try HealRequest(encoded: exchange.request).encoded() == exchange.request)
                #expect(try HealResponse(encoded: exchange.response).encoded() == exchange.response)
            default:
                #expect(try SyncRequest(encoded: exchange.request).encoded() == exchange.request)
                let response = try SyncResponse(encoded: exchange.response)
                #expect(response.encoded() == exchange.response)
                outcomes.insert(Self.name(response.outcome))
            }
        }
        #expect(outcomes == ["done", "forked", "clock", "refused", "diverged", "renew"])
    }

    private static func name(_ outcome: SyncResponse.Outcome) -> String {
        String("\(outcome)".prefix { $0.isLetter })
    }

    @Test(
        "what workstations of then ask, the server of now answers as it was answered then",
        arguments: try Frozen.everyVersion())
    func oldWorkstations(_ frozen: Frozen) async throws {
        let site = try FixtureSite(
            folder: try frozen.copies(), clock: SettableWallClock(atMilliseconds: frozen.now),
            incarnation: frozen.incarnation)
        var tokens: [String: String] = [:]
        for name in Frozen.desks { tokens[name] = try site.desk(name).replica.enrolment()?.token }
        for exchange in frozen.settling {
            let token = tokens[exchange.desk]
            let answer = try await HTTPClient().send(
                HTTPClientRequest(
                    method: "POST", url: site.address + exchange.path,
                    headers: [("Content-Type", "application/cbor")]
                        + (token.map { [("Authorization", "Bearer \($0)")] } ?? []), body: exchange.request,
                    timeoutSeconds: FixtureSite.timeoutSeconds))
            #expect(answer.status == exchange.status)
            switch exchange.path {
            case "/v1/join":
                let (now, then) = (
                    try JoinResponse(encoded: answer.body), try JoinResponse(encoded: exchange.response)
                )
                tokens[exchange.desk] = now.token
                #expect(now.line == then.line && now.lineName == then.lineName && now.incarnation == then.incarnation)
            case "/v1/heal":
                try compare(HealResponse(encoded: answer.body), HealResponse(encoded: exchange.response))
            default:
                try compare(SyncResponse(encoded: answer.body), SyncResponse(encoded: exchange.response))
            }
        }
        await site.stop()
    }

    // Item by item, and not the bytes: an answer may have more in it than it had then.

    private func compare(_ now: SyncResponse, _ then: SyncResponse) {
        #expect(now.outcome == then.outcome && now.incarnation == then.incarnation)
        #expect(now.heldNumber == then.heldNumber && now.heldDigests == then.heldDigests)
        #expect(now.cursor == then.cursor && now.head == then.head && now.more == then.more)
        #expect(now.fingerprint == then.fingerprint && now.seen.sorted == then.seen.sorted)
        #expect(now.page == then.page)
        #expect(now.leases == then.leases && now.desk == then.desk && now.serverTime == then.serverTime)
    }

    private func compare(_ now: HealResponse, _ then: HealResponse) {
        #expect(now.outcome == then.outcome && now.incarnation == then.incarnation && now.cursor == then.cursor)
        #expect(now.seen.sorted == then.seen.sorted && now.compared == then.compared && now.page == then.page)
        #expect(now.joinedParts == then.joinedParts && now.joinedThrough == then.joinedThrough)
    }

    @Test(
        "what a server of then answers, the workstation of now takes in, and holds what was held then",
        arguments: try Frozen.everyVersion())
    func oldServer(_ frozen: Frozen) async throws {
        let copies = try frozen.copies()
        let now = frozen.now
        // Of the others, who had to take new ids, the answers speak of ids that are drawn at random.
        for (name, schema) in [("one", Greenhouse.schema), ("four", Greenhouse.newerSchema)] {
            let replica = try Replica(
                path: copies.file("\(name).db"), schema: schema, environment: .init(wallMilliseconds: { now }))
            let old = OldServer(frozen.settling.filter { $0.desk == name })
            let client = SyncClient(replica: replica, transport: old)
            if try replica.enrolment() == nil {
                try await client.join(
                    server: FixtureSite.url, invitation: frozen.invitation, name: "Desk four", key: FixtureSite.key)
            }
            while !old.isAtEnd { try await client.sync() }
            let site = try FixtureSite(folder: copies, clock: SettableWallClock(atMilliseconds: now), store: "none")
            #expect(try FixtureDesk(name, path: replica.path, site: site).contents() == frozen.settled[name])
            #expect(try replica.status().isVerified == true && replica.status().pending == 0)
            await site.stop()
        }
    }

    /// Gives the recorded answers in their order.
    private final class OldServer: HTTPTransport {
        private let answers: Lock<ArraySlice<FixtureExchange>>
        init(_ exchanges: [FixtureExchange]) { answers = Lock(exchanges[...]) }

        var isAtEnd: Bool { answers.withLock { $0.isEmpty } }

        func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
            guard let answer = answers.withLock({ $0.popFirst() }), request.url.hasSuffix(answer.path) else {
                throw HTTPClientError(.unreachable, "nothing like this was asked then")
            }
            return HTTPClientResponse(
                status: answer.status, headers: [("Content-Type", "application/cbor")], body: answer.response)
        }
    }
}
