import Merge

/// A record's stored state, as a damaged file may hold it: what is read is written the same, its entries are in order, and
/// joining two of them is a join. What a change replaces is read by the same rules.
enum StampsHarness {
    static func run(_ bytes: [UInt8]) throws {
        guard let split = bytes.first else { return }
        let middle = min(bytes.count, 1 + Int(split))
        let first = Array(bytes[1..<middle])
        let second = Array(bytes[middle...])
        try replaced(first)
        guard let left = try state(first), let right = try state(second) else { return }
        // A file may hold side by side what could never have come to stand so; joined from nothing it is sound.
        let (one, other) = (joined(RecordState(), left), joined(RecordState(), right))
        let both = joined(one, other)
        try sound(both)
        if haveDotsOfTheirOwn(left, right) {
            try hold(joined(other, one) == both, "joining depends on who joins whom")
        }
        try hold(joined(both, both) == both, "joining with itself changes")
        var written = one
        if let entry = right.entries.first {
            written.join(
                RecordState.Entry(
                    stamp: entry.stamp, fields: entry.fields, replaced: one.replaced(byWriting: entry.fields)))
            try sound(written)
        }
    }

    private static func joined(_ left: RecordState, _ right: RecordState) -> RecordState {
        var result = left
        result.join(right)
        return result
    }

    /// A dot names one change: only a damaged file has two under one.
    private static func haveDotsOfTheirOwn(_ left: RecordState, _ right: RecordState) -> Bool {
        let dots = (left.entries + right.entries).map(\.stamp.dot)
        return Set(dots).count == dots.count
    }

    private static func state(_ bytes: [UInt8]) throws -> RecordState? {
        guard let state = RecordState(encoded: bytes.span) else { return nil }
        // An own dot among the names is left out when it is read.
        try sound(state)
        if state.encoded().count == bytes.count {
            try hold(state.encoded() == bytes, "a stored state is written differently")
        }
        return state
    }

    private static func sound(_ state: RecordState) throws {
        try hold(RecordState(encoded: state.encoded().span) == state, "a state reads differently when written")
        for (entry, next) in zip(state.entries, state.entries.dropFirst()) {
            try hold(entry.stamp > next.stamp, "entries are not in order, or stand twice")
        }
        try hold(!state.entries.contains { $0.fields.isEmpty }, "an entry stands in no field")
    }

    private static func replaced(_ bytes: [UInt8]) throws {
        guard let replaced = ReplacedDots(encoded: bytes.span) else { return }
        try hold(replaced.encoded() == bytes, "what is replaced is written differently")
    }
}
