import Support

/// That something has changed, for whoever shows it: a number that goes up, and a way to wait for the next one.
final class ChangeFeed: Sendable {
    private struct State {
        var number: UInt64 = 0
        var waiting: [UInt64: CheckedContinuation<Void, Never>] = [:]
        var nextKey: UInt64 = 0
        /// Records of the latest notices, with the number that each came with.
        var recent: [(number: UInt64, ids: [String])] = []
    }

    private let state = Lock(State())

    /// How many notices are remembered; who is further behind looks at everything.
    private static let limit = 64

    var number: UInt64 { state.withLock { $0.number } }

    func tell(_ ids: [String]) {
        let waiting = state.withLock { state in
            state.number += 1
            state.recent.append((state.number, ids))
            if state.recent.count > Self.limit { state.recent.removeFirst() }
            defer { state.waiting = [:] }
            return Array(state.waiting.values)
        }
        for continuation in waiting { continuation.resume() }
    }

    /// The ids since a number; nil where that is too long ago.
    func ids(since number: UInt64) -> [String]? {
        state.withLock { state in
            guard number <= state.number else { return nil }
            let missed = state.recent.filter { $0.number > number }
            return UInt64(missed.count) == state.number - number ? missed.flatMap(\.ids) : nil
        }
    }

    /// Returns when there is a number after this one, or the task is cancelled.
    func wait(after number: UInt64) async {
        let key = state.withLock { state in
            state.nextKey += 1
            return state.nextKey
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
                let isOver = state.withLock { state in
                    if state.number > number || Task.isCancelled { return true }
                    state.waiting[key] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            let continuation = state.withLock { $0.waiting.removeValue(forKey: key) }
            continuation?.resume()
        }
    }
}
