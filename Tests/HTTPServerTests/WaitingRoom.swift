/// Where handlers wait until a test lets them go, and where the test waits for them to arrive.
actor WaitingRoom {
    private var waiting: [String: CheckedContinuation<Bool, Never>] = [:]
    private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

    /// Waits for `release`; false when the task was cancelled instead.
    func wait(_ name: String) async -> Bool {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                guard !Task.isCancelled else { return continuation.resume(returning: false) }
                waiting[name] = continuation
                for watcher in watchers where watcher.count <= waiting.count {
                    watcher.continuation.resume()
                }
                watchers.removeAll { $0.count <= waiting.count }
            }
        } onCancel: {
            Task { await self.end(name, returning: false) }
        }
    }

    func release(_ name: String) {
        end(name, returning: true)
    }

    /// Returns once this many wait at the same time.
    func untilWaiting(_ count: Int) async {
        guard waiting.count < count else { return }
        await withCheckedContinuation { continuation in
            watchers.append((count, continuation))
        }
    }

    private func end(_ name: String, returning result: Bool) {
        waiting.removeValue(forKey: name)?.resume(returning: result)
    }
}
