import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("Small numbers in publications")
struct SuppressionTests {
    @Test(
        "of the parts of a total as many are hidden as it takes",
        arguments: [
            ([68, 32, 4, 4], 5, [2, 3]), ([68, 32, 4, 0], 5, [1, 2]), ([10, 9, 8], 5, []), ([0, 0, 7], 5, []),
            ([40, 1, 1, 6], 5, [1, 2, 3]), ([40, 1, 1, 1, 4], 5, [0, 1, 2, 3, 4]), ([12, 1], 5, [0, 1]),
        ])
    func parts(counts: [Int], limit: Int, hidden: [Int]) {
        #expect(Suppression(below: limit).partsToHide(counts)?.sorted() == hidden)
    }

    @Test("where no choice of parts is safe, the total goes too", arguments: [[3], [1, 1, 1], [0, 2, 0]])
    func total(counts: [Int]) { #expect(Suppression(below: 5).partsToHide(counts) == nil) }

    /// What somebody who reads the report works out: whether a hidden part can be only one number, knowing the total
    /// and that hidden parts are at least 1.
    private static func isComputable(_ parts: [Figure], total: Figure) -> Bool {
        guard let total = total.count else { return false }
        let hidden = parts.filter { $0.count == nil }.count
        let rest = total - parts.reduce(0) { $0 + ($1.count ?? 0) }
        return hidden == 1 || hidden > 0 && rest == hidden
    }

    @Test("over random reports, no hidden part can be worked out, and nothing small is shown")
    func random() throws {
        var generator = SplitMix64(seed: 17)
        let period = StatisticsPeriod(month: Month(.known(2017, 2, 1)))
        let folder = TemporaryFolder()
        let empty = try Casework(path: folder.file("replica.db")).statistics(period)
        var hiddenCount = 0
        for _ in 0..<500 {
            let limit = Int.random(in: 2...8, using: &generator)
            let scale = [2, 5, 20, 100].randomElement(using: &generator) ?? 2
            func parts(_ total: Int, _ count: Int) -> [Int] {
                var parts = [Int](repeating: 0, count: count)
                for _ in 0..<total {
                    let place = Int.random(in: 0..<count, using: &generator)
                    parts[min(place, Int.random(in: 0..<count, using: &generator))] += 1
                }
                return parts
            }
            func tally(_ total: Int, _ words: [String]) -> Tally {
                Tally(Dictionary(uniqueKeysWithValues: zip(words, parts(total, words.count))), words: words, last: nil)
            }
            var report = empty
            let cases = Int.random(in: 0...scale, using: &generator)
            let contacts = cases + Int.random(in: 0...scale, using: &generator)
            report.cases = Figure(cases)
            report.caller = tally(cases, ["external", "relative", "involved", "notRecorded"])
            report.age = tally(cases, ["under18", "from18To21", "from22To25", "over25", "notRecorded"])
            let children = min(cases, (report.age["under18"].count ?? 0) + Int.random(in: 0...2, using: &generator))
            report.children = Figure(children)
            report.contactCount = Figure(contacts)
            report.channel = tally(contacts, ["phone", "chat", "outbound"])
            report.language = tally(contacts, ["sv", "ar", "so", "ti", "notRecorded"])
            report.interpreting = tally(contacts, ["none", "colleague"])
            report.request = tally(contacts, ["advice", "other"])
            report.openingHours = tally(contacts, ["outside", "within", "notRecorded"])
            let opening = parts(cases, 4)
            let rest = parts(contacts - cases, 4)
            report.contacts = (0..<4).map { place in
                Statistics.MonthlyContacts(
                    month: Month(.known(2017, place + 1, 1)), opening: Figure(opening[place]),
                    repeat: Figure(rest[place]), withoutCase: Figure(0), outbound: Figure(0), other: Figure(0))
            }
            let shown = report.suppressing(below: limit)
            let tables: [([Figure], Figure)] =
                [shown.caller, shown.age].map { ($0.entries.map(\.figure), shown.cases) }
                + [shown.channel, shown.language, shown.interpreting, shown.request, shown.openingHours].map {
                    ($0.entries.map(\.figure), shown.contactCount)
                } + [(shown.contacts.map(\.opening), shown.cases)]
            for (parts, total) in tables {
                #expect(!Self.isComputable(parts, total: total))
                // What is hidden must not be added up from another table of it.
                if total.count == nil { #expect(parts.allSatisfy { $0.count == nil || $0.isZero }) }
                hiddenCount += parts.filter { $0.count == nil }.count
                #expect(!parts.contains { $0.count.map { (1..<limit).contains($0) } ?? false })
            }
            #expect(!(shown.children.count.map { (1..<limit).contains($0) } ?? false))
            if shown.age["under18"].count == nil { #expect(shown.children.count == nil || shown.children.isZero) }
        }
        #expect(hiddenCount > 500)
    }

    @Test("languages of few are put together, and what is hidden stands in an order that tells nothing")
    func languages() {
        let suppression = Suppression(below: 5)
        let merged = suppression.mergeSmall(
            Tally(byFrequency: ["sv": 90, "ar": 7, "ti": 3, "so": 4, "notRecorded": 1]))
        #expect(merged.entries.map(\.word) == ["sv", "ar", "other", "notRecorded"])
        #expect(merged["other"] == Figure(7))
        var hidden = merged
        hidden.entries[0].figure = .hidden
        hidden.entries[2].figure = .hidden
        #expect(suppression.sorted(hidden).entries.map(\.word) == ["ar", "notRecorded", "other", "sv"])
    }

    @Test("concerns overlap: one is hidden beside the small one only where it could be computed")
    func concerns() {
        let suppression = Suppression(below: 5)
        func hidden(_ counts: [String: Int], cases: Int) -> [String] {
            var tally = Tally(counts, words: Concern.allCases.map(\.rawValue))
            suppression.hideConcerns(&tally, cases: cases)
            return tally.entries.filter { $0.figure.count == nil }.map(\.word)
        }
        let published = ["general": 43, "religious": 49, "rightWing": 22, "leftWing": 2]
        #expect(hidden(published, cases: 108) == ["leftWing"])
        // Nobody has two: 116 less the others is 2.
        #expect(hidden(published, cases: 116) == ["rightWing", "leftWing"])
    }
}
