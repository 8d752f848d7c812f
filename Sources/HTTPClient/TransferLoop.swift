import CCurl
import Support

/// Hands transfers to the one thread that runs them, which lives from the first transfer to ``close()``.
///
/// Continuations are never resumed while `state` is locked: a cancellation handler, which takes the
/// lock, may run while the task's own lock is held.
final class TransferLoop: Sendable {
    /// Guarded by the lock. The thread alone uses the multi handle, except for waking it.
    @safe
    struct State: @unchecked Sendable {
        // @unchecked: the pointers are values here; the lock orders their use.
        enum Phase {
            case idle
            case running(SystemThread)
            case closed
        }

        var phase = Phase.idle
        var multi: UnsafeMutableRawPointer?
        var submitted: [Transfer] = []
        var cancelled: [Transfer] = []

        func wake() {
            // Without a multi handle the thread is still starting and will look at the queue anyway.
            guard let multi = unsafe multi else { return }
            let result = unsafe ccurl_multi_wakeup(multi)
            precondition(result == CURLM_OK, "curl_multi_wakeup failed")
        }
    }

    let state = Lock(State())

    func submit(_ transfer: Transfer) {
        let refusal: HTTPClientError? = state.withLock { state in
            if case .closed = state.phase { return .closed }
            if case .idle = state.phase {
                guard let thread = startThread() else { return .internalFailure }
                state.phase = .running(thread)
            }
            state.submitted.append(transfer)
            state.wake()
            return nil
        }
        if let refusal { transfer.finish(.failure(refusal)) }
    }

    /// Makes the thread drop `transfer`, whose task has already been resumed.
    func cancel(_ transfer: Transfer) {
        state.withLock { state in
            guard case .running = state.phase else { return }
            state.cancelled.append(transfer)
            state.wake()
        }
    }

    /// Ends everything and waits for the thread, unless it is the thread that calls.
    func close() {
        let thread: SystemThread? = state.withLock { state in
            defer { state.phase = .closed }
            guard case .running(let thread) = state.phase else { return nil }
            state.wake()
            return thread
        }
        guard let thread = thread else { return }
        if thread.isCurrent { thread.detach() } else { thread.join() }
    }
}
