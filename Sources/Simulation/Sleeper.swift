/// Lets tasks sleep in simulated time.
final class Sleeper: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private let timeline: Timeline
    private var sleeping: [Int: Waiter<Void>] = [:]
    private var last = 0

    init(_ timeline: Timeline) { self.timeline = timeline }

    func sleep(_ milliseconds: UInt64) async throws {
        last += 1
        let number = last
        let waiter = Waiter<Void>()
        sleeping[number] = waiter
        timeline.after(Int64(clamping: milliseconds)) { waiter.resolve(.success(())) }
        defer { sleeping[number] = nil }
        try await waiter.value()
    }

    /// Wakes everybody with `CancellationError`: the simulation is over.
    func cancelAll() {
        for number in sleeping.keys.sorted() { sleeping[number]?.resolve(.failure(CancellationError())) }
    }
}
