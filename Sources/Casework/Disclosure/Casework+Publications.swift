public import Merge
import Replica

extension Casework {
    /// The line's published series, by period and time.
    public func publications() throws -> [Publication] {
        try replica.read { snapshot in
            try snapshot.records(
                CaseworkSchema.Publications.collection, where: "true ORDER BY from_day, through_day, at, id"
            ).compactMap { Publication($0) }
        }
    }

    /// The report of a period as it may be published: small numbers hidden, and what they could be computed from.
    ///
    /// A line publishes one series: periods of whole calendar months that do not overlap, and unions of them. Of any other
    /// two, what one has more than the other would tell what both hide.
    ///
    /// - Parameter limit: numbers from 1 up to below it are hidden; 2 to 1,000.
    ///
    /// Errors: `badValue` where the period does not fit the series; `notSafe` where no way of hiding was found.
    public func publication(_ period: StatisticsPeriod, below limit: Int) throws -> Statistics {
        let earlier = try Self.related(to: period, publications())
        let parts = try Self.parts(period, earlier).map { try statistics($0) }
        var report = try statistics(period).suppressing(below: limit, besides: earlier, parts: parts)
        report.publication = .published
        return report
    }

    /// Records that a report is published. Do so before it leaves the desk, in a line with the server's word: two desks
    /// that publish without knowing of each other could undo what either hides.
    ///
    /// - Returns: the record; nil where the same has been published before.
    @discardableResult
    public func publish(_ report: Statistics, by author: AuthorCode) throws -> RecordID? {
        typealias Publications = CaseworkSchema.Publications
        precondition(report.publication == .published)
        let figures = report.figures
        let isKnown = try publications().contains {
            $0.from == report.period.from && $0.through == report.period.through && $0.figures == figures
        }
        if isKnown { return nil }
        return try change(by: author) { writing in
            try writing.transaction.add(Publications.collection) { row in
                row[Publications.from] = report.period.from
                row[Publications.through] = report.period.through
                row[Publications.hiddenBelow] = Int64(report.suppressedBelow ?? 2)
                row[Publications.figures] = Publication.text(figures)
                row[Publications.at] = writing.now
                row[Publications.by] = author.text
            }
        }
    }

    /// Takes back a record of this desk, of a report that was not published after all.
    public func withdrawPublication(_ id: RecordID) throws {
        try replica.write { try $0.erase(CaseworkSchema.Publications.collection, id) }
    }

    /// What was published of a period, and of the time that such reports have more than it: a union of months says something
    /// of each of them.
    static func related(to period: StatisticsPeriod, _ publications: [Publication]) -> [Publication] {
        var (from, through) = (period.from, period.through)
        while true {
            let related = publications.filter { $0.from <= through && from <= $0.through }
            let first = related.map(\.from).min().map { min($0, from) } ?? from
            let last = related.map(\.through).max().map { max($0, through) } ?? through
            if first == from, last == through { return related }
            (from, through) = (first, last)
        }
    }

    /// The periods that the numbers of a report, and of all that was published beside it, are sums of. They do not overlap.
    ///
    /// - Parameter earlier: see ``related(to:_:)``.
    ///
    /// Errors: `badValue` where it does not fit the series.
    static func parts(_ period: StatisticsPeriod, _ earlier: [Publication]) throws(CaseworkError) -> [StatisticsPeriod]
    {
        guard period.from.day == 1, period.through == Month(period.through).last else {
            throw CaseworkError(.badValue, "publish.months")
        }
        // The shortest ones, which no other lies within.
        let bases = earlier.filter { one in
            !earlier.contains { other in
                (other.from, other.through) != (one.from, one.through) && one.from <= other.from
                    && other.through <= one.through
            }
        }
        var spans = Set(bases.map { Span(from: $0.from, through: $0.through) }).sorted { $0.from < $1.from }
        let own = spans.filter { $0.from <= period.through && period.from <= $0.through }
        var next: CalendarDate? = period.from
        for span in own {
            guard span.from == next else { break }
            next = span.through == period.through ? nil : span.through.adding(days: 1)
        }
        if own.isEmpty {
            spans.append(Span(from: period.from, through: period.through))
        } else if next != nil {
            throw CaseworkError(.badValue, "publish.overlap")
        }
        var periods: [StatisticsPeriod] = []
        for span in spans { periods.append(try StatisticsPeriod(from: span.from, through: span.through)) }
        return periods
    }

    private struct Span: Hashable {
        var from: CalendarDate
        var through: CalendarDate
    }
}
