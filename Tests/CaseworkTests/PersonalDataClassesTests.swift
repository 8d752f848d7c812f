import Casework
import Foundation
import Testing

/// How much of each class of the guard is found, and how often it is wrong, on two sets of labelled sentences.
///
/// `unseen.tsv` and `unseen-2.tsv` were written and frozen before their authors had read the guard's rules (the list of kinds
/// was known), and nothing is tuned to them. `seen.tsv` was written beside the rules, and is what they may be tuned to. The sets of
/// ``PersonalDataMeasurementTests`` come on top. Prints its figures, and what of the set that may be tuned to was missed.
@Suite("The personal data guard's two classes, measured")
struct PersonalDataClassesTests {
    struct Sentence {
        /// Nil for one with nothing in it.
        var response: GuardResponse?
        var kind: String
        var text = ""
        /// In code points.
        var marked: [Range<Int>] = []
    }

    /// Of one class in one set.
    struct Figures {
        var expected = 0
        var found = 0
        /// Sentences in which something of the class was found that is none of it, of ``clean``.
        var alarms = 0
        var clean = 0

        var recall: Double { Double(found) / Double(max(1, expected)) }
        var alarmsInHundred: Double { Double(alarms) * 100 / Double(max(1, clean)) }
    }

    /// What recall of the warned class is claimed for: opinions and spelt numbers are warned of as far as it goes.
    static let claimed: Set = ["name", "address", "postcode", "plate", "handle", "passport", "lma"]

    static func sentences(_ name: String) throws -> [Sentence] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "Sentences/\(name).tsv")
        return try String(contentsOf: file, encoding: .utf8).split(separator: "\n").filter { !$0.hasPrefix("#") }.map {
            let columns = $0.split(separator: "\t")
            try #require(columns.count == 3)
            let response = GuardResponse(rawValue: String(columns[0]))
            try #require(response != nil || columns[0] == "none")
            var sentence = Sentence(response: response, kind: String(columns[1]))
            var start = 0
            for scalar in columns[2].unicodeScalars {
                switch scalar {
                case "⟦": start = sentence.text.unicodeScalars.count
                case "⟧": sentence.marked.append(start..<sentence.text.unicodeScalars.count)
                default: sentence.text.unicodeScalars.append(scalar)
                }
            }
            return sentence
        }
    }

    private func measure(_ name: String, tellsMisses: Bool) throws -> [GuardResponse: Figures] {
        let watch = PersonalDataGuard(allowing: GuardAllowList(telephoneNumbers: []))
        var figures: [GuardResponse: Figures] = [.refused: Figures(), .warned: Figures()]
        var byKind: [String: (found: Int, of: Int)] = [:]
        for sentence in try Self.sentences(name) {
            let findings = watch.findings(in: sentence.text)
            for marked in sentence.marked {
                let isFound = findings.contains {
                    // What is warned of may be refused as well; what is to be refused must be.
                    $0.characters.overlaps(marked) && (sentence.response == .warned || $0.response == .refused)
                }
                byKind[sentence.kind, default: (0, 0)].of += 1
                if isFound { byKind[sentence.kind]?.found += 1 }
                if let response = sentence.response, response == .refused || Self.claimed.contains(sentence.kind) {
                    figures[response]?.expected += 1
                    if isFound { figures[response]?.found += 1 }
                }
                if !isFound, tellsMisses { print("missed \(sentence.kind): \(sentence.text)") }
            }
            for response in [GuardResponse.refused, .warned] {
                // A refusal is wrong wherever nothing is marked; a warning is counted where nothing is marked at all.
                let isWrong = findings.contains { finding in
                    finding.response == response && !sentence.marked.contains { $0.overlaps(finding.characters) }
                }
                guard response == .refused || sentence.response == nil else { continue }
                figures[response]?.clean += 1
                if isWrong {
                    figures[response]?.alarms += 1
                    if tellsMisses { print("wrong \(response.rawValue) \(findings): \(sentence.text)") }
                }
            }
        }
        for (response, figures) in figures.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            print(
                "guard, \(name), \(response.rawValue): \(figures.found) of \(figures.expected) found (recall \(figures.recall)),",
                "\(figures.alarms) false alarms in \(figures.clean) sentences (\(figures.alarmsInHundred) in a hundred)"
            )
        }
        for (kind, count) in byKind.sorted(by: { $0.key < $1.key }) {
            print("guard, \(name), \(kind): \(count.found) of \(count.of)")
        }
        return figures
    }

    @Test("there are 600 sentences at least, and a third of 600 were written by somebody who had not seen the rules")
    func size() throws {
        let unseen = try Self.sentences("unseen").count + Self.sentences("unseen-2").count
        let seen = try Self.sentences("seen").count
        #expect(unseen + seen >= 600 && unseen * 3 >= unseen + seen)
    }

    @Test(
        "each class finds what it claims, and is seldom wrong", arguments: ["unseen", "unseen-2", "seen"])
    func classes(name: String) throws {
        let figures = try measure(name, tellsMisses: name == "seen")
        let refused = try #require(figures[.refused])
        let warned = try #require(figures[.warned])
        #expect(refused.recall >= 0.97)
        #expect(refused.alarmsInHundred <= 1)
        #expect(warned.recall >= 0.85)
        #expect(warned.alarmsInHundred <= 3)
    }
}
