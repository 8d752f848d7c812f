import Merge
import SyncProtocol
import Testing

@testable import Trust

@Suite("The roster: bytes")
struct RosterEncodingTests {
    @Test("every entry reads as what was written, and no part of one reads")
    func roundTrip() throws {
        for signed in try TestLine.withEveryKind().roster.entries {
            let bytes = signed.encoded()
            #expect(try SignedEntry(encoded: bytes) == signed)
            #expect(try SignedEntry(encoded: bytes).encoded() == bytes)
            for end in bytes.indices {
                #expect(throws: ProtocolError.self) { try SignedEntry(encoded: Array(bytes[..<end])) }
            }
            #expect(throws: ProtocolError.self) { try SignedEntry(encoded: bytes + [0]) }
        }
    }

    @Test("no changed bit of any entry goes unnoticed, in it or in those behind")
    func tampering() throws {
        let entries = try TestLine.withEveryKind().roster.entries
        for (index, signed) in entries.enumerated() {
            // Verified from the state before: what comes before was not changed.
            let before = index == 0 ? nil : try Roster(Array(entries[..<index]), verifying: false)
            for changed in flips(signed.encoded()) {
                guard let entry = try? SignedEntry(encoded: changed) else { continue }
                #expect(entry.encoded() == changed, "two encodings of one entry")
                if var roster = before {
                    #expect(throws: RosterError.self) { try roster.append(entry) }
                } else {
                    // A founding entry with other bytes is another line's.
                    #expect(throws: RosterError.self) {
                        try Roster(founding: entry, line: entries[0].entry.foundedLine)
                    }
                }
            }
        }
    }

    @Test("a signature is not part of the hash, so that signing twice makes no other entry")
    func hash() throws {
        var signed = try TestLine.withEveryKind().roster.entries[3]
        let hash = signed.entry.hash
        signed.signature[0] ^= 1
        #expect(signed.entry.hash == hash)
    }

    @Test("entries, and their hashes, differ in every line, number, author, kind, time and body")
    func hashes() throws {
        let entries = try TestLine.withEveryKind().roster.entries
        #expect(Set(entries.map(\.entry.hash)).count == entries.count)
        var entry = entries[8].entry
        let hash = entry.hash
        entry.milliseconds += 1
        #expect(entry.hash != hash)
        #expect(TestLine(seed: 2).line != TestLine(seed: 1).line)
    }

    @Test("a mark has one text")
    func mark() throws {
        let state = try TestLine.withEveryKind().roster.state
        for lacks in [false, true] {
            let mark = RosterMark(state, lacksBoxes: lacks)
            #expect(RosterMark(text: mark.text) == mark)
            for text in [
                "+" + mark.text, "0" + mark.text, mark.text + ";", mark.text.uppercased(), " " + mark.text,
                String(mark.text.dropLast()), mark.text + "0", mark.text.replacing(";", with: "\u{37E}"), "", ";",
            ] where text != mark.text {
                #expect(RosterMark(text: text) == nil, "\(text)")
            }
        }
    }
}
