import ChangeLog
import HTTPClient
import Merge
import Sealing
import Support
import SyncProtocol
import TestRosters
import Testing
import Trust

/// Rights as they change while requests are under way.
@Suite struct RightsTests {
    private static func poll(
        _ server: TestServer, replica: UInt64, at cursor: Cursor = .start, wait: UInt64 = 60_000
    ) -> [UInt8] {
        var request = SyncRequest(
            line: server.line, replica: ReplicaID(rawValue: replica), acknowledged: 0,
            acknowledgedDigest: CommitDigest.start, commits: [], pending: 0, clock: server.now)
        request.cursor = cursor
        request.wait = wait
        return request.encoded()
    }

    /// Where the line's log stands: whoever asks from there waits.
    private func cursor(_ server: TestServer, _ signer: Signer) async throws -> Cursor {
        let body = Self.poll(server, replica: UInt64(signer.keyID[1]) << 20, wait: 0)
        let answer = try await server.send("POST", "/v2/sync", body, by: signer)
        return try SyncResponse(encoded: answer.body).cursor
    }

    /// Waits until so many requests wait at the server.
    private func waitFor(_ count: Int, _ server: TestServer, _ karin: Signer) async throws {
        for _ in 1...600 {
            let text = String(decoding: try await server.send("GET", "/metrics", by: karin).body, as: UTF8.self)
            if text.contains("lugn_waiting_requests \(count)\n") { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("\(count) requests never waited")
    }

    @Test(
        "a removal, and an operator's block, end the workstation's waiting requests at once; others learn of the roster"
    )
    func waiting() async throws {
        let server = try await TestServer()
        let karin = try await server.administrator()
        let (removed, blocked, other) = (
            try await server.device(), try await server.device(), try await server.device()
        )
        let cursor = try await cursor(server, other)
        for (kind, signer) in [("removed", removed), ("revoked", blocked)] {
            let polls = try [signer, other].enumerated().map { index, signer in
                SignedMessage(
                    "POST", "/v2/sync",
                    Self.poll(server, replica: UInt64(signer.keyID[0]) << 8 | UInt64(index), at: cursor),
                    by: signer, ticket: try server.ticket())
            }
            let (client, base) = (server.client, server.base)
            let answers = polls.map { message in
                Task {
                    try await client.send(
                        HTTPClientRequest(
                            method: "POST", url: base + "/v2/sync", headers: message.headers, body: message.body,
                            timeoutSeconds: 90))
                }
            }
            try await waitFor(2, server, karin)
            let began = ContinuousClock.now
            if kind == "removed" {
                let remaining = try server.roster.write(
                    .remove(
                        [removed.deviceID],
                        RosterAct.NextEpoch(commitment: randomBytes(32), sealedPrevious: randomBytes(48))))
                let body = RosterExtension(line: server.line, entries: [remaining]).encoded()
                // By nobody: it is signed.
                let posted = try await client.send(
                    HTTPClientRequest(
                        method: "POST", url: base + "/v2/roster",
                        headers: [
                            (name: "Content-Digest", value: ContentDigest.value(of: body)),
                            (name: "Content-Type", value: "application/cbor"),
                        ], body: body))
                #expect(posted.status == 200)
                #expect(try RosterPosition(encoded: posted.body).head == remaining.entry.hash)
            } else {
                let act =
                    #"{"request":"\#(hexadecimalText(randomBytes(16)))","act":"block","device":"\#(blocked.deviceID)"}"#
                #expect(
                    try await server.send("POST", "/v2/admin/acts", Array(act.utf8), by: karin).status == 200)
            }
            let (first, second) = (try await answers[0].value, try await answers[1].value)
            #expect(ContinuousClock.now - began < .seconds(10))
            #expect(first.status == 403 && first.problem == kind)
            #expect(second.status == 200)
            #expect(second.mark?.isOfSameRoster(as: RosterMark(server.roster.roster.state)) == true)
            #expect(try await server.send("GET", "/v2/desks", by: signer).problem == kind)
        }
        // Who was removed reads so in the roster, and nothing else; who was blocked reads nothing.
        let route = "/v2/roster?line=\(server.line)&after=0"
        let answer = try await server.send("GET", route, by: removed)
        #expect(try RosterAnswer(encoded: answer.body).entries == server.roster.roster.entries)
        #expect(try await server.send("GET", route, by: blocked).problem == "revoked")
        await server.stop()
    }

    @Test("unsent work: handed over by who was removed alone, read by leads alone, as much as a line may have")
    func unsent() async throws {
        let server = try await TestServer()
        let (removed, blocked, desk) = (
            try await server.device(), try await server.device(), try await server.device()
        )
        let lead = Signer.device(server.roster.lead)
        func hand(
            _ number: UInt64, of parts: UInt64, _ page: [UInt8], _ signer: Signer, attempt: UInt64 = 2
        ) async throws
            -> HTTPClientResponse
        {
            let body = UnsentPart(attempt: attempt, number: number, parts: parts, page: page).encoded()
            return try await server.send("POST", "/v2/unsent", body, by: signer)
        }
        #expect(try await hand(0, of: 1, [1], removed).problem == "not-removed")
        try server.roster.write(
            .remove(
                [removed.deviceID, blocked.deviceID],
                RosterAct.NextEpoch(commitment: randomBytes(32), sealedPrevious: randomBytes(48))))
        try await server.publish()
        try await server.log.perform(.block(blocked.deviceID), by: nil, request: randomBytes(16), now: server.now)
        #expect(try await hand(0, of: 1, [1], blocked).problem == "revoked")
        #expect(try await hand(0, of: 1, [1], desk).problem == "not-removed")
        #expect(try await hand(0, of: 1, [1], lead).problem == "not-removed")
        // A later attempt leaves nothing of the one before, and one that comes again takes the place of none.
        for (number, page) in [(0, [1, 1]), (1, [2]), (2, [2])] as [(UInt64, [UInt8])] {
            #expect(try await hand(number, of: 3, page, removed, attempt: 1).status == 204)
        }
        for (number, page) in [(0, [3, 3, 3]), (1, [4])] as [(UInt64, [UInt8])] {
            #expect(try await hand(number, of: 3, page, removed).status == 204)
        }
        #expect(try await hand(2, of: 3, [2], removed, attempt: 1).problem == "not-allowed")
        func list() async throws -> [UnsentList.Item] {
            try UnsentList(encoded: try await server.send("GET", "/v2/unsent", by: lead).body).items
        }
        var items = try await list()
        #expect(items.map(\.device) == [removed.deviceID] && !items[0].isWhole && items[0].received == 2)
        #expect(try await hand(2, of: 3, [5], removed).status == 204)
        items = try await list()
        #expect(items[0].isWhole && items[0].bytes == 5)
        let first = "/v2/unsent?device=\(removed.deviceID)&part=0"
        #expect(try UnsentPart(encoded: try await server.send("GET", first, by: lead).body).page == [3, 3, 3])
        for signer in [desk, removed] {
            #expect(try await server.send("GET", first, by: signer).status == 403)
            #expect(try await server.send("GET", "/v2/unsent", by: signer).status == 403)
            let body = UnsentReference(removed.deviceID, attempt: 2).encoded()
            #expect(try await server.send("POST", "/v2/unsent/discard", body, by: signer).status == 403)
        }
        for route in ["part=0", "device=\(removed.deviceID)", "device=x&part=0", "device=\(removed.deviceID)&part=-1"] {
            let problem = try await server.send("GET", "/v2/unsent?" + route, by: lead).problem
            #expect(problem == (route == "part=0" ? "" : "malformed"), "\(route)")
        }
        #expect(
            try await server.send("GET", "/v2/unsent?device=\(desk.deviceID)&part=0", by: lead).problem == "not-found")
        // What was not read is not dropped.
        let other = UnsentReference(removed.deviceID, attempt: 1).encoded()
        #expect(try await server.send("POST", "/v2/unsent/discard", other, by: lead).status == 204)
        #expect(try await !list().isEmpty)
        let body = UnsentReference(removed.deviceID, attempt: 2).encoded()
        #expect(try await server.send("POST", "/v2/unsent/discard", body, by: lead).status == 204)
        #expect(try await list().isEmpty)
        await server.stop()
    }

    @Test("a body that comes slowly is looked at with the rights of its end, not those of its beginning")
    func slowBody() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        let message = SignedMessage(
            "POST", "/v2/sync", Self.poll(server, replica: 7, wait: 0), by: desk, ticket: try server.ticket())
        try server.roster.write(
            .remove(
                [desk.deviceID], RosterAct.NextEpoch(commitment: randomBytes(32), sealedPrevious: randomBytes(48))))
        let connection = try RawConnection(port: server.port)
        try connection.send(message.headBytes)
        try connection.send(message.body.prefix(message.body.count / 2))
        try await server.publish()
        try connection.send(message.body.dropFirst(message.body.count / 2))
        #expect(connection.receive(until: "urn:lugn:problem:removed") != nil)
        await server.stop()
    }

    @Test("nothing of a body is taken in before the head is let in")
    func headFirst() async throws {
        let server = try await TestServer()
        let desk = try await server.device()
        let body = [UInt8](repeating: 0, count: 1 << 20)
        var unsigned = SignedMessage("POST", "/v2/sync", body, by: desk, ticket: try server.ticket())
        unsigned["Signature"] = nil
        let stale = SignedMessage("POST", "/v2/sync", body, by: desk, ticket: "")
        let stranger = SignedMessage("POST", "/v2/sync", body, by: .device(.random()), ticket: try server.ticket())
        for (message, problem) in [(unsigned, "unauthorized"), (stale, "stale-ticket"), (stranger, "unknown-device")] {
            let connection = try RawConnection(port: server.port)
            try connection.send(message.headBytes)
            #expect(connection.receive(until: "urn:lugn:problem:\(problem)") != nil)
        }
        await server.stop()
    }

    @Test(
        "a server is restarted under many waiting requests: each workstation comes again with its ticket, and waits on")
    func restart() async throws {
        let server = try await TestServer()
        let karin = try await server.administrator()
        let count = 200
        var keys: [DeviceKeys] = []
        for _ in 0..<count {
            keys.append(.random())
            try server.roster.admit(keys[keys.count - 1])
        }
        try await server.publish()
        let (client, base) = (server.client, server.base)
        let cursor = try await cursor(server, server.lead)
        let polls = try keys.enumerated().map { index, keys in
            SignedMessage(
                "POST", "/v2/sync", Self.poll(server, replica: UInt64(index + 1), at: cursor), by: .device(keys),
                ticket: try server.ticket())
        }
        @Sendable func send(_ message: SignedMessage) async -> HTTPClientResponse? {
            try? await client.send(
                HTTPClientRequest(
                    method: "POST", url: base + "/v2/sync", headers: message.headers, body: message.body,
                    timeoutSeconds: 90))
        }
        for round in 1...2 {
            let waiting = polls.map { message in Task { await send(message) } }
            try await waitFor(count, server, karin)
            if round == 1 {
                try await server.restart()
            } else {
                try server.roster.admit(.random())
                try await server.publish()
                await server.stop()
            }
            for task in waiting {
                let answer = await task.value
                // Answered at its end, or cut off: never anything that a workstation takes for the truth about itself.
                #expect(answer == nil || answer?.status == 200 || answer?.status == 503)
            }
        }
    }
}
