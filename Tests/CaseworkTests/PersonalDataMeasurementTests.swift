import Casework
import Testing

/// How much of the labelled set is found, and how much is found that is not there. Prints its figures.
struct PersonalDataMeasurementTests {
    let watch = PersonalDataGuard()

    @Test("identifiers are found: recall 0.99 or better on the labelled set")
    func recall() {
        var expectedCount = 0
        var exactCount = 0
        var missed: [String] = []
        var mistaken: [String] = []
        for sentence in LabelledSentences.dirty {
            let findings = watch.findings(in: sentence.text)
            for label in sentence.expected {
                expectedCount += 1
                let overlapping = findings.filter { $0.bytes.overlaps(label.bytes) }
                if overlapping.isEmpty { missed.append("\(label.kind): \(sentence.text)") }
                if !overlapping.isEmpty, !overlapping.contains(where: { $0.kind.rawValue == label.kind }) {
                    mistaken.append("\(label.kind) as \(overlapping.map(\.kind.rawValue)): \(sentence.text)")
                }
                if overlapping.contains(where: { $0.bytes == label.bytes }) { exactCount += 1 }
            }
            for finding in findings where !sentence.expected.contains(where: { $0.bytes.overlaps(finding.bytes) }) {
                mistaken.append("\(finding) too many: \(sentence.text)")
            }
        }
        let recall = Double(expectedCount - missed.count) / Double(expectedCount)
        print(
            "personal data guard: \(LabelledSentences.dirty.count) sentences with \(expectedCount) identifiers,",
            "recall \(recall), exact place \(exactCount), wrong kind or too many \(mistaken.count)")
        (missed.map { "missed: \($0)" } + mistaken).forEach { print($0) }
        #expect(LabelledSentences.dirty.count >= 200 && expectedCount >= 200)
        #expect(recall >= 0.99)
        #expect(mistaken.count * 100 <= expectedCount * 2)
    }

    @Test("clean sentences pass: at most two false alarms in a hundred")
    func falseAlarms() {
        var alarms: [String] = []
        for sentence in LabelledSentences.blameless {
            let findings = watch.findings(in: sentence.text)
            if !findings.isEmpty { alarms.append("false alarm \(findings): \(sentence.text)") }
        }
        let rate = Double(alarms.count) * 100 / Double(LabelledSentences.blameless.count)
        print(
            "personal data guard: \(LabelledSentences.blameless.count) clean sentences, \(alarms.count) false alarms,",
            "\(rate) in a hundred")
        alarms.forEach { print($0) }
        #expect(LabelledSentences.blameless.count >= 200)
        #expect(rate <= 2)
    }
}
