import Merge
import TestSupport
import Testing

@Suite("What stands in a record")
struct RecordStateTests {
    @Test("joining is commutative, associative and idempotent, whatever changes claim", arguments: [false, true])
    func join(liars: Bool) {
        for seed in 0..<3_000 as Range<UInt64> {
            var history = RandomChanges(seed: seed, liars: liars)
            func part() -> RecordState {
                history.state(of: history.changes.filter { _ in Bool.random(using: &history.random) })
            }
            let (a, b, c) = (part(), part(), part())
            func joined(_ left: RecordState, _ right: RecordState) -> RecordState {
                var result = left
                result.join(right)
                return result
            }
            #expect(joined(a, b) == joined(b, a), "seed \(seed)")
            #expect(joined(joined(a, b), c) == joined(a, joined(b, c)), "seed \(seed)")
            #expect(joined(a, a) == a, "seed \(seed)")
            #expect(joined(joined(a, b), b) == joined(a, b), "seed \(seed)")
        }
    }

    @Test("the order in which changes come, and how often, does not matter; what stands is what nothing replaces (I7)")
    func definition() {
        for seed in 0..<3_000 as Range<UInt64> {
            var history = RandomChanges(seed: seed, liars: seed % 2 == 1)
            let state = history.state(of: history.changes)
            #expect(history.state(of: history.changes + history.changes) == state, "seed \(seed)")
            let expected = standing(history.changes)
            #expect(state.entries.map(\.stamp) == expected.values.map(\.stamp).sorted(by: >), "seed \(seed)")
            for entry in state.entries {
                #expect(entry.fields == expected[entry.stamp.dot]?.fields, "seed \(seed)")
                #expect(entry.replaced.fields.isSubset(of: entry.fields), "seed \(seed)")
            }
        }
    }

    @Test("joining tells whether anything changed")
    func reporting() {
        for seed in 0..<1_000 as Range<UInt64> {
            var history = RandomChanges(seed: seed, liars: true)
            var state = RecordState()
            for change in history.changes.shuffled(using: &history.random) {
                let before = state
                let isChanged = state.join(change)
                #expect(isChanged == (state != before), "seed \(seed)")
            }
        }
    }

    @Test("two changes that name each other, and themselves, both stand")
    func cycle() {
        let first = entry(1, time: 1, 1, replaced: replaced([1: 1, 2: 1]))
        let second = entry(2, time: 2, 1, replaced: replaced([1: 1, 2: 1]))
        var state = RecordState(first)
        state.join(second)
        var other = RecordState(second)
        other.join(first)
        #expect(state == other)
        #expect(state.entries.map(\.stamp.dot.rawValue) == [2, 1])
        #expect(state.contested == FieldMask(rawValue: 1))
    }

    @Test("who names a change without all that it names makes a conflict")
    func halfNames() {
        let second = entry(2, time: 2, 1, replaced: replaced([1: 1]))
        var state = RecordState(second)
        state.join(entry(3, time: 3, 1, replaced: replaced([2: 1])))
        #expect(state.entries.count == 2)
        state.join(entry(4, time: 1, 1, replaced: replaced([1: 1, 2: 1, 3: 1])))
        #expect(state.entries.map(\.stamp.dot.rawValue) == [4])
    }

    @Test("a change goes only from the fields in which it is replaced")
    func fields() {
        var state = RecordState(entry(1, time: 5, 0b111))
        state.join(entry(2, time: 1, 0b011, replaced: replaced([1: 0b001])))
        #expect(state.fields(of: Dot(rawValue: 1)) == FieldMask(rawValue: 0b110))
        #expect(state.contested == FieldMask(rawValue: 0b010))
        #expect(state.winner(of: 0)?.dot.rawValue == 2)
        #expect(state.winner(of: 1)?.dot.rawValue == 1)
        #expect(state.fieldsWon(by: Dot(rawValue: 2)) == FieldMask(rawValue: 0b001))
        #expect(state.winner(of: 3) == nil)
    }

    @Test("of one dot with two times the lesser counts, whichever comes first")
    func lesserTime() {
        for times in [[9, 3], [3, 9]] as [[UInt64]] {
            var state = RecordState(entry(2, time: 5, 1))
            for time in times { state.join(entry(1, time: time, 1)) }
            #expect(state.entries.map(\.stamp.time.rawValue) == [5, 3])
        }
    }

    @Test("who writes names what it was shown and all that was replaced there, field by field")
    func naming() {
        var state = RecordState(entry(1, time: 1, 0b11))
        state.join(entry(2, time: 2, 0b01, replaced: replaced([1: 0b01])))
        #expect(state.replaced(byWriting: FieldMask(rawValue: 0b01)) == replaced([1: 0b01, 2: 0b01]))
        #expect(state.replaced(byWriting: FieldMask(rawValue: 0b10)) == replaced([1: 0b10]))
        #expect(state.replaced(byWriting: FieldMask(rawValue: 0b100)).isEmpty)
    }

    @Test("a corrected time keeps what stands where, and puts it in its place")
    func correctedTime() {
        var state = RecordState(entry(1, time: 9, 0b110))
        state.join(entry(2, time: 5, 0b010))
        state.setTime(HybridTimestamp(rawValue: 3), of: Dot(rawValue: 1))
        #expect(state.entries == [entry(2, time: 5, 0b010), entry(1, time: 3, 0b110)])
    }

    @Test("what a store holds side by side comes back as the state it was")
    func standingRows() {
        for seed in 0..<500 as Range<UInt64> {
            var history = RandomChanges(seed: seed, liars: true)
            let state = history.state(of: history.changes)
            #expect(RecordState(standing: state.entries.shuffled(using: &history.random)) == state, "seed \(seed)")
        }
    }

    @Test("the stored form comes back as it was, and no damage to it crashes or makes what is no state")
    func bytes() {
        for seed in 0..<300 as Range<UInt64> {
            var history = RandomChanges(seed: seed, liars: true)
            let state = history.state(of: history.changes)
            let bytes = state.encoded()
            #expect(RecordState(encoded: bytes.span) == state)
            var appended: [UInt8] = []
            for entry in state.entries { RecordState.append(entry, to: &appended) }
            #expect(bytes == appended, "seed \(seed)")
            for end in bytes.indices {
                if let shorter = RecordState(encoded: Array(bytes[..<end]).span) {
                    #expect(shorter.entries.count < state.entries.count, "seed \(seed)")
                }
            }
            for _ in 0..<100 {
                var damaged = bytes
                let place = Int.random(in: damaged.indices, using: &history.random)
                damaged[place] ^= UInt8.random(in: 1...255, using: &history.random)
                guard let read = RecordState(encoded: damaged.span) else { continue }
                #expect(zip(read.entries, read.entries.dropFirst()).allSatisfy { $0.stamp > $1.stamp })
                #expect(read.entries.allSatisfy { !$0.fields.isEmpty })
            }
        }
    }
}
