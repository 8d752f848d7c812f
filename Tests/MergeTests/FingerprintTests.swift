import Merge
import Sealing
import TestSupport
import Testing

@Suite("Fingerprints and ids")
struct FingerprintTests {
    let hasher = ItemHasher(Blake2b.hash128)

    @Test("each kind of item has hashes of its own, and sums do not depend on order (I1)")
    func sums() {
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

    @Test("a record's hash counts its writes, their times and fields, and not what they replace")
    func record() {
        let id = RecordID(high: 1, low: 2)
        func hash(time: UInt64 = 5, dot: UInt64 = 6, fields: UInt64 = 7, names: UInt64? = nil) -> UInt128 {
            var replaced = ReplacedDots()
            if let names { replaced.insert(Dot(rawValue: names), fields: FieldMask(rawValue: 1)) }
            return hasher.record(id, collection: 1, entries: [entry(dot, time: time, fields, replaced: replaced)])
        }
        #expect(Set([hash(), hash(time: 4), hash(dot: 5), hash(fields: 3)]).count == 4)
        #expect(hash(names: 9) == hash())
        #expect(hash() == hasher.record(id, collection: 1, entry: entry(6, time: 5, 7)))
    }

    @Test("notes are a set: their union is commutative, associative and idempotent")
    func notes() {
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
