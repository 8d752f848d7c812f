import HTTPClient
import Replica
import Sealing
import SyncProtocol
import Trust

/// A line's server as one workstation reaches it: signs requests, keeps the server's ticket, and turns everything that is not
/// an answer into a ``SyncError``.
final class Endpoint: Sendable {
    /// Who signs.
    struct Signer: Sendable {
        var keyID: [UInt8]
        var purpose: RequestSignature.Purpose
        var key: SigningKey

        static func device(_ keys: DeviceKeys) -> Signer {
            Signer(keyID: keys.id.bytes, purpose: .device, key: keys.signing)
        }
        static func invitation(_ keys: InvitationKeys) -> Signer {
            Signer(keyID: keys.id.bytes, purpose: .invitation, key: keys.signing)
        }
    }

    struct Answer {
        var body: [UInt8]
        /// How long the server's roster is; only with answers to devices.
        var roster: RosterMark?
    }

    private let transport: any HTTPTransport
    /// Keeps the server's ticket.
    private let replica: Replica

    init(_ transport: any HTTPTransport, _ replica: Replica) {
        self.transport = transport
        self.replica = replica
    }

    /// - Parameter maximumResponseBytes: a page holds one commit, however large, so that twice the largest is enough.
    func post(
        _ body: [UInt8], to route: String, at server: String, as signer: Signer?, timeoutSeconds: Double,
        maximumResponseBytes: Int = 16 << 20
    ) async throws -> Answer {
        try await send("POST", body, route, server, signer, timeoutSeconds, maximumResponseBytes)
    }

    func get(
        _ route: String, at server: String, as signer: Signer?, timeoutSeconds: Double,
        maximumResponseBytes: Int = 4 << 20
    ) async throws -> Answer {
        try await send("GET", [], route, server, signer, timeoutSeconds, maximumResponseBytes)
    }

    private func send(
        _ method: String, _ body: [UInt8], _ route: String, _ server: String, _ signer: Signer?,
        _ timeoutSeconds: Double, _ maximumResponseBytes: Int
    ) async throws -> Answer {
        let base = server.hasSuffix("/") ? String(server.dropLast()) : server
        let digest = ContentDigest.value(of: body)
        // A second time with the ticket that the first answer brought, if that was all that was wrong.
        for isLast in [false, true] {
            var headers = [(name: "Accept", value: "application/cbor"), (name: ContentDigest.name, value: digest)]
            if !body.isEmpty { headers.append((name: "Content-Type", value: "application/cbor")) }
            if let signer {
                headers += RequestSignature(
                    method: method, route: route, digest: digest, ticket: replica.serverTicket,
                    keyID: signer.keyID, purpose: signer.purpose, key: signer.key
                ).headers(route: route)
            }
            let response = try await send(
                HTTPClientRequest(
                    method: method, url: base + route, headers: headers, body: body, timeoutSeconds: timeoutSeconds,
                    maximumResponseBytes: maximumResponseBytes))
            let hasNewTicket = keepTicket(response)
            if response.status == 401, hasNewTicket, !isLast, signer != nil,
                SyncError.problem(response.body) == "stale-ticket"
            {
                continue
            }
            return try read(response)
        }
        throw SyncError(
            .badAnswer, "the server takes none of its own tickets; your work is safe here: tell the operator")
    }

    private func send(_ request: HTTPClientRequest) async throws -> HTTPClientResponse {
        do {
            return try await transport.send(request)
        } catch {
            if error.code == .cancelled { throw CancellationError() }
            throw SyncError(error)
        }
    }

    private func keepTicket(_ response: HTTPClientResponse) -> Bool {
        guard let text = response.header(Ticket.header), Ticket(text: text) != nil else { return false }
        defer { replica.serverTicket = text }
        return replica.serverTicket != text
    }

    private func read(_ response: HTTPClientResponse) throws(SyncError) -> Answer {
        let mark = response.header(RosterMark.header).flatMap { RosterMark(text: $0) }
        if response.status == 204, response.body.isEmpty { return Answer(body: [], roster: mark) }
        guard response.status == 200 else { throw SyncError(response) }
        guard response.mediaType == "application/cbor" else { throw SyncError(notOurs: response) }
        guard ContentDigest.matches(response.header(ContentDigest.name), response.body) else {
            throw SyncError(
                .damaged,
                "the server's answer was damaged on the way; nothing of it was taken in, your work is safe here and will be sent again"
            )
        }
        return Answer(body: response.body, roster: mark)
    }
}
