import Sealing
import SyncProtocol
import Testing

@testable import Trust

@Suite("Signed requests")
struct RequestTests {
    let keys = TestLine.device(1)
    let route = "/v2/roster?line=00112233445566778899aabbccddeeff&after=3"
    let body = Array("body".utf8)
    let ticket = Ticket(generation: 0x1234, milliseconds: 1_790_000_000_000)
    var digest: String { ContentDigest.value(of: body) }

    var signed: RequestSignature {
        RequestSignature(
            method: "POST", route: route, digest: digest, ticket: ticket.text, keyID: keys.id.bytes, purpose: .device,
            key: keys.signing)
    }

    func isValid(_ read: RequestSignature) -> Bool {
        read.isValid(method: "POST", route: route, digest: digest, by: keys.publicKeys.signing)
    }

    func header(_ name: String) -> String { signed.headers(route: route).first { $0.name == name }!.value }

    @Test("has exactly the one form of RFC 9421")
    func form() throws {
        #expect(
            header("Signature-Input")
                == "lugn=(\"@method\" \"lugn-route\" \"content-digest\");nonce=\"0000000000001234000001a0c4506c00\";keyid=\"\(keys.id)\";alg=\"ed25519\";tag=\"lugn-2\""
        )
        #expect(header("Lugn-Route") == route)
        #expect(header("Signature").hasPrefix("lugn=:") && header("Signature").utf8.count == 6 + 88 + 1)
        // The base, as section 2.5 writes it.
        let base =
            "\"@method\": POST\n\"lugn-route\": \(route)\n\"content-digest\": \(digest)\n\"@signature-params\": "
            + header("Signature-Input").dropFirst("lugn=".count)
        #expect(SigningKey.isValid(signed.signature, of: Array(base.utf8), by: keys.publicKeys.signing))
        #expect(digest == "sha-256=:Iw2DWNyOiJC0xY3utikS7i8gNXrpKlzIYbmOaP4xrLU=:")
    }

    @Test("reads what it writes, for each purpose", arguments: RequestSignature.Purpose.allCases)
    func roundTrip(purpose: RequestSignature.Purpose) throws {
        let signed = RequestSignature(
            method: "GET", route: route, digest: digest, ticket: "", keyID: keys.id.bytes, purpose: purpose,
            key: keys.signing)
        let headers = signed.headers(route: route)
        let read = try #require(RequestSignature(input: headers[1].value, signature: headers[2].value))
        #expect(read == signed)
        #expect(read.isValid(method: "GET", route: route, digest: digest, by: keys.publicKeys.signing))
        #expect(!read.isValid(method: "POST", route: route, digest: digest, by: keys.publicKeys.signing))
        #expect(!read.isValid(method: "GET", route: route + "4", digest: digest, by: keys.publicKeys.signing))
        #expect(
            !read.isValid(method: "GET", route: route, digest: ContentDigest.value(of: []), by: keys.publicKeys.signing)
        )
        #expect(!read.isValid(method: "GET", route: route, digest: digest, by: TestLine.device(2).publicKeys.signing))
        for other in RequestSignature.Purpose.allCases where other != purpose {
            var changed = read
            changed.purpose = other
            #expect(!changed.isValid(method: "GET", route: route, digest: digest, by: keys.publicKeys.signing))
        }
    }

    @Test("every altered byte of the headers is refused, or signed by nobody")
    func alteredBytes() {
        let (input, signature) = (Array(header("Signature-Input").utf8), Array(header("Signature").utf8))
        for (index, value) in [(0, input), (1, signature)] {
            for place in value.indices {
                for byte in [value[place] ^ 1, value[place] ^ 0x20, 0x20, 0x22, 0x3B, 0x41, 0x30, 0x7F, 0xC3] as [UInt8]
                where byte != value[place] {
                    var changed = value
                    changed[place] = byte
                    let text = String(decoding: changed, as: UTF8.self)
                    let read = RequestSignature(
                        input: index == 0 ? text : String(decoding: input, as: UTF8.self),
                        signature: index == 1 ? text : String(decoding: signature, as: UTF8.self))
                    if let read { #expect(!isValid(read), "\(text)") }
                }
            }
        }
    }

    @Test("other writings of the same are not understood")
    func otherForms() {
        let (input, signature) = (header("Signature-Input"), header("Signature"))
        let inputs = [
            input.replacing(";", with: "; "), input.replacing("lugn=", with: "sig1="), input + " ", " " + input,
            input.replacing(";", with: "\u{37E}"), input + ";created=1", input + ", b=()", "a=(), " + input,
            input.replacing("\"content-digest\"", with: "\"content-digest\" \"@path\""),
            input.replacing("\"@method\" ", with: ""), input.uppercased(), "",
            input.replacing(keys.id.description, with: keys.id.description.uppercased()),
            input.replacing("ed25519", with: "hmac-sha256"), input.replacing("lugn-2", with: "lugn-3"),
            String(repeating: "a", count: 500),
        ]
        for text in inputs { #expect(RequestSignature(input: text, signature: signature) == nil, "\(text)") }
        for text in [
            signature + " ", signature.replacing("lugn=", with: "sig1="), signature.replacing("=:", with: ":"), "",
            signature.replacing("K", with: "\u{212A}") == signature ? "" : signature.replacing("K", with: "\u{212A}"),
            "lugn=::", "lugn=:AAAA:", String(signature.dropLast(2)) + ":", String(repeating: "a", count: 200),
        ] {
            #expect(RequestSignature(input: input, signature: text) == nil, "\(text)")
        }
        #expect(RequestSignature(input: nil, signature: signature) == nil)
        #expect(RequestSignature(input: input, signature: nil) == nil)
    }

    @Test("a digest is of these bytes and in this form only")
    func digests() {
        #expect(ContentDigest.matches(digest, body))
        #expect(!ContentDigest.matches(nil, body) && !ContentDigest.matches("", body))
        for changed in flips(body) { #expect(!ContentDigest.matches(digest, changed)) }
        for text in [digest + " ", digest.lowercased(), digest + ", sha-512=:AA==:", "sha-256=:AA==:"] {
            #expect(!ContentDigest.matches(text, body))
        }
        // A body whose digest has a K in it, and a Kelvin sign for it.
        let withK = (0...255).map { [UInt8($0)] }.first { ContentDigest.value(of: $0).contains("K") }!
        let kelvin = ContentDigest.value(of: withK).replacing("K", with: "\u{212A}")
        #expect(!ContentDigest.matches(kelvin, withK))
    }

    @Test("a ticket is good for ten minutes of its own server, and has one text")
    func tickets() throws {
        #expect(Ticket(text: ticket.text) == ticket && ticket.text.count == 32)
        let life = Ticket.lifeMilliseconds
        for (age, isGood) in [(0, true), (life, true), (life + 1, false), (-life, true), (-life - 1, false)]
            as [(Int64, Bool)]
        {
            #expect(ticket.isGood(generation: 0x1234, now: ticket.milliseconds + age) == isGood)
            #expect(!ticket.isGood(generation: 0x1235, now: ticket.milliseconds + age))
        }
        #expect(!Ticket(generation: 1, milliseconds: .min).isGood(generation: 1, now: .max))
        #expect(!Ticket(generation: 1, milliseconds: .max).isGood(generation: 1, now: .min))
        for text in [
            "", "0", ticket.text + "0", String(ticket.text.dropLast()), ticket.text.uppercased(),
            " " + ticket.text.dropFirst(),
        ]
        where text != ticket.text {
            #expect(Ticket(text: text) == nil, "\(text)")
        }
    }
}
