import Merge
import Replica
import Sealing
import Testing

@testable import Casework

@Suite("Reference numbers (I6)")
struct ReferenceNumberTests {
    @Test("no single wrong digit and no swap of neighbours gives another valid number")
    func damm() throws {
        for scattered in stride(from: 0, to: 1_000_000, by: 997) {
            let number = ReferenceNumber(scattered: scattered)
            let digits = Array(number.digits.utf8)
            for place in digits.indices {
                for other in UInt8(48)...57 where other != digits[place] {
                    var wrong = digits
                    wrong[place] = other
                    #expect(ReferenceNumber(digits: String(decoding: wrong, as: UTF8.self)) == nil)
                }
                guard place > 0, digits[place] != digits[place - 1] else { continue }
                var swapped = digits
                swapped.swapAt(place, place - 1)
                #expect(ReferenceNumber(digits: String(decoding: swapped, as: UTF8.self)) == nil)
            }
        }
    }

    @Test("scattering is a bijection of all million numbers, and another one under another key")
    func permutation() {
        // The round function is a plain one here: the network is a bijection with any, and a million are quick with it.
        let plain = NumberPermutation { round, half in (half &* 31 &+ round &* 77 &+ half / 7) % 1_000 }
        var seen = [Bool](repeating: false, count: NumberPermutation.count)
        for number in 0..<NumberPermutation.count { seen[plain.scatter(number)] = true }
        #expect(!seen.contains(false))
        let one = NumberPermutation(key: LineKey.random().derived(for: .referenceNumbers))
        let two = NumberPermutation(key: LineKey.random().derived(for: .referenceNumbers))
        let numbers = (0..<2_000).map { one.scatter($0) }
        #expect(Set(numbers).count == 2_000)
        #expect(numbers != (0..<2_000).map { two.scatter($0) })
        let neighbours = zip(numbers, numbers.dropFirst()).count { abs($0 - $1) < 1_000 }
        #expect(neighbours < 40, "numbers given one after the other look alike")
    }

    @Test(
        "a number is read as people write it",
        arguments: [
            "4829153", "482 915-3", "482915-3", " 482 915 - 3 ", "482\u{A0}915–3", "482.915.3", "48291", "482 915-4",
            "abc",
        ])
    func reading(text: String) throws {
        let valid = try ReferenceNumber(parsing: "482 915-" + String(describing: check("482915")))
        let written = text.replacing("-3", with: "-\(check("482915"))").replacing("–3", with: "–\(check("482915"))")
        let isMeant = text.contains { $0 == "-" || $0 == "–" } && !text.hasSuffix("4")
        if isMeant {
            #expect(try ReferenceNumber(parsing: written.replacing(" 3 ", with: " \(check("482915")) ")) == valid)
        } else if text != "4829153" {
            #expect(throws: CaseworkError.self) { try ReferenceNumber(parsing: text) }
        }
    }

    private func check(_ digits: String) -> UInt8 { DammCode.checkDigit(digits.utf8.map { $0 - 48 }) }
}
