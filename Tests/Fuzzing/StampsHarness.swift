import Merge

/// A record's stored stamps, as a damaged file may hold them: what is read is written the same, its entries are in order,
/// and the rules of merging keep them so.
enum StampsHarness {
    static func run(_ bytes: [UInt8]) throws {
        guard let split = bytes.first else { return }
        let middle = min(bytes.count, 1 + Int(split))
        let first = Array(bytes[1..<middle])
        let second = Array(bytes[middle...])
        guard let left = try vector(first), let right = try vector(second) else { return }
        let leftSeen = seen(left)
        let rightSeen = seen(right)
        let joined = left.joined(with: right, seen: leftSeen, otherSeen: rightSeen)
        try sound(joined)
        try hold(
            joined == right.joined(with: left, seen: rightSeen, otherSeen: leftSeen),
            "joining depends on who joins whom")
        try hold(
            joined.joined(with: left, seen: both(leftSeen, rightSeen), otherSeen: leftSeen) == joined,
            "joining again changes")
        var written = left
        if let entry = right.entries.first {
            written.write(stamp: entry.stamp, fields: entry.fields) { rightSeen.contains($0) }
            try sound(written)
        }
    }

    private static func seen(_ vector: StampVector) -> VersionVector {
        vector.entries.reduce(into: VersionVector()) { $0.include($1.stamp) }
    }

    private static func both(_ left: VersionVector, _ right: VersionVector) -> VersionVector {
        var both = left
        both.merge(right)
        return both
    }

    private static func vector(_ bytes: [UInt8]) throws -> StampVector? {
        guard let vector = StampVector(encoded: bytes.span) else { return nil }
        try hold(vector.encoded() == bytes, "stored stamps are written differently")
        try sound(vector)
        return vector
    }

    private static func sound(_ vector: StampVector) throws {
        try hold(StampVector(unsorted: vector.entries) == vector, "stamps are not in order, or stand twice")
        try hold(StampVector(encoded: vector.encoded().span) == vector, "stamps read differently when written")
    }
}
