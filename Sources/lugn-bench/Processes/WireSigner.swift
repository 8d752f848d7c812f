import HTTPClient
import Sealing
import Support
import Trust

/// Signs requests as a workstation or an operator does, and keeps the server's ticket.
final class WireSigner: Sendable {
    private let keyID: [UInt8]
    private let purpose: RequestSignature.Purpose
    private let key: SigningKey
    private let ticket = Lock("")

    init(_ keys: DeviceKeys) {
        keyID = keys.id.bytes
        purpose = .device
        key = keys.signing
    }

    init(administrator key: SigningKey) {
        keyID = OperatorID(signingKey: key.publicKey).bytes
        purpose = .operators
        self.key = key
    }

    /// The headers of a request.
    func headers(_ method: String, _ route: String, _ body: [UInt8]) -> [(name: String, value: String)] {
        let digest = ContentDigest.value(of: body)
        return [(name: ContentDigest.name, value: digest)]
            + RequestSignature(
                method: method, route: route, digest: digest, ticket: ticket.withLock { $0 }, keyID: keyID,
                purpose: purpose, key: key
            ).headers(route: route)
    }

    /// Keeps an answer's ticket. True if the request was refused for want of it, and is to be sent again.
    func isToRepeat(after response: HTTPClientResponse) -> Bool {
        guard let text = response.header(Ticket.header) else { return false }
        let isNew = ticket.withLock { ticket in
            defer { ticket = text }
            return ticket != text
        }
        return response.status == 401 && isNew
    }
}
