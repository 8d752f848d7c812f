public import Sealing
import SyncProtocol

/// The signature of a request (HTTP Message Signatures, RFC 9421), in one form and no other.
///
/// Covered are the method, the route as the server serves it (so that a proxy may put something in front of it), and the digest
/// of the body (RFC 9530); the parameters name the server's ticket, the key, and what the signature is for.
public struct RequestSignature: Hashable, Sendable {
    /// Who signs: a device, an invitation or an operator, by the hash of its key.
    public var keyID: [UInt8]
    public var purpose: Purpose
    /// As the server gave it; empty before it has given any.
    public var ticket: String
    public var signature: [UInt8]

    public enum Purpose: String, Sendable, CaseIterable {
        case device = "lugn-2"
        case invitation = "lugn-join-2"
        case operators = "lugn-operator-2"
    }

    public static let routeHeader = "Lugn-Route"
    public static let inputHeader = "Signature-Input"
    public static let signatureHeader = "Signature"
    private static let components = "(\"@method\" \"lugn-route\" \"content-digest\")"

    // MARK: Signing

    /// Signs a request.
    ///
    /// - Parameters:
    ///   - route: path and query as the server serves them.
    ///   - digest: the value of `Content-Digest`.
    public init(
        method: String, route: String, digest: String, ticket: String, keyID: [UInt8], purpose: Purpose, key: SigningKey
    ) {
        self.keyID = keyID
        self.purpose = purpose
        self.ticket = ticket
        signature = []
        signature = key.sign(base(method, route, digest))
    }

    /// The headers that a signed request has beside `Content-Digest`.
    public func headers(route: String) -> [(name: String, value: String)] {
        [
            (Self.routeHeader, route), (Self.inputHeader, "lugn=" + parameters),
            (Self.signatureHeader, "lugn=:" + Base64.text(signature) + ":"),
        ]
    }

    // MARK: Checking

    /// Reads the two headers of a signature. Nil for anything but exactly this form.
    public init?(input: String?, signature: String?) {
        guard let input, let signature, input.utf8.count < 400, signature.utf8.count < 120 else { return nil }
        let head = "lugn=" + Self.components + ";nonce=\""
        guard input.hasPrefix(head) else { return nil }
        let rest = input.dropFirst(head.count)
        guard let end = rest.firstIndex(of: "\"") else { return nil }
        ticket = String(rest[..<end])
        guard ticket.utf8.allSatisfy({ UInt8(ascii: "0")...UInt8(ascii: "9") ~= $0 || 97...102 ~= $0 }) else {
            return nil
        }
        let key = rest[end...].dropFirst("\";keyid=\"".count).prefix(32)
        guard let keyID = bytes(hexadecimal: String(key)), keyID.count == 16 else { return nil }
        self.keyID = keyID
        guard let purpose = Purpose.allCases.first(where: { input.hasSuffix(";tag=\"\($0.rawValue)\"") }) else {
            return nil
        }
        self.purpose = purpose
        guard signature.hasPrefix("lugn=:"), signature.hasSuffix(":"), signature.utf8.count > 7,
            let value = Base64.bytes(String(signature.dropFirst("lugn=:".count).dropLast())),
            value.count == SigningKey.signatureBytes
        else { return nil }
        self.signature = value
        // Whatever was read loosely above must have been written exactly so.
        // Bytes, not characters: Swift holds a Greek question mark for a semicolon.
        guard input.utf8.elementsEqual(("lugn=" + parameters).utf8) else { return nil }
    }

    /// Whether it is the signature of this request under a public key.
    public func isValid(method: String, route: String, digest: String, by publicKey: [UInt8]) -> Bool {
        SigningKey.isValid(signature, of: base(method, route, digest), by: publicKey)
    }

    private var parameters: String {
        Self.components
            + ";nonce=\"\(ticket)\";keyid=\"\(hexadecimalText(keyID))\";alg=\"ed25519\";tag=\"\(purpose.rawValue)\""
    }

    /// The signature base (RFC 9421, section 2.5).
    private func base(_ method: String, _ route: String, _ digest: String) -> [UInt8] {
        Array(
            "\"@method\": \(method)\n\"lugn-route\": \(route)\n\"content-digest\": \(digest)\n\"@signature-params\": \(parameters)"
                .utf8)
    }
}
