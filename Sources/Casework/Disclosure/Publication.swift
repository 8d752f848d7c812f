public import Merge
public import Replica

/// A report that was published: a part of the line's one series.
public struct Publication: Hashable, Sendable {
    public var id: RecordID
    public var from: CalendarDate
    public var through: CalendarDate
    /// Numbers from 1 up to below this one were hidden.
    public var hiddenBelow: Int
    /// What was printed, by name.
    public var figures: [String: Figure]
    public var at: Timestamp?
    public var by: String

}

extension Publication {
    /// Nil for one that is not whole, or that only a newer version can read.
    init?(_ record: Record) {
        typealias Publications = CaseworkSchema.Publications
        guard let from = record[Publications.from], let through = record[Publications.through], from <= through,
            let limit = record[Publications.hiddenBelow], (2...1_000).contains(limit),
            let text = record[Publications.figures]
        else { return nil }
        id = record.id
        self.from = from
        self.through = through
        hiddenBelow = Int(limit)
        figures = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { return nil }
            if parts[1] == ReportCell.hiddenMark {
                figures[String(parts[0])] = .hidden
            } else if let count = Int(parts[1]), count >= 0 {
                figures[String(parts[0])] = Figure(count)
            } else {
                return nil
            }
        }
        at = record[Publications.at]
        by = record[Publications.by] ?? ""
    }

    static func text(_ figures: [String: Figure]) -> String {
        figures.sorted { $0.key < $1.key }.map { name, figure in
            "\(name)=\(figure.count.map(String.init) ?? ReportCell.hiddenMark)"
        }.joined(separator: "\n")
    }

    /// Whether a day is in both.
    public func overlaps(_ period: StatisticsPeriod) -> Bool { from <= period.through && period.from <= through }
}

/// Whether a report is one of the line's published series.
public enum PublicationState: String, Sendable {
    /// For the team only: it says so on every page.
    case internalUse = "internal"
    case published
}
