public import ChangeLog
public import HTTPServer
public import Sealing
public import Trust

/// The head of a signed request, made without a client.
public struct SignedHead {
    public enum Signer: Sendable {
        case device(DeviceKeys)
        case invitation(InvitationKeys)
        case administrator(SigningKey)
    }
    public let head: HTTPRequestHead

    /// - Parameters:
    ///   - registry: whose generation the ticket is of.
    ///   - signedBody: where another body is signed for than the one that is sent.
    ///   - isForged: the signature is one that the key has not made.
    public init(
        _ method: HTTPMethod, _ route: String, _ body: [UInt8] = [], by signer: Signer?, at registry: any LineRegistry,
        now: Int64, ticket: String? = nil, signedBody: [UInt8]? = nil, isForged: Bool = false
    ) throws {
        let digest = ContentDigest.value(of: signedBody ?? body)
        var headers = [HTTPHeader(ContentDigest.name, digest)]
        let ticket = try ticket ?? Ticket(generation: registry.generation(), milliseconds: now).text
        if let signer {
            let (keyID, purpose, key) =
                switch signer {
                case .device(let keys): (keys.id.bytes, RequestSignature.Purpose.device, keys.signing)
                case .invitation(let keys): (keys.id.bytes, .invitation, keys.signing)
                case .administrator(let key): (OperatorID(signingKey: key.publicKey).bytes, .operators, key)
                }
            var signature = RequestSignature(
                method: method.rawValue, route: route, digest: digest, ticket: ticket, keyID: keyID, purpose: purpose,
                key: key)
            if isForged { signature.signature[0] ^= 1 }
            headers += signature.headers(route: route).map { HTTPHeader($0.name, $0.value) }
        }
        head = HTTPRequestHead(method: method, target: route, headers: headers, contentLength: body.count)
    }
}
