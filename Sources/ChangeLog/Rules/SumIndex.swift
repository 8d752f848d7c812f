import Merge
import SyncProtocol

/// The sums of a line's records by ranges of about a hundred, so that a healing compares ranges without reading everything:
/// a range's sum is that of the buckets inside it and of what lies at its two ends.
///
/// It is kept in memory and brought up to date by the records that changed since. Cost: 56 bytes for each hundred records.
struct SumIndex: Sendable {
    /// What a store reads: each item of a range with its hash, in order of id.
    typealias Scan = (RecordRange) throws -> [Item]
    struct Item: Hashable, Sendable {
        var id: RecordID
        var hash: UInt128
    }

    struct Bucket: Hashable, Sendable {
        /// Its last id, whether or not anything is held there; nil for the last bucket. It begins behind the one before.
        var through: RecordID?
        var sum: RangeSum
    }

    /// How many items a bucket is made with, and the number above which it is cut again.
    static let bucketItems = 128
    static let mostItems = 256

    private(set) var buckets: [Bucket]

    init(_ scan: Scan) rethrows { buckets = Self.cut(try scan(.all), through: nil) }

    var total: RangeSum { sum(of: buckets.indices) }

    /// Computes the buckets of these records again.
    mutating func update(_ changed: some Sequence<RecordID>, _ scan: Scan) rethrows {
        // From the last on, so that the places of those before stay.
        for place in Set(changed.map(place(of:))).sorted(by: >) {
            let bucket = buckets[place]
            let items = try scan(range(of: place))
            if items.count <= Self.mostItems {
                buckets[place].sum = Self.sum(items)
            } else {
                buckets.replaceSubrange(place...place, with: Self.cut(items, through: bucket.through))
            }
        }
    }

    /// What a range holds, in sum.
    func sum(_ range: RecordRange, _ scan: Scan) rethrows -> RangeSum {
        let first = range.after.map(place(after:)) ?? 0
        let last = range.through.map(place(of:)) ?? buckets.count - 1
        var result = RangeSum()
        var whole = first..<last + 1
        if first == last, !covers(range, first) {
            return Self.sum(try scan(range))
        }
        if !covers(range, first) {
            result = Self.sum(try scan(RecordRange(after: range.after, through: buckets[first].through)))
            whole = first + 1..<last + 1
        }
        if !covers(range, last) {
            result.add(Self.sum(try scan(RecordRange(after: self.range(of: last).after, through: range.through))))
            whole = whole.lowerBound..<last
        }
        result.add(sum(of: whole))
        return result
    }

    // MARK: Parts

    private func range(of place: Int) -> RecordRange {
        RecordRange(after: place == 0 ? nil : buckets[place - 1].through, through: buckets[place].through)
    }

    /// Whether a range holds all of a bucket.
    private func covers(_ range: RecordRange, _ place: Int) -> Bool {
        let bucket = self.range(of: place)
        if let after = range.after {
            guard let own = bucket.after, own >= after else { return false }
        }
        if let through = range.through {
            guard let own = bucket.through, own <= through else { return false }
        }
        return true
    }

    /// The bucket that an id belongs to: the first whose last id is not below it.
    private func place(of id: RecordID) -> Int { firstPlace { $0 >= id } }
    /// The bucket that what comes behind an id belongs to.
    private func place(after id: RecordID) -> Int { firstPlace { $0 > id } }

    private func firstPlace(_ isThere: (RecordID) -> Bool) -> Int {
        var low = 0
        var high = buckets.count - 1
        while low < high {
            let middle = (low + high) / 2
            if let through = buckets[middle].through, !isThere(through) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private func sum(of places: Range<Int>) -> RangeSum {
        var result = RangeSum()
        for place in places { result.add(buckets[place].sum) }
        return result
    }

    private static func sum(_ items: some Sequence<Item>) -> RangeSum {
        var result = RangeSum()
        for item in items { result.add(item.hash) }
        return result
    }

    private static func cut(_ items: [Item], through: RecordID?) -> [Bucket] {
        var buckets: [Bucket] = []
        var start = 0
        repeat {
            let end = min(start + bucketItems, items.count)
            buckets.append(
                Bucket(through: end == items.count ? through : items[end - 1].id, sum: sum(items[start..<end])))
            start = end
        } while start < items.count
        return buckets
    }
}

extension RangeSum {
    mutating func add(_ other: RangeSum) {
        fingerprint.add(other.fingerprint.value)
        count += other.count
    }
}
