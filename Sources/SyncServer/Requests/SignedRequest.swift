import HTTPServer
import Sealing
import SyncProtocol
import Trust

/// What a request's head says of its signature: exactly the form of ``Trust/RequestSignature``, and each header once.
struct SignedRequest {
    let signature: RequestSignature
    private let method: String
    private let route: String
    private let digest: String

    /// Nil for any other form, and where the signed route is not the one that was asked for.
    init?(_ head: HTTPRequestHead) {
        guard let input = head.onlyHeader(RequestSignature.inputHeader),
            let value = head.onlyHeader(RequestSignature.signatureHeader),
            let route = head.onlyHeader(RequestSignature.routeHeader), let digest = head.onlyHeader(ContentDigest.name),
            let signature = RequestSignature(input: input, signature: value), Self.isAsked(route, head)
        else { return nil }
        self.signature = signature
        method = head.method.rawValue
        self.route = route
        self.digest = digest
    }

    func isSigned(by publicKey: [UInt8]) -> Bool {
        signature.isValid(method: method, route: route, digest: digest, by: publicKey)
    }

    // MARK: The route

    /// Whether a route names the path and the query that are served: in the same order, and nothing more. What a proxy put in
    /// front of the path is gone by now.
    private static func isAsked(_ route: String, _ head: HTTPRequestHead) -> Bool {
        guard route.utf8.count <= 2_000, route.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
        let parts = route.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts[0] == head.path, !parts[0].contains("%") else { return false }
        let asked = head.queryParameters
        guard parts.count == 2 else { return asked.isEmpty }
        let signed = parts[1].split(separator: "&", omittingEmptySubsequences: false)
        guard signed.count == asked.count else { return false }
        return zip(signed, asked).allSatisfy { signed, asked in
            let pair = signed.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return pair.count == 2 && decoded(pair[0]) == asked.name && decoded(pair[1]) == asked.value
        }
    }

    /// Percent-encoding (RFC 3986, section 2.1) and nothing else; nil for what is none.
    private static func decoded(_ text: Substring) -> String? {
        var bytes: [UInt8] = []
        var rest = text.utf8[...]
        while let byte = rest.popFirst() {
            // Servers differ about it.
            if byte == UInt8(ascii: "+") { return nil }
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst(), let low = rest.popFirst(),
                let value = SyncProtocol.bytes(hexadecimal: String(decoding: [high, low], as: UTF8.self).lowercased())
            else { return nil }
            bytes += value
        }
        return String(validating: bytes, as: UTF8.self)
    }
}

extension HTTPRequestHead {
    /// The header's value if it is there exactly once.
    func onlyHeader(_ name: String) -> String? { headerCount(name) == 1 ? header(name) : nil }
}
