import Casework
import Testing

/// How much of the labelled sets is refused, and how much is refused that is not there. Prints its figures.
struct PersonalDataMeasurementTests {
    typealias Sentence = LabelledSentences.Sentence

    let watch = PersonalDataGuard()

    @Test("the set is large enough to say something: 400 sentences, half of them clean")
    func size() {
        #expect(LabelledSentences.dirty.count >= 200 && LabelledSentences.blameless.count >= 200)
        #expect(LabelledSentences.parse(LabelledSentences.evasions).count >= 60)
    }

    @Test(
        "identifiers are found, as what they are: recall 0.99 or better",
        arguments: [("set", LabelledSentences.dirty), ("held out", LabelledSentences.heldOutDirty)])
    func recall(name: String, sentences: [Sentence]) {
        var expectedCount = 0
        var exactCount = 0
        var missed: [String] = []
        var mistaken: [String] = []
        for sentence in sentences {
            let findings = watch.findings(in: sentence.text).filter { $0.response == .refused }
            for label in sentence.expected {
                expectedCount += 1
                let overlapping = findings.filter { $0.bytes.overlaps(label.bytes) }
                if overlapping.isEmpty {
                    missed.append("missed \(label.kind): \(sentence.text)")
                } else if !overlapping.contains(where: { $0.kind.rawValue == label.kind }) {
                    mistaken.append("\(label.kind) taken for \(overlapping): \(sentence.text)")
                }
                if overlapping.contains(where: { $0.bytes == label.bytes }) { exactCount += 1 }
            }
            for finding in findings where !sentence.expected.contains(where: { $0.bytes.overlaps(finding.bytes) }) {
                mistaken.append("\(finding) is too many: \(sentence.text)")
            }
        }
        let recall = Double(expectedCount - missed.count) / Double(expectedCount)
        print(
            "personal data guard, \(name): \(sentences.count) sentences with \(expectedCount) identifiers,",
            "recall \(recall), exact place \(exactCount), wrong kind or too many \(mistaken.count)")
        (missed + mistaken).forEach { print($0) }
        #expect(recall >= 0.99)
        #expect(mistaken.count * 100 <= expectedCount * 2)
    }

    @Test(
        "clean sentences pass: at most two false alarms in a hundred",
        arguments: [("set", LabelledSentences.blameless), ("held out", LabelledSentences.heldOutBlameless)])
    func falseAlarms(name: String, sentences: [Sentence]) {
        let alarms = sentences.compactMap { sentence in
            let findings = watch.findings(in: sentence.text).filter { $0.response == .refused }
            return findings.isEmpty ? nil : "false alarm \(findings): \(sentence.text)"
        }
        let rate = Double(alarms.count) * 100 / Double(sentences.count)
        print("personal data guard, \(name): \(sentences.count) clean sentences, \(rate) false alarms in a hundred")
        alarms.forEach { print($0) }
        #expect(rate <= 2)
    }
}
