import Merge
import Replica
import TestSupport
import Testing

@testable import Casework

@Suite("Small numbers in publications")
struct SuppressionTests {
    /// Random contacts and cases of some months, with everything that a report counts of them.
    struct RandomYear {
        struct Contact {
            var month: Int
            var kind: String
            var channel: String
            var language: String
            var interpreting: String
            var request: String
            var hours: String
        }
        struct Case {
            var month: Int
            var caller: String
            var age: String
            var isChild: Bool
            var concerns: [String]
        }

        var contacts: [Contact] = []
        var cases: [Case] = []
        private let empty: Statistics

        init(months: Int, perMonth: Int, _ generator: inout SplitMix64) throws {
            let folder = TemporaryFolder()
            empty = try Casework(path: folder.file("replica.db")).statistics(
                StatisticsPeriod(month: Month(.known(2017, 1, 1))))
            func pick(_ words: [String]) -> String {
                words[
                    min(
                        Int.random(in: words.indices, using: &generator),
                        Int.random(in: words.indices, using: &generator))]
            }
            for month in 1...months {
                for _ in 0..<Int.random(in: perMonth / 2...perMonth, using: &generator) {
                    let age = pick(["over25", "notRecorded", "under18", "from22To25", "from18To21"])
                    cases.append(
                        Case(
                            month: month, caller: pick(["external", "relative", "involved", "notRecorded"]), age: age,
                            isChild: age == "under18" || Int.random(in: 0..<12, using: &generator) == 0,
                            concerns: Array(
                                Set([
                                    pick(["general", "religious", "rightWing", "leftWing"]),
                                    pick(["religious", "general"]),
                                ]))))
                    contacts.append(contact(month, "opening", pick(["phone", "chat"]), pick))
                }
                for _ in 0..<Int.random(in: 0...perMonth / 2, using: &generator) {
                    contacts.append(
                        contact(month, pick(["repeat", "withoutCase"]), pick(["phone", "outbound", "chat"]), pick))
                }
            }
        }

        private func contact(_ month: Int, _ kind: String, _ channel: String, _ pick: ([String]) -> String) -> Contact {
            Contact(
                month: month, kind: kind, channel: channel, language: pick(["sv", "ar", "so", "ti", "prs"]),
                interpreting: pick(["none", "colleague", "interpreter"]),
                request: pick(["conversation", "advice", "other"]),
                hours: pick(["within", "outside", "notRecorded"]))
        }

        func statistics(_ first: Int, _ last: Int) throws -> Statistics {
            let own = cases.filter { (first...last).contains($0.month) }
            let calls = contacts.filter { (first...last).contains($0.month) }
            func tally<Item>(_ items: [Item], _ words: [String], _ word: (Item) -> [String]) -> Tally {
                var counts: [String: Int] = [:]
                for item in items { for word in word(item) { counts[word, default: 0] += 1 } }
                return Tally(counts, words: words)
            }
            var report = empty
            report.period = try StatisticsPeriod(
                from: .known(2017, first, 1), through: Month(.known(2017, last, 1)).last)
            report.cases = Figure(own.count)
            report.children = Figure(own.count { $0.isChild })
            report.concern = tally(own, Concern.allCases.map(\.rawValue)) { $0.concerns }
            report.caller = tally(own, Caller.allCases.map(\.rawValue)) { [$0.caller] }
            report.age = tally(own, AgeBand.allCases.map(\.reportWord)) { [$0.age] }
            report.contactCount = Figure(calls.count)
            report.channel = tally(calls, Channel.allCases.map(\.rawValue)) { [$0.channel] }
            var languages: [String: Int] = [:]
            for call in calls { languages[call.language, default: 0] += 1 }
            report.language = Tally(byFrequency: languages)
            report.interpreting = tally(calls, ["none"] + Interpreting.allCases.map(\.rawValue)) { [$0.interpreting] }
            report.request = tally(calls, Request.allCases.map(\.rawValue)) { [$0.request] }
            report.openingHours = tally(calls, ["outside", "within"]) { [$0.hours] }
            report.contacts = (first...last).map { month in
                func count(_ isCounted: (Contact) -> Bool) -> Figure {
                    Figure(calls.count { $0.month == month && isCounted($0) })
                }
                return Statistics.MonthlyContacts(
                    month: Month(.known(2017, month, 1)), opening: count { $0.kind == "opening" },
                    repeat: count { $0.kind == "repeat" }, withoutCase: count { $0.kind == "withoutCase" },
                    outbound: count { $0.channel == "outbound" }, other: Figure(0))
            }
            return report
        }
    }

    @Test(
        "over random years, nothing hidden can be computed by elimination, and nothing small is shown", arguments: 1...8
    )
    func random(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        for perMonth in [6, 12, 30] {
            let limit = Int.random(in: 2...6, using: &generator)
            let year = try RandomYear(months: 3, perMonth: perMonth, &generator)
            for (first, last) in [(1, 1), (2, 2), (1, 3)] {
                let exact = try year.statistics(first, last)
                let shown = try exact.suppressing(below: limit, besides: [], parts: [exact], within: 6)
                #expect(!shown.figures.values.contains { $0.count.map { (1..<limit).contains($0) } ?? false })
                var equations = Elimination()
                equations.add(shown, "")
                #expect(equations.computable.isEmpty)
            }
        }
    }

    @Test("months and their union, published one after the other, do not undo each other", arguments: 1...2)
    func series(seed: UInt64) throws {
        var generator = SplitMix64(seed: seed)
        let limit = 5
        let year = try RandomYear(months: 3, perMonth: seed % 2 == 0 ? 10 : 24, &generator)
        let parts = try (1...3).map { try year.statistics($0, $0) }
        var published: [Statistics] = []
        var publications: [Publication] = []
        for month in 1...3 {
            published.append(
                try parts[month - 1].suppressing(below: limit, besides: [], parts: [parts[month - 1]], within: 6))
            publications.append(Publication(published[month - 1]))
        }
        let clock = ContinuousClock.now
        let union = try year.statistics(1, 3).suppressing(below: limit, besides: publications, parts: parts, within: 6)
        print("union of three months, seed \(seed): \(ContinuousClock.now - clock),", union.hiddenCount, "hidden")
        var equations = Elimination()
        for (index, month) in published.enumerated() { equations.add(month, "\(index + 1)/") }
        equations.add(union, "all/")
        equations.addUnion("all/", of: (1...3).map { "\($0)/" })
        #expect(equations.computable.isEmpty)
        // What was shown of the months is shown of the union where it is the sum of it, and what is small is not.
        #expect(!union.figures.values.contains { $0.count.map { (1..<limit).contains($0) } ?? false })
    }

    @Test("the number of cases is shown where it is not small itself, as a rule: pilot year, month by month, at 5")
    func pilotYear() throws {
        let desk = try PilotYearTests()
        _ = try desk.importAll()
        var shownCount = 0
        for month in 2...11 {
            let exact = try desk.casework.statistics(StatisticsPeriod(month: Month(.known(2017, month, 1))))
            let report = try exact.suppressing(below: 5, besides: [], parts: [exact], within: 6)
            if report.cases.count != nil { shownCount += 1 }
            print(
                "2017-\(month): \(exact.cases.count ?? 0) cases, shown: \(report.cases.count != nil), \(report.hiddenCount) hidden"
            )
        }
        #expect(shownCount == 10)
    }

    @Test("languages of few are put together, and what is hidden stands in an order that tells nothing")
    func languages() {
        let merged = Tally(byFrequency: ["sv": 90, "ar": 7, "ti": 3, "so": 4, "notRecorded": 1]).merging(below: 5)
        #expect(merged.entries.map(\.word) == ["sv", "ar", "other", "notRecorded"])
        #expect(merged["other"] == Figure(7))
        var hidden = merged
        hidden.entries[0].figure = .hidden
        hidden.entries[2].figure = .hidden
        #expect(hidden.hiddenLast.entries.map(\.word) == ["ar", "notRecorded", "other", "sv"])
    }
}

extension Statistics {
    var hiddenCount: Int { figures.values.count { $0.count == nil } }
}

extension Publication {
    init(_ report: Statistics) {
        self.init(
            id: RecordID(milliseconds: 0, randomHigh: 0, randomLow: 0), from: report.period.from,
            through: report.period.through, hiddenBelow: report.suppressedBelow ?? 2, figures: report.figures, at: nil,
            by: "S3")
    }
}

/// What a reader computes with linear algebra alone, written apart from the product: an unknown is computable where its
/// unit vector is a combination of the equations.
struct Elimination {
    private var rows: [[String: Double]] = []
    private var unknown: Set<String> = []
    private var known: [String: Double] = [:]

    mutating func add(_ report: Statistics, _ prefix: String) {
        for (name, figure) in report.figures {
            if let count = figure.count { known[prefix + name] = Double(count) } else { unknown.insert(prefix + name) }
        }
        func names(_ tally: String) -> [String] {
            report.figures.keys.filter { $0.hasPrefix(tally + ".") }.map { prefix + $0 }
        }
        for tally in ["caller", "age"] { addSum(names(tally), prefix + "cases") }
        for tally in ["channel", "language", "interpreting", "request", "openingHours"] {
            addSum(names(tally), prefix + "contactCount")
        }
        let months = report.contacts.map { "\(prefix)\($0.month)." }
        addSum(
            months.flatMap { month in ["opening", "repeat", "withoutCase", "other"].map { month + $0 } },
            prefix + "contactCount")
        addSum(months.map { $0 + "outbound" }, prefix + "channel.outbound")
        addSum(months.map { $0 + "opening" }, prefix + "cases")
    }

    /// That the numbers of a union are the sums of its parts'. Its months are the parts'; languages may be put together.
    mutating func addUnion(_ union: String, of parts: [String]) {
        let names = Set(known.keys).union(unknown).filter { $0.hasPrefix(union) && !$0.hasPrefix(union + "language") }
        for name in names {
            let rest = String(name.dropFirst(union.count))
            let found = parts.map { $0 + rest }.filter { known[$0] != nil || unknown.contains($0) }
            if rest.hasPrefix("2017") || found.count == parts.count, rest != "undated" { addSum(found, name) }
        }
    }

    private mutating func addSum(_ parts: [String], _ total: String) {
        var row: [String: Double] = [:]
        for part in parts where unknown.contains(part) { row[part, default: 0] += 1 }
        if unknown.contains(total) { row[total, default: 0] -= 1 }
        if !row.isEmpty { rows.append(row) }
    }

    var computable: [String] {
        let names = unknown.sorted()
        var matrix = rows.map { row in names.map { row[$0] ?? 0 } }
        var rank = 0
        for column in names.indices {
            guard let pivot = matrix.indices.dropFirst(rank).first(where: { abs(matrix[$0][column]) > 1e-9 }) else {
                continue
            }
            matrix.swapAt(rank, pivot)
            let divisor = matrix[rank][column]
            matrix[rank] = matrix[rank].map { $0 / divisor }
            for row in matrix.indices where row != rank && abs(matrix[row][column]) > 1e-9 {
                let factor = matrix[row][column]
                for index in names.indices { matrix[row][index] -= factor * matrix[rank][index] }
            }
            rank += 1
        }
        // In reduced form, what is determined stands alone in its row.
        return matrix.prefix(rank).compactMap { row in
            let places = names.indices.filter { abs(row[$0]) > 1e-9 }
            return places.count == 1 ? names[places[0]] : nil
        }
    }
}
