import CCurl
import Support

/// One request on its way: its libcurl handle, the memory libcurl reads, and who waits for the answer.
@safe
final class Transfer: @unchecked Sendable {
    // @unchecked: `waiting` has its lock; the other variables are touched only on the loop's thread.
    typealias Outcome = Result<HTTPClientResponse, HTTPClientError>

    private enum Waiting {
        case notYet
        case waiting(CheckedContinuation<Outcome, Never>)
        case finished
    }

    let request: HTTPClientRequest
    let configuration: HTTPClient.Configuration
    var assembler: ResponseAssembler
    var pace: Pace
    /// Why a callback told libcurl to stop; more exact than the result libcurl then reports.
    var refusal: HTTPClientError?
    var easy: UnsafeMutableRawPointer?
    var headerList: UnsafeMutablePointer<curl_slist>?
    private let waiting = Lock(Waiting.notYet)

    init(request: HTTPClientRequest, configuration: HTTPClient.Configuration) {
        self.request = request
        self.configuration = configuration
        pace = Pace(
            silenceSeconds: request.timeoutSeconds, bodyByteCount: request.body.count,
            now: MonotonicClock.system.nowNanoseconds())
        self.assembler = ResponseAssembler(maximumBodyBytes: request.maximumResponseBytes)
    }

    deinit {
        precondition(unsafe easy == nil, "a transfer was dropped with its handle open")
    }

    var isFinished: Bool {
        waiting.withLock { state in
            if case .finished = state { true } else { false }
        }
    }

    /// Keeps `continuation` until ``finish(_:)``; false, and resumed, when the task was cancelled before.
    func wait(with continuation: CheckedContinuation<Outcome, Never>) -> Bool {
        let isWaiting = waiting.withLock { state in
            guard case .notYet = state else { return false }
            state = .waiting(continuation)
            return true
        }
        if !isWaiting { continuation.resume(returning: .failure(.cancelled)) }
        return isWaiting
    }

    /// Resumes the waiting task; only the first call counts. Any thread.
    func finish(_ outcome: Outcome) {
        let continuation: CheckedContinuation<Outcome, Never>? = waiting.withLock { state in
            defer { state = .finished }
            if case .waiting(let continuation) = state { return continuation }
            return nil
        }
        // Outside the lock: a cancellation handler may hold the task's own lock while it waits for ours.
        continuation?.resume(returning: outcome)
    }

    /// The answer, after libcurl finished with `result`.
    func outcome(of result: CURLcode) -> Outcome {
        if let refusal { return .failure(refusal) }
        guard result == CURLE_OK else { return .failure(unsafe HTTPClientError(result, easy: easy)) }
        var status = 0
        guard let easy = unsafe easy, unsafe ccurl_easy_get_long(easy, CURLINFO_RESPONSE_CODE, &status) == CURLE_OK
        else { return .failure(.internalFailure) }
        guard assembler.hasCompleteHeaders else { return .failure(.cutShort) }
        request.onProgress?(pace.progress)
        return .success(HTTPClientResponse(status: status, headers: assembler.headers, body: assembler.body))
    }

    /// Frees what libcurl holds; the handle must have been removed from the multi handle.
    func releaseHandle() {
        if let easy = unsafe easy { unsafe ccurl_easy_cleanup(easy) }
        if let headerList = unsafe headerList { unsafe ccurl_list_free(headerList) }
        unsafe easy = nil
        unsafe headerList = nil
    }
}
