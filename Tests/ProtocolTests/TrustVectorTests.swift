import Foundation
import JSON
import Merge
import Sealing
import SyncProtocol
import Testing

@testable import Trust

/// Who belongs to a line: keys, invitations, joining, requests.
@Suite("Vectors of trust")
struct TrustVectorTests {
    @Test("keys.json: what follows from a seed, a secret, an epoch's key; recovery sheets")
    func keys() throws {
        let devices = [1, 2, 255].map { (number: UInt8) -> JSONValue in
            let keys = TrustVectorLine.device(number)
            return [
                "seed": Vectors.hex(keys.seed.copied()), "signing": Vectors.hex(keys.publicKeys.signing),
                "box": Vectors.hex(keys.publicKeys.box), "id": Vectors.hex(keys.id.bytes),
                "file": .string(String(decoding: keys.fileBytes(), as: UTF8.self)),
            ]
        }
        let invitations = [1, 2].map { (number: UInt8) -> JSONValue in
            let keys = TrustVectorLine.invitation(number)
            return [
                "secret": Vectors.hex([UInt8](repeating: number, count: 16)),
                "signing": Vectors.hex(keys.signing.publicKey),
                "nameKey": Vectors.hex(keys.name.copied()), "tagKey": Vectors.hex(keys.tag.copied()),
                "id": Vectors.hex(keys.id.bytes),
            ]
        }
        let line = try TrustVectorLine().line
        let epochs = [1, 2, 3].map { (epoch: UInt32) -> JSONValue in
            let key = TrustVectorLine.key(epoch)
            return [
                "epoch": JSONValue(Int(epoch)), "secret": Vectors.hex(key.secret.copied()),
                "commitment": Vectors.hex(key.commitment(line: line)),
                "sealedPrevious": epoch == 1
                    ? .null : Vectors.hex(TrustVectorLine.key(epoch - 1).followed(by: key, line: line).sealedPrevious),
                "purposes": .array((1...7).map { Vectors.hex(key.derived(context: "lugnline", $0).copied()) }),
            ]
        }
        try Vectors.check(
            "keys.json",
            [
                "devices": .array(devices), "invitations": .array(invitations), "line": Vectors.hex(line.bytes),
                "epochs": .array(epochs), "sheets": .array(try sheets()), "base32": .array(base32()),
            ])
    }

    private func base32() -> [JSONValue] {
        [[], [0], [255], [1, 2, 3, 4, 5], [UInt8](0..<33)].map { (bytes: [UInt8]) in
            ["bytes": Vectors.hex(bytes), "text": .string(Base32.text(bytes))]
        }
    }

    private func sheets() throws -> [JSONValue] {
        let groups = RecoverySheet(keys: TrustVectorLine.device(7)).groups
        var swapped = groups
        swapped.swapAt(2, 9)
        var wrong = groups
        wrong[4] =
            String(groups[4].prefix(3)) + (groups[4].dropFirst(3).first == "Z" ? "0" : "Z") + String(groups[4].last!)
        var transposed = groups
        transposed[12] = String(Array(groups[12])[1]) + String(Array(groups[12])[0]) + groups[12].dropFirst(2)
        let typed = [
            groups.joined(separator: " "), groups.joined(separator: "-").lowercased(),
            groups.joined().replacing("0", with: "O").replacing("1", with: "l"), groups.dropLast().joined(),
            swapped.joined(), wrong.joined(), transposed.joined(),
        ]
        return [
            [
                "seed": Vectors.hex([UInt8](repeating: 7, count: 32)), "groups": .array(groups.map { .string($0) }),
                "typed": .array(
                    typed.map { text in
                        do throws(RecoverySheet.Mistyped) {
                            _ = try RecoverySheet(typed: text)
                            return ["text": .string(text), "wrong": .null]
                        } catch {
                            return ["text": .string(text), "wrong": JSONValue(error.group ?? 0)]
                        }
                    }),
            ]
        ]
    }

    // MARK: Invitations

    @Test("invitations.json")
    func invitations() throws {
        let line = try TrustVectorLine().line
        let made = [
            Invitation(kind: .found, secret: secret(1), line: nil, address: "https://sync.example.org"),
            Invitation(kind: .join, secret: secret(2), line: line, address: "http://127.0.0.1:8080"),
            Invitation(
                kind: .join, secret: secret(3), line: line, pin: [UInt8](repeating: 9, count: 32),
                address: "https://sync.example.org/lugn"),
            Invitation(kind: .recover, secret: secret(4), line: line, address: "https://sync.example.org"),
        ]
        let good = made.map { invitation -> JSONValue in
            [
                "kind": JSONValue(Int(invitation.kind.rawValue)), "secret": Vectors.hex(invitation.secret.copied()),
                "line": invitation.line.map { Vectors.hex($0.bytes) } ?? .null,
                "pin": invitation.pin.map { Vectors.hex($0) } ?? .null, "address": .string(invitation.address),
                "text": .string(invitation.text),
            ]
        }
        let text = made[1].text
        var swapped = Array(text)
        swapped.swapAt(10, 11)
        let typed = [
            text.lowercased(), text.replacing("0", with: "o").replacing("1", with: "I"), String(swapped),
            String(text.dropLast()), "Z" + text.dropFirst(), "",
        ]
        let read = typed.map { typed -> JSONValue in
            ["text": .string(typed), "valid": .bool((try? Invitation(text: typed))?.text == text)]
        }
        let keys = TrustVectorLine.invitation(2)
        let request = InvitationRequest(
            signingKey: keys.signing.publicKey, expires: 1_700_000_086_400, secrets: [], line: line,
            by: TrustVectorLine.device(1).signing)
        try Vectors.check(
            "invitations.json",
            [
                "invitations": .array(good), "typed": .array(read), "line": Vectors.hex(line.bytes),
                "leadSeed": Vectors.hex([UInt8](repeating: 1, count: 32)), "request": Vectors.hex(request.encoded()),
            ])
    }

    private func secret(_ number: UInt8) -> SecretBytes {
        SecretBytes(copying: [UInt8](repeating: number, count: Invitation.secretBytes))
    }

    // MARK: Requests

    @Test("requests.json: signed requests, and ones that are none")
    func requests() throws {
        let keys = TrustVectorLine.device(1)
        let body = Array("body".utf8)
        let route = "/v2/roster?line=00112233445566778899aabbccddeeff&after=3"
        let ticket = Ticket(generation: 0x1234, milliseconds: 1_700_000_000_000).text
        let invitation = TrustVectorLine.invitation(2)
        let signed = [
            (method: "POST", route: "/v2/sync", body: body, ticket: ticket, purpose: RequestSignature.Purpose.device),
            (method: "GET", route: route, body: [], ticket: "", purpose: .device),
            (method: "POST", route: "/v2/join", body: body, ticket: ticket, purpose: .invitation),
        ].map { request -> JSONValue in
            let digest = ContentDigest.value(of: request.body)
            let isDevice = request.purpose == .device
            let signature = RequestSignature(
                method: request.method, route: request.route, digest: digest, ticket: request.ticket,
                keyID: isDevice ? keys.id.bytes : invitation.id.bytes, purpose: request.purpose,
                key: isDevice ? keys.signing : invitation.signing)
            let headers = signature.headers(route: request.route)
            return [
                "method": .string(request.method), "body": Vectors.hex(request.body), "contentDigest": .string(digest),
                "headers": .array(headers.map { [.string($0.name), .string($0.value)] }),
                "key": Vectors.hex(isDevice ? keys.publicKeys.signing : invitation.signing.publicKey),
            ]
        }
        let input = RequestSignature(
            method: "GET", route: route, digest: ContentDigest.value(of: []), ticket: ticket, keyID: keys.id.bytes,
            purpose: .device, key: keys.signing
        ).headers(route: route)[1].value
        let others = [
            input.replacing(";", with: "; "), input.replacing("lugn=", with: "sig1="), input.uppercased(),
            input.replacing("ed25519", with: "rsa-v1_5-sha256"),
            input.replacing("\"content-digest\"", with: "\"@path\""),
            input + ";created=1", input.replacing(";", with: "\u{37E}"),
        ]
        let value = "lugn=:" + String(repeating: "A", count: 86) + "==:"
        for other in others { #expect(RequestSignature(input: other, signature: value) == nil) }
        #expect(RequestSignature(input: input, signature: value) != nil)
        try Vectors.check(
            "requests.json",
            [
                "signed": .array(signed), "input": .string(input), "noForms": .array(others.map { .string($0) }),
                "ticket": [
                    "generation": Vectors.number(0x1234), "milliseconds": "1700000000000", "text": .string(ticket),
                ],
            ])
    }

    // MARK: What has random parts

    /// Sealed names, boxes and offers differ each time they are made: those of the file must open.
    @Test("joining.json: an offer, its digits, a box, a name")
    func joining() throws {
        let line = try TrustVectorLine().line
        let invitation = TrustVectorLine.invitation(2)
        let lead = TrustVectorLine.device(1)
        let random = [UInt8](repeating: 11, count: 32)
        let leadRandom = [UInt8](repeating: 12, count: 32)
        let key = TrustVectorLine.key(3)
        let ring = Keyring(line: line, keys: (1...3).map { TrustVectorLine.key($0) })
        func document(_ offer: JoinOffer, _ box: [UInt8], _ name: [UInt8], _ rules: [UInt8]) -> JSONValue {
            [
                "line": Vectors.hex(line.bytes), "invitationSecret": Vectors.hex([UInt8](repeating: 2, count: 16)),
                "seed": Vectors.hex([UInt8](repeating: 9, count: 32)), "random": Vectors.hex(random), "name": "Desk Å",
                "offer": Vectors.hex(offer.encoded()), "lead": Vectors.hex(lead.id.bytes),
                "leadRandom": Vectors.hex(leadRandom),
                "digits": .string(
                    JoinDigits.text(
                        line: line, invitation: invitation.id, offer: offer, lead: lead.id, random: random,
                        leadRandom: leadRandom)),
                "box": [
                    "seed": Vectors.hex([UInt8](repeating: 1, count: 32)), "bytes": Vectors.hex(box),
                    "secret": Vectors.hex(key.secret.copied()),
                ],
                "sealedName": Vectors.hex(name), "rules": Vectors.hex(Self.rules), "sealedRules": Vectors.hex(rules),
            ]
        }
        if Vectors.isUpdating {
            let offer = JoinOffer(
                name: "Desk Å", line: line, invitation: invitation, keys: TrustVectorLine.device(9), random: random)
            try Vectors.check(
                "joining.json",
                document(
                    offer, BoxKey.seal(key.secret, to: lead.publicKeys.box)!, ring.seal(name: "Desk Å"),
                    ring.seal(rules: Self.rules)))
        }
        let file = try #require(
            JSONSerialization.jsonObject(with: Data(contentsOf: Vectors.folder.appendingPathComponent("joining.json")))
                as? [String: Any])
        let written = { (name: String) in bytes(hexadecimal: file[name] as? String ?? "") ?? [] }
        let box = bytes(hexadecimal: (file["box"] as? [String: Any])?["bytes"] as? String ?? "") ?? []
        let offer = try JoinOffer(encoded: written("offer"))
        #expect(offer.isGenuine(line: line, invitation: invitation) && offer.name(invitation) == "Desk Å")
        #expect(offer.isOpened(by: random) && offer.keys == TrustVectorLine.device(9).publicKeys)
        #expect(lead.box.open(box)?.isEqual(to: key.secret) == true)
        #expect(ring.open(name: written("sealedName")) == "Desk Å")
        #expect(ring.open(rules: written("sealedRules")) == Self.rules)
        // A name is no rules, and rules of another line are none of this one.
        #expect(ring.open(rules: written("sealedName")) == nil && ring.open(name: written("sealedRules")) == nil)
        let other = Keyring(line: try #require(LineID([UInt8](repeating: 8, count: 16))), keys: ring.keys)
        #expect(other.open(rules: written("sealedRules")) == nil)
        try Vectors.check("joining.json", document(offer, box, written("sealedName"), written("sealedRules")))
    }

    /// As casework writes them: shredded after 24 months, never erased.
    private static let rules: [UInt8] = [0x83, 1, 24, 24, 0]
}
