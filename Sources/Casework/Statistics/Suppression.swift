/// Hides small numbers for publication, and as many others as it takes that the hidden ones cannot be computed.
///
/// - A number from 1 up to below the limit is hidden. Nought is shown: it is about nobody.
/// - Where a table's parts make up a total, a single hidden part would be the total less the others. So further parts are
///   hidden, the smallest first, until at least two are, and each of them might be as large as the limit, given what
///   is left of the total. Columns of months are treated as if their totals were known.
/// - If there is no such choice, the total is hidden, with everything that it could be added up from.
/// - Cases that concern a child are hidden with the age group that they mostly are, and where they differ from it, or
///   from all cases, by a small number.
/// - Concerns overlap, and have no total. They are treated like parts only where fewer are shown than there are cases.
/// - Languages with a small number are put together: that one was spoken at all may tell who called.
///
/// It looks at one report. Two reports of periods that overlap can be subtracted from each other: publish one series of
/// periods, and only that.
struct Suppression {
    let limit: Int

    /// - Parameter limit: at least 2.
    init(below limit: Int) {
        precondition(limit >= 2)
        self.limit = limit
    }

    static let otherLanguages = "other"

    static func sentence(_ limit: Int, _ words: ReportWords) -> String {
        words.choose(
            "Tal från 1 till \(limit - 1) visas inte (\(ReportCell.hiddenMark)), och inte heller de tal som de annars kunde räknas ut ur. Språk med så få kontakter är sammanförda. Noll visas.",
            "Numbers from 1 to \(limit - 1) are not shown (\(ReportCell.hiddenMark)), nor are those from which they could be computed. Languages with so few contacts are put together. Nought is shown."
        )
    }

    func isSmall(_ count: Int?) -> Bool { count.map { (1..<limit).contains($0) } ?? false }

    func single(_ figure: Figure) -> Figure { isSmall(figure.count) ? .hidden : figure }

    // MARK: Parts of a total

    /// Which of the parts to hide; nil if their total must be hidden too, and then all of them that are not nought.
    func partsToHide(_ counts: [Int]) -> Set<Int>? {
        var hidden = Set(counts.indices.filter { isSmall(counts[$0]) })
        if hidden.isEmpty { return hidden }
        var others = counts.indices.filter { counts[$0] > 0 && !hidden.contains($0) }.sorted {
            (counts[$0], $0) < (counts[$1], $1)
        }
        while !isSafe(hidden, counts) {
            if others.isEmpty { return nil }
            hidden.insert(others.removeFirst())
        }
        return hidden
    }

    /// Whoever knows the sum of the hidden parts, and that each is at least 1, knows no more than that.
    private func isSafe(_ hidden: Set<Int>, _ counts: [Int]) -> Bool {
        let sum = hidden.reduce(0) { $0 + counts[$1] }
        return hidden.count >= 2 && sum - hidden.count + 1 >= limit
    }

    /// - Returns: whether the parts' total may be shown.
    func hideParts(_ figures: inout [Figure]) -> Bool {
        let hidden = partsToHide(figures.map { $0.count ?? 0 })
        for index in figures.indices where hidden?.contains(index) ?? !figures[index].isZero {
            figures[index] = .hidden
        }
        return hidden != nil
    }

    func hideParts(_ tally: inout Tally) -> Bool {
        var figures = tally.entries.map(\.figure)
        let isSafe = hideParts(&figures)
        for (index, figure) in figures.enumerated() { tally.entries[index].figure = figure }
        return isSafe
    }

    func hideAll(_ tally: inout Tally) {
        for index in tally.entries.indices where !tally.entries[index].figure.isZero {
            tally.entries[index].figure = .hidden
        }
    }

    // MARK: Parts that overlap

    /// - Parameter cases: nil if it is hidden.
    func hideConcerns(_ tally: inout Tally, cases: Int?) {
        let counts = tally.entries.map { $0.figure.count ?? 0 }
        var hidden = Set(counts.indices.filter { isSmall(counts[$0]) })
        if let cases, let none = tally.entries.firstIndex(where: { $0.word == Tally.notRecorded }),
            isSmall(cases - counts[none])
        {
            hidden.insert(none)
        }
        var others = counts.indices.filter { counts[$0] > 0 && !hidden.contains($0) }.sorted {
            (counts[$0], $0) < (counts[$1], $1)
        }
        func shown() -> Int { counts.indices.filter { !hidden.contains($0) }.reduce(0) { $0 + counts[$1] } }
        // Each case is in at least one entry: what the shown ones leave over must be in the one that is hidden.
        while let cases, hidden.count == 1, cases - shown() > 1, !others.isEmpty { hidden.insert(others.removeFirst()) }
        for index in hidden { tally.entries[index].figure = .hidden }
    }

    // MARK: Words that tell too much

    /// Puts languages with a small number together, and what is hidden afterwards at the end, in an order that tells nothing.
    func mergeSmall(_ tally: Tally) -> Tally {
        var counts: [String: Int] = [:]
        for entry in tally.entries {
            let isMerged = entry.word != Tally.notRecorded && isSmall(entry.figure.count)
            counts[isMerged ? Self.otherLanguages : entry.word, default: 0] += entry.figure.count ?? 0
        }
        return Tally(byFrequency: counts)
    }

    func sorted(_ tally: Tally) -> Tally {
        var tally = tally
        let shown = tally.entries.filter { $0.figure.count != nil }
        tally.entries = shown + tally.entries.filter { $0.figure.count == nil }.sorted { $0.word < $1.word }
        return tally
    }
}
