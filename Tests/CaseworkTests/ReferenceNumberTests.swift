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
        let one = NumberPermutation(key: EpochKey.random().derived(for: .referenceNumbers).copied())
        let two = NumberPermutation(key: EpochKey.random().derived(for: .referenceNumbers).copied())
        let numbers = (0..<2_000).map { one.scatter($0) }
        #expect(Set(numbers).count == 2_000)
        #expect(numbers != (0..<2_000).map { two.scatter($0) })
        let neighbours = zip(numbers, numbers.dropFirst()).count { abs($0 - $1) < 1_000 }
        #expect(neighbours < 40, "numbers given one after the other look alike")
    }

    @Test(
        "a number is read as people write it",
        arguments: ["4829151", "482 915-1", "482915-1", " 482 915 - 1 ", "482\u{A0}915–1", "482\u{202F}915\u{2011}1"])
    func reading(text: String) throws {
        let number = try ReferenceNumber(parsing: text)
        #expect(number.digits == "482915" + String(DammCode.checkDigit([4, 8, 2, 9, 1, 5])))
        #expect(number.description == "482 915-1")
    }

    @Test(
        "a wrong or missing digit is a mistyped number",
        arguments: ["482 915-4", "482 951-1", "48291", "482 915-12", "٤٨٢"])
    func mistyped(text: String) {
        let expected: CaseworkError.Code = text == "٤٨٢" ? .badValue : .mistypedNumber
        #expect { try ReferenceNumber(parsing: text) } throws: { ($0 as? CaseworkError)?.code == expected }
    }

    @Test("what is nothing like a number is told so", arguments: ["abc", "482.915.1", "4829151x"])
    func noNumber(text: String) {
        #expect { try ReferenceNumber(parsing: text) } throws: { ($0 as? CaseworkError)?.code == .badValue }
    }

    @Test("the longer form is written, read and checked like the short one, and grows when its counter is full")
    func longForm() throws {
        for (counter, count) in [(7, 9), (9_999, 9), (10_000, 10), (999_999, 11)] {
            let number = ReferenceNumber(desk: 12, counter: counter)
            #expect(number.digits.utf8.count == count)
            #expect(try ReferenceNumber(parsing: number.description) == number)
            #expect(number.description.hasPrefix("0012 "))
            let digits = Array(number.digits.utf8)
            for place in digits.indices {
                for other in UInt8(48)...57 where other != digits[place] {
                    var wrong = digits
                    wrong[place] = other
                    #expect(ReferenceNumber(digits: String(decoding: wrong, as: UTF8.self)) == nil)
                }
            }
            for place in digits.indices.dropFirst() where digits[place] != digits[place - 1] {
                var swapped = digits
                swapped.swapAt(place, place - 1)
                #expect(ReferenceNumber(digits: String(decoding: swapped, as: UTF8.self)) == nil)
            }
        }
    }
}
