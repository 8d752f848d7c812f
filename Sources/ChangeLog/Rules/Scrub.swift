import Merge

/// How far a line has been looked over, so that what a disk has changed or lost is found without anybody asking: first each
/// row is compared with the hash that was taken when it came in, then the records are added up anew and compared with the
/// line's sum.
///
/// Both go on a part at a time, between requests, over days and restarts. The sum of what was added up already is kept, and
/// every write to such a record changes it as it changes the line's own (``LineState/account(_:from:to:)``).
enum Scrub: Hashable, Sendable {
    /// Rows up to this key of the store are what came in.
    case rows(through: Int64)
    /// The records up to this one add up to the sum; nil: none yet.
    case records(through: RecordID?, sum: Fingerprint)

    static let start = Scrub.rows(through: 0)

    mutating func account(_ id: RecordID, from before: UInt128?, to after: UInt128?) {
        guard case .records(let through?, var sum) = self, id <= through else { return }
        if let before { sum.subtract(before) }
        if let after { sum.add(after) }
        self = .records(through: through, sum: sum)
    }
}
