/// One value that one task waits for. The first to resolve it wins; later ones change nothing.
final class Waiter<Value: Sendable>: @unchecked Sendable {
    // @unchecked: confined to its simulation's thread.
    private var continuation: CheckedContinuation<Value, any Error>?
    private var result: Result<Value, any Error>?

    var isResolved: Bool { result != nil }

    /// Suspends until there is a result. A task that is cancelled gets `CancellationError`.
    func value() async throws -> Value {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                if let result { return continuation.resume(with: result) }
                self.continuation = continuation
            }
        } onCancel: {
            resolve(.failure(CancellationError()))
        }
    }

    func resolve(_ result: Result<Value, any Error>) {
        if isResolved { return }
        self.result = result
        continuation?.resume(with: result)
        continuation = nil
    }
}
