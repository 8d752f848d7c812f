internal import CMicroHTTPD
import Support
import Synchronization

/// The running MHD daemon: starts it, hands requests to the handler, stops it.
///
/// MHD holds a reference from start to stop, so a daemon that is not stopped stays.
final class Daemon: Sendable {
    @safe
    struct State {
        /// MHD_Daemon while it runs.
        var handle: OpaquePointer?
        /// Exchanges with a suspended connection and a handler at work. Each knows its place.
        var working: [Exchange] = []
        /// Exchanges whose handler has answered but whose answer is not yet sent. May be -1 for a moment when an
        /// answer is sent before its task has left `finish`.
        var answering = 0
        var stop: Task<Void, Never>?
        /// Resumed when there is nothing left to wait for, or the time is up.
        var idleWaiter: CheckedContinuation<Void, Never>?
        /// What `idleWaiter` waits for: handlers to finish, or answers to be sent too.
        var waitsForAnswers = false

        var isIdle: Bool {
            working.isEmpty && (!waitsForAnswers || answering == 0)
        }
    }

    let handler: any HTTPHandler
    let links: LinkRegistry
    let bodies: BodyBudget
    let certificate: Certificate?
    let state = Lock(State())
    /// Read on every request without the lock; set under it.
    let isStopping = Atomic<Bool>(false)
    /// Exchange objects in memory.
    let liveExchanges = Atomic<Int>(0)
    private let watch: LinkWatch
    private let stopTimeoutSeconds: Int
    /// Memory per connection; also bounds the head of a request. MHD clears all of it between two requests, which
    /// makes its default of 32 KiB cost a third of the throughput of small requests.
    private static let connectionMemoryBytes = 16 * 1024

    init(_ configuration: HTTPServer.Configuration, handler: any HTTPHandler) throws(HTTPServerError) {
        self.handler = handler
        certificate = try configuration.tls.map { tls throws(HTTPServerError) in try Certificate(tls) }
        links = LinkRegistry(
            pace: .init(
                headSeconds: configuration.headTimeoutSeconds,
                idleSeconds: Double(configuration.connectionTimeoutSeconds),
                bodyBytesPerSecond: configuration.bodyBytesPerSecond,
                bodyGraceSeconds: configuration.bodyGraceSeconds),
            limit: configuration.connectionLimit, certificate: certificate)
        bodies = BodyBudget(limitBytes: configuration.bodyMemoryBytes)
        watch = try LinkWatch(
            links, intervalSeconds: min(configuration.headTimeoutSeconds, configuration.bodyGraceSeconds) / 4)
        stopTimeoutSeconds = configuration.stopTimeoutSeconds
    }

    func start(
        on socket: consuming ListeningSocket, _ configuration: HTTPServer.Configuration
    ) throws(HTTPServerError) {
        var options = unsafe lugn_mhd_options()
        unsafe options.thread_count = UInt32(configuration.threads)
        unsafe options.connection_limit = UInt32(configuration.connectionLimit)
        unsafe options.timeout_seconds = UInt32(configuration.connectionTimeoutSeconds)
        unsafe options.connection_memory_bytes = Self.connectionMemoryBytes
        unsafe options.accept = Self.acceptCallback
        unsafe options.notify = Self.notifyCallback
        unsafe options.receive = Self.receiveCallback
        unsafe options.complete = Self.completeCallback
        if certificate != nil { unsafe options.find_slot = Self.findSlot }
        // MHD's reference to self, released by `performStop`.
        let context = unsafe Unmanaged.passRetained(self)
        unsafe options.context = unsafe context.toOpaque()
        unsafe options.listening_socket = socket.take()
        guard let handle = unsafe lugn_mhd_start(&options) else {
            unsafe context.release()
            watch.stop()
            throw HTTPServerError(.startFailed, "the polling threads could not be started")
        }
        state.withLock { unsafe $0.handle = unsafe handle }
    }

    /// Starts a handler for a complete request, with the connection suspended until it has answered.
    /// On the connection's polling thread.
    func dispatch(_ exchange: Exchange) {
        links.handlerBegan(exchange.link)
        // Before the task exists, so that no response can ask for a connection to be resumed that is not suspended.
        unsafe MHD_suspend_connection(exchange.connection)
        exchange.isDispatched = state.withLock { state in
            guard !self.isStopping.load(ordering: .relaxed) else { return false }
            exchange.workingIndex = state.working.count
            state.working.append(exchange)
            return true
        }
        guard exchange.isDispatched else {
            // The stop began after the head was admitted and does not wait for this exchange. It cannot overtake
            // it either: MHD closes connections on this thread.
            exchange.response = HTTPResponse(status: 503)
            return unsafe MHD_resume_connection(exchange.connection)
        }
        // Not made under the lock: to wake a thread for it takes much longer than everything else done there.
        let task = Task {
            let response = await self.handler.respond(to: exchange.takeRequest())
            self.finish(exchange, response)
        }
        let isLate = state.withLock { state in
            // Unless it has finished already.
            if exchange.workingIndex != nil { exchange.task = task }
            return self.isStopping.load(ordering: .relaxed)
        }
        if isLate { task.cancel() }
    }

    /// Hands a response to the polling thread. On the exchange's task.
    private func finish(_ exchange: Exchange, _ response: HTTPResponse) {
        exchange.response = response
        unsafe MHD_resume_connection(exchange.connection)
        // Leaves `working` only now: MHD must not be stopped while MHD_resume_connection uses it.
        let waiter = state.withLock { state in
            if let index = exchange.workingIndex {
                let last = state.working.removeLast()
                if last !== exchange {
                    last.workingIndex = index
                    state.working[index] = last
                }
            }
            exchange.workingIndex = nil
            exchange.task = nil
            state.answering += 1
            return Self.waiterIfIdle(&state)
        }
        waiter?.resume()
    }

    /// Takes note that MHD is done with a request. On the connection's polling thread.
    func complete(_ exchange: Exchange) {
        links.requestEnded(exchange.link)
        guard exchange.isDispatched else { return }
        let waiter = state.withLock { state in
            state.answering -= 1
            return Self.waiterIfIdle(&state)
        }
        waiter?.resume()
    }

    /// Starts the stop unless it has started; the task ends when everything is closed.
    @discardableResult
    func beginStop() -> Task<Void, Never> {
        state.withLock { state in
            if let stop = state.stop { return stop }
            let stop = Task { await self.performStop() }
            state.stop = stop
            return stop
        }
    }

    private func performStop() async {
        // MHD_quiesce_daemon is not used: with a thread pool on epoll, MHD 0.9.75 lets the caller and the polling
        // thread both take the listening socket out of the same epoll set and aborts the process when the second
        // of them finds it gone (daemon.c, MHD_quiesce_daemon and MHD_epoll). Closing connections as they are
        // accepted does the same for clients.
        let tasks = state.withLock { state in
            self.isStopping.store(true, ordering: .sequentiallyConsistent)
            return state.working.compactMap(\.task)
        }
        for task in tasks {
            task.cancel()
        }
        await waitUntilIdle(includingAnswers: false)
        let timeout = Task {
            do {
                try await Task.sleep(for: .seconds(self.stopTimeoutSeconds))
                self.endWait()
            } catch {
                // Cancelled: the answers were sent in time.
            }
        }
        await waitUntilIdle(includingAnswers: true)
        timeout.cancel()

        let handle = unsafe state.withLock { state in
            let handle = unsafe state.handle
            unsafe state.handle = nil
            return unsafe handle
        }
        if let handle = unsafe handle {
            // Joins the polling threads. They wait for nothing but the network, and are woken.
            unsafe MHD_stop_daemon(handle)
            watch.stop()
            unsafe Unmanaged.passUnretained(self).release()
        }
    }

    private func waitUntilIdle(includingAnswers: Bool) async {
        await withCheckedContinuation { continuation in
            let waiter: CheckedContinuation<Void, Never>? = state.withLock { state in
                state.waitsForAnswers = includingAnswers
                state.idleWaiter = continuation
                return Self.waiterIfIdle(&state)
            }
            waiter?.resume()
        }
    }

    private func endWait() {
        let waiter = state.withLock { state in
            let waiter = state.idleWaiter
            state.idleWaiter = nil
            return waiter
        }
        waiter?.resume()
    }

    private static func waiterIfIdle(_ state: inout State) -> CheckedContinuation<Void, Never>? {
        guard state.isIdle, let waiter = state.idleWaiter else { return nil }
        state.idleWaiter = nil
        return waiter
    }
}
