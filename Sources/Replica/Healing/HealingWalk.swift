import Merge
import SyncProtocol

/// How far one healing has come: which ranges are still to be compared, and which to be joined. Pure; it lives in memory
/// only, and a healing that is interrupted begins anew: what was joined is equal by then.
///
/// Ranges that differ are divided, the latest first, so that what is remembered stays small however much differs.
struct HealingWalk {
    /// Into how many parts a range that differs is divided.
    static let parts = 16
    /// How many ranges are divided for one request: as many as differ, for few round trips, and so few that the request
    /// stays small.
    private static let rangesAtOnce = 64
    /// A range of so few records, most of whose parts differ, is joined as a whole.
    private static let wholeRecords: UInt64 = 64

    /// Where the log stood when it began.
    let start: Cursor
    private var toDivide: [RecordRange] = [.all]
    private(set) var toJoin: [RecordRange] = []
    var report = HealingReport()

    /// - Parameter ids: records to be joined whatever the sums say, in ascending order.
    init(start: Cursor, alsoJoining ids: [RecordID] = []) {
        self.start = start
        toJoin = ids.map { RecordRange(after: $0.predecessor, through: $0) }
    }

    var isDone: Bool { toDivide.isEmpty && toJoin.isEmpty }

    /// The ranges to be divided and compared next.
    var nextToDivide: [RecordRange] { Array(toDivide.suffix(Self.rangesAtOnce)) }

    /// Takes in for which compared ranges the server holds something else, and how much. False if the answer does not fit
    /// the question.
    mutating func receive(_ counts: [UInt64?], for groups: [[ComparedRange]]) -> Bool {
        guard counts.count == groups.reduce(0, { $0 + $1.count }) else { return false }
        toDivide.removeLast(min(groups.count, toDivide.count))
        var rest = counts[...]
        for group in groups {
            sort(group, Array(rest.prefix(group.count)))
            rest = rest.dropFirst(group.count)
        }
        report.comparedRanges += counts.count
        return true
    }

    /// What is left to be joined.
    mutating func joined(leaving rest: [RecordRange]) { toJoin = rest }

    private mutating func sort(_ group: [ComparedRange], _ counts: [UInt64?]) {
        let differing = zip(group, counts).filter { $0.1 != nil }
        let records = group.reduce(0) { $0 + $1.sum.count }
        if let first = group.first, let last = group.last, records <= Self.wholeRecords,
            differing.count > group.count / 2
        {
            return join(RecordRange(after: first.range.after, through: last.range.through))
        }
        for (compared, count) in differing {
            // Nothing to compare where one side has nothing, or this one a single record.
            if count == 0 || compared.sum.count <= 1 {
                join(compared.range)
            } else {
                toDivide.append(compared.range)
            }
        }
    }

    private mutating func join(_ range: RecordRange) {
        // A record that was to be joined in any case is joined with the range.
        toJoin.removeAll { known in known.through.map(range.contains) ?? false }
        toJoin.append(range)
        report.differingRanges += 1
    }
}
