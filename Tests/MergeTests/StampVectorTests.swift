import Merge
import Sealing
import TestSupport
import Testing

/// A side of a causal history: a record's stamps, and what the side has seen.
private struct Side: Equatable {
    var vector = StampVector()
    var seen = VersionVector()
    var clock = HybridLogicalClock()
    var replica: ReplicaID

    mutating func write(_ fields: FieldMask, wall: Int64) throws {
        let stamp = Stamp(time: try clock.tick(wallMilliseconds: wall), replica: replica)
        // A side has seen all that it holds, and all that its vector says.
        vector.write(stamp: stamp, fields: fields) { _ in true }
        seen.include(stamp)
    }

    func joined(with other: Side) -> Side {
        var result = self
        result.vector = vector.joined(with: other.vector, seen: seen, otherSeen: other.seen)
        result.seen.merge(other.seen)
        for time in result.seen.times.values { result.clock.receive(time) }
        return result
    }
}

@Suite("Stamp vectors")
struct StampVectorTests {
    /// Sides with a random common past.
    private func sides(_ seed: UInt64, count: Int = 4) throws -> [Side] {
        var random = SplitMix64(seed: seed)
        var sides = (0..<count).map { Side(replica: ReplicaID(rawValue: UInt64($0 + 1) &* 0x1234_5678_9ABC)) }
        for _ in 0..<Int.random(in: 1...25, using: &random) {
            let index = Int.random(in: 0..<count, using: &random)
            if Bool.random(using: &random) {
                try sides[index].write(
                    FieldMask(rawValue: UInt64.random(in: 1...15, using: &random)),
                    wall: Int64.random(in: 0...50, using: &random))
            } else {
                sides[index] = sides[index].joined(with: sides.randomElement(using: &random)!)
            }
        }
        return sides
    }

    @Test("joining is commutative, associative and idempotent", arguments: 0..<3_000 as Range<UInt64>)
    func join(seed: UInt64) throws {
        let (a, b, c) = try {
            let s = try sides(seed); return (s[0], s[1], s[2])
        }()
        #expect(a.joined(with: b).vector == b.joined(with: a).vector, "seed \(seed)")
        #expect(a.joined(with: b).joined(with: c).vector == a.joined(with: b.joined(with: c)).vector, "seed \(seed)")
        #expect(a.joined(with: a) == a, "seed \(seed)")
        let both = a.joined(with: b)
        #expect(both.joined(with: b).vector == both.vector, "seed \(seed)")
    }

    @Test(
        "the value is the greatest stamp of all writes of the field, and nobody's unseen write is lost (I7)",
        arguments: 0..<500 as Range<UInt64>)
    func nothingLost(seed: UInt64) throws {
        let all = try sides(seed).dropFirst().reduce(try sides(seed)[0]) { $0.joined(with: $1) }
        for side in try sides(seed) {
            for entry in side.vector.entries {
                try entry.fields.forEach { (field: Int) throws in
                    let winner = try #require(all.vector.winner(of: field))
                    #expect(winner >= entry.stamp, "seed \(seed)")
                }
            }
        }
    }

    @Test("receiving is idempotent, and order does not matter where nothing was replaced")
    func receive() {
        let replicas = (1...4).map { ReplicaID(rawValue: $0) }
        let entries = replicas.map { replica in
            StampVector.Entry(
                stamp: Stamp(time: HybridTimestamp(milliseconds: Int64(replica.rawValue)), replica: replica),
                fields: FieldMask(rawValue: 3))
        }
        func receive(_ order: [Int]) -> StampVector {
            order.reduce(into: StampVector()) { vector, index in
                vector.receive(
                    stamp: entries[index].stamp, fields: entries[index].fields,
                    siblings: entries.filter { $0 != entries[index] }, isPending: { _ in false })
            }
        }
        let expected = receive([0, 1, 2, 3])
        #expect(expected.entries.count == 4)
        #expect(receive([3, 1, 0, 2]) == expected)
        #expect(receive([0, 0, 3, 1, 2, 2, 0, 3]) == expected)
    }

    @Test("a live change replaces what its siblings do not name, but never a write of ours that waits")
    func receiveReplaces() {
        let old = Stamp(time: HybridTimestamp(milliseconds: 1), replica: ReplicaID(rawValue: 1))
        let mine = Stamp(time: HybridTimestamp(milliseconds: 2), replica: ReplicaID(rawValue: 2))
        let new = Stamp(time: HybridTimestamp(milliseconds: 3), replica: ReplicaID(rawValue: 3))
        var vector = StampVector(unsorted: [
            .init(stamp: old, fields: .init(rawValue: 1)), .init(stamp: mine, fields: .init(rawValue: 1)),
        ])!
        vector.receive(stamp: new, fields: .init(rawValue: 1), siblings: [], isPending: { $0 == mine })
        #expect(vector.entries.map(\.stamp) == [new, mine])
        #expect(vector.contested == FieldMask(rawValue: 1))
        let taken = vector.receive(
            stamp: old, fields: .init(rawValue: 1), siblings: [], isPending: { $0 == mine },
            seenByPending: .init(rawValue: 1))
        #expect(taken.isEmpty)
    }

    @Test("the stored form comes back as it was, and no damage to it goes unnoticed or crashes")
    func bytes() throws {
        var random = SplitMix64(seed: 7)
        for seed in 0..<300 as Range<UInt64> {
            let vector = try sides(seed)[0].vector
            let bytes = vector.encoded()
            #expect(StampVector(encoded: bytes.span) == vector)
            for end in bytes.indices where end % 17 != 0 || end > 0 {
                if let shorter = StampVector(encoded: Array(bytes[..<end]).span) {
                    #expect(shorter.entries.count < vector.entries.count)
                }
            }
            guard !bytes.isEmpty else { continue }
            for _ in 0..<50 {
                var damaged = bytes
                damaged[Int.random(in: damaged.indices, using: &random)] ^= UInt8.random(in: 1...255, using: &random)
                _ = StampVector(encoded: damaged.span)
            }
        }
    }

    @Test("a record's fingerprint depends on its state and on nothing else; sums do not depend on order (I1)")
    func fingerprint() throws {
        let hasher = ItemHasher(Blake2b.hash128)
        let ids = (0..<50).map { RecordID(milliseconds: $0, randomHigh: UInt64($0), randomLow: 1) }
        let hashes =
            ids.map { hasher.record($0, collection: 1, entries: []) } + ids.map { hasher.note($0, collection: 1) }
            + ids.map { hasher.tombstone($0) }
        #expect(Set(hashes).count == 150)
        var forwards = Fingerprint()
        var backwards = Fingerprint()
        hashes.forEach { forwards.add($0) }
        hashes.reversed().forEach { backwards.add($0) }
        #expect(forwards == backwards)
        hashes.forEach { backwards.subtract($0) }
        #expect(backwards == Fingerprint())
    }

    @Test("notes are a set: their union is commutative, associative and idempotent")
    func notes() {
        let hasher = ItemHasher(Blake2b.hash128)
        var random = SplitMix64(seed: 3)
        for _ in 0..<200 {
            let sets = (0..<3).map { _ in Set((0..<20).map { _ in UInt64.random(in: 0..<30, using: &random) }) }
            func sum(_ set: Set<UInt64>) -> Fingerprint {
                set.reduce(into: Fingerprint()) { $0.add(hasher.note(RecordID(high: 1, low: $1), collection: 3)) }
            }
            #expect(sum(sets[0].union(sets[1])) == sum(sets[1].union(sets[0])))
            #expect(sum(sets[0].union(sets[1]).union(sets[2])) == sum(sets[0].union(sets[1].union(sets[2]))))
            #expect(sum(sets[0].union(sets[0])) == sum(sets[0]))
        }
    }

    @Test("new stamps keep content and order of fields")
    func restamp() {
        let old = Stamp(time: HybridTimestamp(milliseconds: 9), replica: ReplicaID(rawValue: 1))
        let other = Stamp(time: HybridTimestamp(milliseconds: 5), replica: ReplicaID(rawValue: 2))
        let new = Stamp(time: HybridTimestamp(milliseconds: 3), replica: ReplicaID(rawValue: 1))
        var vector = StampVector(unsorted: [
            .init(stamp: old, fields: .init(rawValue: 6)), .init(stamp: other, fields: .init(rawValue: 2)),
        ])!
        vector.restamp { $0 == old ? new : nil }
        #expect(
            vector.entries == [
                .init(stamp: other, fields: .init(rawValue: 2)), .init(stamp: new, fields: .init(rawValue: 6)),
            ])
    }

    @Test("ids and replicas read what they write, and nothing else")
    func texts() {
        let id = RecordID(milliseconds: 1_700_000_000_000, randomHigh: .max, randomLow: .max)
        #expect(RecordID(id.description) == id)
        #expect(id.description == "018bcfe5-6800-7fff-bfff-ffffffffffff")
        for bad in ["", "018bcfe5", "018bcfe5-6800-7fff-bfff-fffffffffffg", "018bcfe5-6800-7fff-bfff-ffffffffffff0"] {
            #expect(RecordID(bad) == nil)
        }
        #expect(ReplicaID("00000000000000ff") == ReplicaID(rawValue: 255))
        #expect(ReplicaID("+0000000000000ff") == nil)
        #expect(ReplicaID("ff") == nil)
    }
}
