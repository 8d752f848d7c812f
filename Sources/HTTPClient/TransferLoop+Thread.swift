import CCurl
import Support

extension TransferLoop {
    /// Starts the thread, which holds the loop alive; nil when the system has no thread to give.
    func startThread() -> SystemThread? { SystemThread { [self] in run() } }

    private func run() {
        var active: [UnsafeMutableRawPointer: Transfer] = unsafe [:]
        let failure: HTTPClientError
        do throws(HTTPClientError) {
            let multi = unsafe try openMulti()
            failure = unsafe runTransfers(multi, &active)
            for unsafe(easy, transfer) in unsafe active {
                unsafe drop(transfer, easy, multi)
                transfer.finish(.failure(failure))
            }
            state.withLock { state in unsafe state.multi = nil }
            _ = unsafe ccurl_multi_cleanup(multi)
        } catch {
            failure = error
        }
        leave(failure)
    }

    /// Serves until the loop is closed or libcurl fails; returns the reason.
    private func runTransfers(
        _ multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: Transfer]
    ) -> HTTPClientError {
        while true {
            let (isClosed, submitted, cancelled) = takeCommands()
            for transfer in submitted { unsafe add(transfer, multi, &active) }
            for transfer in cancelled {
                guard let easy = unsafe transfer.easy else { continue }
                unsafe active[easy] = nil
                unsafe drop(transfer, easy, multi)
            }
            if isClosed { return .closed }
            var running: Int32 = 0
            guard unsafe ccurl_multi_perform(multi, &running) == CURLM_OK else { return .internalFailure }
            var result = CURLE_OK
            while let easy = unsafe ccurl_multi_next_finished(multi, &result) {
                guard let transfer = unsafe active.removeValue(forKey: easy) else { continue }
                let outcome = transfer.outcome(of: result)
                unsafe drop(transfer, easy, multi)
                transfer.finish(outcome)
            }
            let pause = unsafe endSilent(&active, multi)
            // Sleeps without a transfer too: only a wake-up ends that. libcurl's own timers shorten it.
            guard unsafe ccurl_multi_poll(multi, pause) == CURLM_OK else { return .internalFailure }
        }
    }

    /// Ends the transfers that were silent for too long; the milliseconds until the next one may have been.
    private func endSilent(
        _ active: inout [UnsafeMutableRawPointer: Transfer], _ multi: UnsafeMutableRawPointer
    ) -> Int32 {
        let now = MonotonicClock.system.nowNanoseconds()
        var next = Int64.max
        for unsafe(easy, transfer) in unsafe active {
            let deadline = transfer.pace.deadline
            if deadline > now {
                next = min(next, deadline)
                continue
            }
            unsafe active[easy] = nil
            unsafe drop(transfer, easy, multi)
            transfer.finish(.failure(.silent))
        }
        return next == .max ? .max : Int32(clamping: (next - now) / 1_000_000 + 1)
    }

    private func openMulti() throws(HTTPClientError) -> UnsafeMutableRawPointer {
        switch ccurl_load() {
        case CCURL_LOADED: break
        case CCURL_LIBRARY_MISSING:
            throw HTTPClientError(.libraryMissing, "libcurl cannot be loaded; install libcurl3-gnutls")
        default:
            throw HTTPClientError(
                .libraryMissing, "libcurl cannot be used; install libcurl3-gnutls, 7.85 or newer")
        }
        guard let multi = unsafe ccurl_multi_init() else { throw .internalFailure }
        // The default, four times the transfers under way, closes good connections after a burst.
        _ = unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, 8)
        state.withLock { state in unsafe state.multi = multi }
        return unsafe multi
    }

    private func takeCommands() -> (isClosed: Bool, submitted: [Transfer], cancelled: [Transfer]) {
        state.withLock { state in
            var isClosed = false
            if case .closed = state.phase { isClosed = true }
            defer {
                state.cancelled = []
                if !isClosed { state.submitted = [] }
            }
            // After closing, what was not begun is left for leave() to fail.
            return (isClosed, isClosed ? [] : state.submitted, state.cancelled)
        }
    }

    private func add(
        _ transfer: Transfer, _ multi: UnsafeMutableRawPointer, _ active: inout [UnsafeMutableRawPointer: Transfer]
    ) {
        guard !transfer.isFinished else { return }
        do throws(HTTPClientError) {
            try transfer.prepareHandle()
            guard let easy = unsafe transfer.easy, unsafe ccurl_multi_add(multi, easy) == CURLM_OK else {
                throw .internalFailure
            }
            unsafe active[easy] = transfer
        } catch {
            transfer.releaseHandle()
            transfer.finish(.failure(error))
        }
    }

    private func drop(_ transfer: Transfer, _ easy: UnsafeMutableRawPointer, _ multi: UnsafeMutableRawPointer) {
        let result = unsafe ccurl_multi_remove(multi, easy)
        precondition(result == CURLM_OK, "curl_multi_remove_handle failed")
        transfer.releaseHandle()
    }

    /// Fails what is still queued. After a failure the next request starts a new thread.
    private func leave(_ failure: HTTPClientError) {
        let waiting = state.withLock { state in
            if case .running(let thread) = state.phase {
                thread.detach()
                state.phase = .idle
            }
            defer {
                state.submitted = []
                state.cancelled = []
            }
            return state.submitted
        }
        for transfer in waiting { transfer.finish(.failure(failure)) }
    }
}
