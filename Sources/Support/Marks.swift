import Synchronization

/// Counts how often rare places are reached, while somebody asks for it.
///
/// Off unless a simulation turns it on. Cost of a mark when off: one relaxed load, about a nanosecond.
public enum Marks {
    private static let isRecording = Atomic<Bool>(false)
    private static let counts = Lock([UInt64](repeating: 0, count: Mark.allCases.count))

    /// Says that the place was reached.
    @inline(__always)
    public static func reach(_ mark: Mark) {
        guard isRecording.load(ordering: .relaxed) else { return }
        count(mark)
    }

    /// Begins to count, for the whole process.
    public static func record() { isRecording.store(true, ordering: .relaxed) }

    /// How often each place was reached since ``record()``, in the order of declaration.
    public static var reached: [(mark: Mark, count: UInt64)] {
        let counts = counts.withLock { $0 }
        return Mark.allCases.map { ($0, counts[$0.rawValue]) }
    }

    private static func count(_ mark: Mark) { counts.withLock { $0[mark.rawValue] += 1 } }
}
