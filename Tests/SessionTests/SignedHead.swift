import ChangeLog
import HTTPServer
import Sealing
import SyncServer
import Trust

/// The head of a signed request, made without a client.
struct SignedHead {
    enum Signer {
        case device(DeviceKeys)
        case invitation(InvitationKeys)
        case administrator(SigningKey)
    }
    let head: HTTPRequestHead

    /// - Parameter log: whose generation the ticket is of.
    init(
        _ method: HTTPMethod, _ route: String, _ body: [UInt8] = [], by signer: Signer?, at log: SQLiteChangeLog,
        now: Int64, ticket: String? = nil
    ) throws {
        let digest = ContentDigest.value(of: body)
        var headers = [HTTPHeader(ContentDigest.name, digest)]
        let ticket = try ticket ?? Ticket(generation: log.generation(), milliseconds: now).text
        if let signer {
            let (keyID, purpose, key) =
                switch signer {
                case .device(let keys): (keys.id.bytes, RequestSignature.Purpose.device, keys.signing)
                case .invitation(let keys): (keys.id.bytes, .invitation, keys.signing)
                case .administrator(let key): (OperatorID(signingKey: key.publicKey).bytes, .operators, key)
                }
            headers += RequestSignature(
                method: method.rawValue, route: route, digest: digest, ticket: ticket, keyID: keyID, purpose: purpose,
                key: key
            ).headers(route: route).map { HTTPHeader($0.name, $0.value) }
        }
        head = HTTPRequestHead(method: method, path: route, headers: headers, contentLength: body.count)
    }
}
