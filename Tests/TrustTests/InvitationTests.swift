import Sealing
import SyncProtocol
import Testing

@testable import Trust

@Suite("Invitations")
struct InvitationTests {
    let line = TestLine().line

    func invitation(_ number: Int) -> Invitation {
        let seed = UInt8(truncatingIfNeeded: number)
        let kind: Invitation.Kind = [.join, .found, .recover][number % 3]
        return Invitation(
            kind: kind, secret: SecretBytes(copying: [seed] + [UInt8](repeating: seed &* 7, count: 15)),
            line: kind == .found ? nil : line, pin: number % 2 == 0 ? nil : [UInt8](repeating: seed, count: 32),
            address: number % 5 == 0 ? "http://127.0.0.1:8080" : "https://sync\(number).jour.example.se")
    }

    @Test("reads as what was written, also as people type it")
    func roundTrip() throws {
        for number in 0..<120 {
            let invitation = invitation(number)
            let text = invitation.text
            for typed in [
                text, text.lowercased(), text.replacing("0", with: "o").replacing("1", with: "l"), grouped(text),
            ] {
                let read = try Invitation(text: typed)
                #expect(read.kind == invitation.kind && read.secret.isEqual(to: invitation.secret))
                #expect(read.line == invitation.line && read.pin == invitation.pin)
                #expect(read.address == invitation.address && read.text == text)
            }
        }
    }

    func grouped(_ text: String) -> String {
        var groups = ""
        for (index, character) in text.enumerated() {
            groups += (index > 0 && index % 5 == 0 ? " - \n" : "") + String(character)
        }
        return groups
    }

    @Test("one of a usual line has 100 to 200 characters")
    func length() {
        let usual = Invitation(kind: .join, line: line, address: "https://sync.jour.example.se")
        #expect(100...200 ~= usual.text.count)
        let longest = Invitation(
            kind: .join, line: line, pin: [UInt8](repeating: 1, count: 32),
            address: "https://" + String(repeating: "a", count: Invitation.addressBytes - 8))
        #expect(longest.text.count == 304 && (try? Invitation(text: longest.text)) != nil)
    }

    @Test("every single wrong character, every swap of neighbours and every missing character is noticed")
    func mistyped() {
        let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZU*")
        for number in 0..<120 {
            let characters = Array(invitation(number).text)
            for place in characters.indices {
                // Each place with a few characters, all of them over the invitations.
                for step in 0..<4 {
                    let wrong = alphabet[(number * 4 + step + place) % alphabet.count]
                    if wrong == characters[place] { continue }
                    var typed = characters
                    typed[place] = wrong
                    #expect(throws: Invitation.Problem.self) { try Invitation(text: String(typed)) }
                }
                var typed = characters
                typed.remove(at: place)
                #expect(throws: Invitation.Problem.self) { try Invitation(text: String(typed)) }
                if place > 0, characters[place] != characters[place - 1] {
                    typed = characters
                    typed.swapAt(place, place - 1)
                    #expect(throws: Invitation.Problem.self) { try Invitation(text: String(typed)) }
                }
            }
        }
    }

    /// A text with a right check around any bytes.
    func text(_ bytes: [UInt8]) -> String {
        let check = Blake2b.hash(Array("lugn invitation check 2".utf8) + bytes, count: 16).prefix(4)
        return Base32.text(bytes + check)
    }

    @Test("a form that is not known is said to be so, with a right check")
    func unknownForms() {
        let secret = [UInt8](repeating: 1, count: 16)
        let address = Array("https://a".utf8)
        let known: [UInt8] = [1, 1] + secret + line.bytes + address
        #expect((try? Invitation(text: text(known)))?.address == "https://a")
        for bytes in [
            [3, 1] + secret + line.bytes + address, [1, 5] + secret + line.bytes + address, [1, 0] + secret + address,
            [0, 1] + secret + line.bytes + address, [1, 1] + secret + line.bytes,
            [1, 3] + secret + line.bytes + address,
            [1, 1] + secret + line.bytes + Array("ftp://a".utf8),
            [1, 1] + secret + line.bytes + Array("https://a b".utf8),
            [1, 1] + secret + line.bytes + Array("https://\u{1B}[2J".utf8),
            [1, 1] + secret + line.bytes + Array("https://å".utf8),
            [1, 1] + secret + line.bytes + Array("https://".utf8) + [0xFF],
            [1, 1] + secret + line.bytes + Array(("https://" + String(repeating: "a", count: 113)).utf8),
        ] as [[UInt8]] {
            #expect(throws: Invitation.Problem.unknownForm) { try Invitation(text: text(bytes)) }
        }
        for typed in ["", "-", "lugn", String(repeating: "0", count: 30), String(repeating: "0", count: 601), "ÅÄÖ"] {
            #expect(throws: Invitation.Problem.mistyped) { try Invitation(text: typed) }
        }
    }

    @Test("its keys come from the secret and say nothing of each other")
    func keys() {
        let keys = TestLine.invitation(1)
        let same = TestLine.invitation(1)
        let other = TestLine.invitation(2)
        #expect(keys.id == same.id && keys.name.isEqual(to: same.name) && keys.tag.isEqual(to: same.tag))
        #expect(keys.id != other.id && !keys.name.isEqual(to: other.name) && !keys.name.isEqual(to: keys.tag))
        #expect(keys.id == InvitationID(signingKey: keys.signing.publicKey))
    }

    // MARK: Whose it is

    func listed(by author: DeviceKeys, in line: LineID, expires: Int64 = 5_000) -> InvitationList.Listed {
        let keys = TestLine.invitation(1)
        let request = InvitationRequest(
            signingKey: keys.signing.publicKey, expires: expires, secrets: [], line: line, by: author.signing)
        return InvitationList.Listed(
            id: keys.id, expires: expires, author: author.id, signature: request.signature, secret: nil, state: .open,
            isContested: false, offer: nil, random: nil)
    }

    @Test("only what a lead of the line has signed is an invitation: no server can make one, or prolong one")
    func genuine() throws {
        let line = try TestLine.withEveryKind()
        let state = line.roster.state
        let good = listed(by: line.founder, in: line.line)
        #expect(good.isGenuine(in: state))
        #expect(!listed(by: TestLine.device(3), in: line.line).isGenuine(in: state), "a counsellor")
        #expect(!listed(by: TestLine.device(4), in: line.line).isGenuine(in: state), "a removed one")
        #expect(!listed(by: TestLine.device(50), in: line.line).isGenuine(in: state), "a stranger")
        #expect(!listed(by: line.founder, in: TestLine(seed: 9).line).isGenuine(in: state), "another line's")
        var changed = good
        changed.expires += 1
        #expect(!changed.isGenuine(in: state))
        changed = good
        changed.author = TestLine.device(2).id
        #expect(!changed.isGenuine(in: state))
        changed = good
        changed.id = TestLine.invitation(2).id
        #expect(!changed.isGenuine(in: state))
        changed = good
        changed.signature = nil
        #expect(!changed.isGenuine(in: state))
        changed.author = nil
        #expect(!changed.isGenuine(in: state))
    }
}
