import Support

/// Lets a few at a time through, in the order in which they came: those that heal must not fill the queue for the store's
/// writer, behind which everybody's ordinary work would wait.
final class Turns: Sendable {
    private struct State {
        var running = 0
        var waiting: [(id: UInt64, continuation: CheckedContinuation<Bool, Never>)] = []
        var nextID: UInt64 = 0
        var cancelled: Set<UInt64> = []
    }
    private let atOnce: Int
    private let waitingLimit: Int
    private let state = Lock(State())

    /// - Parameters:
    ///   - atOnce: how many have their turn at the same time.
    ///   - waitingLimit: how many may wait; further ones are asked to come again.
    init(atOnce: Int, waitingLimit: Int) {
        self.atOnce = atOnce
        self.waitingLimit = waitingLimit
    }

    /// Those that wait now.
    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Runs the body when its turn has come.
    ///
    /// Errors: ``Problem/busy`` when too many wait, or when the server ends before the turn has come.
    func take<Result>(_ body: () async throws -> Result) async throws -> Result {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws {
        let id: UInt64? = try state.withLock { state throws(Problem) in
            if state.running < atOnce {
                state.running += 1
                return nil
            }
            guard state.waiting.count < waitingLimit else { throw .busy }
            state.nextID += 1
            return state.nextID
        }
        guard let id else { return }
        let hasTurn = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return false }
                    // Somebody may have left meanwhile.
                    if state.running < atOnce {
                        state.running += 1
                        return true
                    }
                    state.waiting.append((id, continuation))
                    return nil
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> CheckedContinuation<Bool, Never>? in
                guard let index = state.waiting.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiting.remove(at: index).continuation
            }
            waiter?.resume(returning: false)
        }
        state.withLock { _ = $0.cancelled.remove(id) }
        if !hasTurn { throw Problem.busy }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
