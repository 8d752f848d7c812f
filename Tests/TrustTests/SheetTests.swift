import Sealing
import Testing

@testable import Trust

@Suite("Recovery sheets")
struct SheetTests {
    let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    func sheet(_ seed: Int) -> RecoverySheet {
        let bytes = (0..<32).map { UInt8(truncatingIfNeeded: seed &* 31 &+ $0 &* $0 &* 7) }
        return RecoverySheet(keys: DeviceKeys(seed: SecretBytes(copying: bytes))!)
    }

    func problem(_ groups: [String]) -> RecoverySheet.Mistyped? {
        do throws(RecoverySheet.Mistyped) {
            _ = try RecoverySheet(typed: groups.joined(separator: " "))
            return nil
        } catch {
            return error
        }
    }

    @Test("reads as what was printed, however it is typed", arguments: 0..<20)
    func roundTrip(seed: Int) throws {
        let sheet = sheet(seed)
        let text = sheet.groups.joined(separator: "-")
        #expect(sheet.groups.count == 13 && sheet.groups.allSatisfy { $0.count == 5 })
        for typed in [
            text, text.lowercased(), text.replacing("-", with: ""), text.replacing("-", with: "\n"),
            text.replacing("0", with: "O"), text.replacing("1", with: "I"), text.replacing("1", with: "l"),
            text.replacing("0", with: "o"), text.replacing("1", with: "L"),
        ] {
            #expect(try RecoverySheet(typed: typed).keys.publicKeys == sheet.keys.publicKeys)
        }
    }

    @Test("every wrong character is noticed, and in which group", arguments: [0, 1, 2])
    func wrongCharacters(seed: Int) {
        let groups = sheet(seed).groups
        for group in groups.indices {
            for place in 0..<5 {
                for wrong in alphabet + ["U", "Å", "*"] {
                    var characters = Array(groups[group])
                    if characters[place] == wrong { continue }
                    characters[place] = wrong
                    var typed = groups
                    typed[group] = String(characters)
                    #expect(problem(typed) == .init(group: group + 1), "group \(group + 1), \(wrong) at \(place)")
                }
            }
        }
    }

    @Test("every swap of two characters in a group, and of neighbours across groups, is noticed", arguments: 0..<12)
    func swappedCharacters(seed: Int) {
        let groups = sheet(seed).groups
        let characters = Array(groups.joined())
        for first in characters.indices {
            for second in (first + 1)..<max(first + 2, first / 5 * 5 + 5)
            where second < characters.count && characters[first] != characters[second] {
                var typed = characters
                typed.swapAt(first, second)
                #expect(problem([String(typed)]) != nil, "\(first) and \(second)")
            }
        }
    }

    @Test("every swap of two groups is noticed", arguments: 0..<12)
    func swappedGroups(seed: Int) {
        let groups = sheet(seed).groups
        for first in groups.indices {
            for second in groups.indices where second > first {
                var typed = groups
                typed.swapAt(first, second)
                if typed != groups { #expect(problem(typed) == .init(group: first + 1)) }
            }
        }
    }

    @Test("a group too few or too many, and nothing at all, are no sheet")
    func lengths() {
        let groups = sheet(1).groups
        for typed in [[], Array(groups.dropLast()), groups + [groups[0]], [String(groups.joined().dropLast())]] {
            #expect(problem(typed) == .init(group: nil))
        }
    }

    @Test("the last group holds one bit, and nothing else passes in it")
    func lastGroup() {
        var passed = 0
        let groups = sheet(1).groups
        for value in 0..<32 {
            for check in alphabet {
                var typed = groups
                typed[12] = String(groups[12].prefix(3)) + String(alphabet[value]) + String(check)
                if problem(typed) == nil { passed += 1 }
            }
        }
        #expect(passed == 2, "with either value of its last bit, and the right check")
    }
}
