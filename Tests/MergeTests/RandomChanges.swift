import Merge
import TestSupport

func entry(_ dot: UInt64, time: UInt64, _ fields: UInt64, replaced: ReplacedDots = .none) -> RecordState.Entry {
    RecordState.Entry(
        stamp: Stamp(time: HybridTimestamp(rawValue: time), dot: Dot(rawValue: dot)),
        fields: FieldMask(rawValue: fields), replaced: replaced)
}

func replaced(_ names: [UInt64: UInt64]) -> ReplacedDots {
    names.reduce(into: ReplacedDots()) { $0.insert(Dot(rawValue: $1.key), fields: FieldMask(rawValue: $1.value)) }
}

/// Changes of one record by several desks, some of which name what they like.
struct RandomChanges {
    var changes: [RecordState.Entry] = []
    var random: SplitMix64

    /// Honest desks name what a random part of the changes before showed them, and all that those name.
    init(seed: UInt64, liars: Bool) {
        random = SplitMix64(seed: seed)
        for dot in 1...UInt64.random(in: 1...9, using: &random) {
            let fields = FieldMask(rawValue: .random(in: 1...7, using: &random))
            let time = UInt64.random(in: 1...6, using: &random)
            let stamp = Stamp(time: HybridTimestamp(rawValue: time), dot: Dot(rawValue: dot))
            changes.append(
                RecordState.Entry(
                    stamp: stamp, fields: fields,
                    replaced: liars && Bool.random(using: &random) ? lie(fields) : seen().replaced(byWriting: fields)))
        }
        if !liars { return }
        // A commit whose clock was corrected while its answer was lost exists with two times.
        var other = changes.randomElement(using: &random)!
        other.stamp.time = HybridTimestamp(rawValue: .random(in: 1...6, using: &random))
        changes.append(other)
    }

    private mutating func seen() -> RecordState {
        var state = RecordState()
        for change in changes where Bool.random(using: &random) { state.join(change) }
        return state
    }

    /// Any dots, those of later changes and its own among them: cycles come about.
    private mutating func lie(_ fields: FieldMask) -> ReplacedDots {
        var names = ReplacedDots()
        for dot in 1...9 as ClosedRange<UInt64> where Int.random(in: 0..<3, using: &random) == 0 {
            let mask = FieldMask(rawValue: .random(in: 0...7, using: &random)).intersection(fields)
            names.insert(Dot(rawValue: dot), fields: mask)
        }
        return names
    }

    mutating func state(of changes: [RecordState.Entry]) -> RecordState {
        changes.shuffled(using: &random).reduce(into: RecordState()) { $0.join($1) }
    }
}

/// What stands by the definition alone: in each field, the changes that no other one replaces.
func standing(_ changes: [RecordState.Entry]) -> [Dot: (stamp: Stamp, fields: FieldMask)] {
    var known: [Dot: RecordState.Entry] = [:]
    for change in changes {
        let time = min(change.stamp.time, known[change.stamp.dot]?.stamp.time ?? change.stamp.time)
        known[change.stamp.dot] = change
        known[change.stamp.dot]?.stamp.time = time
    }
    func names(_ change: RecordState.Entry, _ field: Int) -> Set<Dot> {
        Set(change.replaced.elements.filter { $0.fields.contains(field) }.map(\.dot)).subtracting([change.stamp.dot])
    }
    var result: [Dot: (stamp: Stamp, fields: FieldMask)] = [:]
    for change in known.values {
        for field in 0..<FieldMask.capacity where change.fields.contains(field) {
            let isReplaced = known.values.contains { other in
                other.fields.contains(field)
                    && names(other, field).isSuperset(of: names(change, field).union([change.stamp.dot]))
            }
            if isReplaced { continue }
            result[change.stamp.dot, default: (change.stamp, .empty)].fields.insert(field)
        }
    }
    return result
}
