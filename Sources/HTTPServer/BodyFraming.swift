/// How the end of a request's body is found (RFC 9112, section 6).
enum BodyFraming {
    case none
    case length(Int)
    case chunked

    /// Why a head's framing cannot be trusted.
    enum Refusal: Error {
        /// Contradictory or malformed: the next server on the path may see another body (request smuggling).
        case ambiguous
        /// A transfer coding other than chunked.
        case unknownCoding
        /// A length beyond what an Int holds.
        case tooLong
    }

    /// Decides the framing.
    ///
    /// MHD itself takes the first Content-Length of several, ignores it next to a Transfer-Encoding and reads an
    /// unknown coding until the connection closes; RFC 9112 section 6.3 has the server refuse all three. It also
    /// lets "Transfer-Encoding :" pass as a name of its own, which section 5.1 has the server refuse because others
    /// read it as the real one. Values are compared as MHD compares them, white space included.
    init(_ fields: HeadFields) throws(Refusal) {
        let lengths = fields.count(.header, named: "Content-Length")
        let codings = fields.count(.header, named: "Transfer-Encoding")
        guard lengths + codings <= 1, !fields.hasMalformedName else { throw .ambiguous }
        if codings == 1 {
            guard fields.first(.header, named: "Transfer-Encoding")?.lowercased() == "chunked" else {
                throw .unknownCoding
            }
            self = .chunked
        } else if let text = fields.first(.header, named: "Content-Length") {
            guard !text.isEmpty, text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { throw .ambiguous }
            guard let count = Int(text) else { throw .tooLong }
            self = .length(count)
        } else {
            self = .none
        }
    }
}
