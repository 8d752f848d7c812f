import Sealing
import SyncProtocol
import Testing

@testable import Trust

@Suite("Joining")
struct JoinTests {
    let line = TestLine().line
    let invitation = TestLine.invitation(1)
    let keys = TestLine.device(2)
    let random = [UInt8](repeating: 7, count: 32)
    var offer: JoinOffer { JoinOffer(name: "Desk Å 3", line: line, invitation: invitation, keys: keys, random: random) }

    @Test("an offer says who made it, to whoever holds the invitation and nobody else")
    func genuine() throws {
        let offer = self.offer
        #expect(offer.isGenuine(line: line, invitation: invitation) && offer.name(invitation) == "Desk Å 3")
        #expect(!offer.isGenuine(line: TestLine(seed: 9).line, invitation: invitation))
        #expect(!offer.isGenuine(line: line, invitation: TestLine.invitation(2)))
        #expect(offer.name(TestLine.invitation(2)) == nil)
        #expect(offer.isOpened(by: random) && !offer.isOpened(by: [UInt8](repeating: 8, count: 32)))
        #expect(!offer.isOpened(by: random + [0]) && !offer.isOpened(by: []))
        #expect(try JoinOffer(encoded: offer.encoded()) == offer)
    }

    @Test("no changed bit of an offer goes unnoticed")
    func tampering() {
        let bytes = offer.encoded()
        for changed in flips(bytes) {
            guard let read = try? JoinOffer(encoded: changed) else { continue }
            #expect(!read.isGenuine(line: line, invitation: invitation))
        }
        for end in bytes.indices {
            #expect(throws: ProtocolError.self) { try JoinOffer(encoded: Array(bytes[..<end])) }
        }
    }

    @Test("names of the same length class look alike, and the longest fits into an entry")
    func names() throws {
        let sizes = ["", "a", String(repeating: "x", count: 63)].map {
            JoinOffer(name: $0, line: line, invitation: invitation, keys: keys, random: random).sealedName.count
        }
        #expect(Set(sizes).count == 1)
        for name in ["", "À", "x\u{80}", String(repeating: "å", count: Limits.nameBytes / 2)] {
            let offer = JoinOffer(name: name, line: line, invitation: invitation, keys: keys, random: random)
            #expect(offer.name(invitation) == name)
            #expect(try JoinOffer(encoded: offer.encoded()) == offer)
        }
        for bytes in [
            [], [0], [0x80], [UInt8](repeating: 0, count: 64),
            Array("a".utf8) + [0x80] + [UInt8](repeating: 0, count: 61),
        ]
            + [
                Array("a".utf8) + [0x80] + [UInt8](repeating: 0, count: 61) + [1],
                [0xFF, 0x80] + [UInt8](repeating: 0, count: 62),
            ]
        {
            #expect(PaddedName.text(bytes) == nil)
        }
    }

    // MARK: Digits

    func digits(
        _ offer: JoinOffer, line: LineID? = nil, invitation: InvitationID? = nil, lead: DeviceID? = nil,
        random: [UInt8]? = nil, leadRandom: [UInt8] = [UInt8](repeating: 9, count: 32)
    ) -> String {
        JoinDigits.text(
            line: line ?? self.line, invitation: invitation ?? self.invitation.id, offer: offer,
            lead: lead ?? TestLine.device(1).id, random: random ?? self.random, leadRandom: leadRandom)
    }

    @Test("six digits, alike on both sides, and others where anything is different")
    func digits() {
        let offer = self.offer
        let right = digits(offer)
        #expect(right.count == 6 && right.allSatisfy(\.isASCII) && right == digits(offer))
        var others: [String] = [
            digits(offer, line: TestLine(seed: 9).line), digits(offer, invitation: TestLine.invitation(2).id),
            digits(offer, lead: TestLine.device(3).id), digits(offer, random: [UInt8](repeating: 8, count: 32)),
            digits(offer, leadRandom: [UInt8](repeating: 8, count: 32)),
        ]
        let changes: [(inout JoinOffer) -> Void] = [
            { $0.keys.signing[0] ^= 1 }, { $0.keys.box[31] ^= 1 }, { $0.sealedName[50] ^= 1 }, { $0.consent[0] ^= 1 },
            { $0.commitment[0] ^= 1 }, { $0.tag[31] ^= 1 },
        ]
        for change in changes {
            var other = offer
            change(&other)
            others.append(digits(other))
        }
        #expect(!others.contains(right))
    }

    @Test("every number of six digits comes about as often, also those that begin with zeros")
    func spread() {
        var first = [Int](repeating: 0, count: 10)
        let offer = self.offer
        for number in 0..<2_000 as Range<UInt16> {
            let text = digits(
                offer, leadRandom: [UInt8(number >> 8), UInt8(number & 255)] + [UInt8](repeating: 0, count: 30))
            #expect(text.count == 6)
            first[Int(text.prefix(1))!] += 1
        }
        #expect(first.allSatisfy { 120...280 ~= $0 }, "\(first)")
    }

    @Test(
        "somebody between both sides, who has the invitation, is one time in a million not noticed: never in these tries"
    )
    func between() {
        // The lead answers the attacker's offer, and the attacker answers the new workstation, each once; then it can choose
        // nothing any more. What it could try beforehand are its keys and random bytes, without knowing the lead's.
        let genuine = offer
        let shown = digits(genuine, leadRandom: [UInt8](repeating: 1, count: 32))
        var fits = 0
        for seed in 0..<100 as Range<UInt8> {
            let random = [UInt8](repeating: seed, count: 32)
            let attacker = JoinOffer(
                name: "Desk Å 3", line: line, invitation: invitation, keys: TestLine.device(50), random: random)
            #expect(attacker.isGenuine(line: line, invitation: invitation), "the tag alone would let it in")
            if digits(attacker, random: random, leadRandom: [UInt8](repeating: 2, count: 32)) == shown { fits += 1 }
        }
        #expect(fits == 0)
    }

    @Test("an offer becomes an admission only with the consent in it")
    func consent() throws {
        let line = TestLine()
        let offer = self.offer
        let admission = RosterAct.Admission(
            member: .init(keys: offer.keys, sealedName: [1]), role: .counsellor, invitation: invitation.id,
            consent: offer.consent)
        #expect(line.refusal(of: .admit(admission)) == nil)
        var other = admission
        other.invitation = TestLine.invitation(3).id
        #expect(line.refusal(of: .admit(other)) == .noConsent)
    }
}
