public import ChangeLog
public import HTTPServer
import Sealing
public import Support
public import SyncProtocol
import Trust

/// A line's central server: the endpoints of the protocol over a change log and a registry of who belongs to its lines.
///
/// An ``HTTPServer/HTTPHandler``: give it to an `HTTPServer`, or call it directly in a test.
public struct SyncServer: HTTPHandler {
    let log: any ChangeLog
    let registry: any LineRegistry
    let limits: Limits
    let clock: WallClock
    let logger: Logger
    let service: SyncService
    let registryService: RegistryService
    let limiter: WorkLimiter
    /// Operators' requests are counted apart, so that a workstation is revoked however busy the others keep the server.
    let administration = WorkLimiter(limit: 32)
    let healing = Turns(atOnce: 2, waitingLimit: 512)
    /// A verification reads the whole store.
    let verification = Turns(atOnce: 1, waitingLimit: 8)
    let readiness: Readiness?
    let metrics: Metrics
    let attempts = FailedAttempts()
    let overviews: Overviews
    let conflictLooks = ConflictLooks()
    let host: @Sendable () -> HostFacts
    let commitTimes: DurationHistogram?
    /// Milliseconds since 1970.
    let started: Int64
    let notifier: LineNotifier

    /// - Parameters:
    ///   - workLimit: requests being worked on at once; further ones are asked to come again.
    ///   - readiness: what `/readyz` tells; nil: always ready.
    ///   - host: what operators are told of the computer; asked for each status and each reading of metrics.
    ///   - commitTimes: how long the store's disk takes, for metrics.
    ///   - sleep: how a request that waits for news spends its time, which simulations own.
    public init(
        log: any ChangeLog, registry: any LineRegistry, limits: Limits = Limits(), clock: WallClock = .system,
        logger: Logger = Logger(),
        workLimit: Int = 256, readiness: Readiness? = nil,
        host: @escaping @Sendable () -> HostFacts = { HostFacts() }, commitTimes: DurationHistogram? = nil,
        sleep: @escaping @Sendable (_ milliseconds: UInt64) async throws -> Void = {
            try await Task.sleep(for: .milliseconds($0))
        }
    ) {
        self.log = log
        self.registry = registry
        self.limits = limits
        self.clock = clock
        self.logger = logger
        self.readiness = readiness
        self.host = host
        self.commitTimes = commitTimes
        started = clock.nowMilliseconds()
        let metrics = Metrics(clock: clock)
        self.metrics = metrics
        overviews = Overviews(log: log, clock: clock, logger: logger, history: metrics.history)
        limiter = WorkLimiter(limit: workLimit)
        notifier = LineNotifier(sleep: sleep)
        service = SyncService(
            log: log, limits: limits, clock: clock, notifier: notifier, limiter: limiter, metrics: metrics)
        registryService = RegistryService(registry: registry, clock: clock, notifier: notifier)
    }

    /// Looks over the store a part a minute, everything within a week, until its task is cancelled: see ``Scrubbing``.
    public func scrub() async {
        await Scrubbing(log: log, clock: clock, logger: logger, metrics: metrics).run()
    }

    /// Passes on what the store tells by itself, for as long as it does: where several processes share one, news of the
    /// others' commits. Whoever runs a server on such a store runs this beside it.
    public func followStore() async {
        for await news in log.news() {
            switch news {
            case .advanced(let line, let head): notifier.advanced(line, to: head)
            case .rightsChanged(let line): notifier.rightsChanged(in: line)
            case .wentBack(let line, let head):
                logger.error("line-went-back", ["line": .identifier(line.bytes), "head": .int(head)])
                notifier.wentBack(line, to: head)
            case .replaced(let lackingLines, let isOtherServer, let hasGoneBack):
                logger.error(
                    "store-replaced",
                    [
                        "lackingLines": .int(lackingLines), "otherServer": .bool(isOtherServer),
                        "wentBack": .bool(hasGoneBack),
                    ])
                metrics.storeReplaced()
            }
        }
    }

    // MARK: HTTPHandler

    public func admit(_ head: HTTPRequestHead) -> HTTPAdmission {
        let route: Route
        do throws(Problem) {
            route = try Route(head)
        } catch {
            return .answered(error.response)
        }
        // Answered here, on the polling thread: nothing that is being worked on makes a probe wait.
        if let probe = probe(route) {
            metrics.answered(route.name, probe.status)
            return .answered(probe)
        }
        do {
            return .admitted(try caller(head, route))
        } catch {
            let problem = Problem(error)
            metrics.refused(problem)
            note(problem.status, route)
            return .answered(marked(problem.response, nil))
        }
    }

    private func caller(_ head: HTTPRequestHead, _ route: Route) throws -> HTTPCaller {
        let caller = try identify(head, for: route)
        if route.takesMessage, let type = head.mediaType, type != "application/cbor" { throw Problem.otherMediaType }
        // With our own words: a bare 413 may be anybody's on the way, and no workstation sends less because of it.
        let limit = route.bodyLimitBytes(limits)
        if let length = head.contentLength, length > limit { throw Problem.tooLarge }
        return HTTPCaller(
            identity: caller, account: caller.account, bodyLimitBytes: limit, isBulk: route.isBulk)
    }

    /// Counts and logs a request, without anything of the client.
    private func note(_ status: Int, _ route: Route, _ duration: Duration = .zero) {
        metrics.answered(route.name, status)
        logger.log(
            status >= 500 ? .error : .debug, "request",
            ["route": .word(route.name), "status": .int(status), "duration": .duration(duration)])
    }

    private func probe(_ route: Route) -> HTTPResponse? {
        switch route {
        case .health: .text("ok\n")
        case .ready: readiness?.failure().map { Problem.notReady($0).response } ?? .text("ready\n")
        default: nil
        }
    }

    public func respond(to request: HTTPRequest) async -> HTTPResponse {
        let route: Route
        do throws(Problem) {
            route = try Route(request.head)
        } catch {
            return error.response
        }
        let start = ContinuousClock.now
        let caller = request.identity as? Caller
        let response = marked(await respond(to: request, from: caller, route), caller)
        metrics.carried(route.name, requestBytes: request.body.count, responseBytes: response.body.count)
        // A session measures itself, since it may wait for news.
        if !route.measuresItself { metrics.worked(route.name, ContinuousClock.now - start) }
        note(response.status, route, ContinuousClock.now - start)
        return response
    }

    /// With the ticket for the next request, and how long the line's roster is.
    private func marked(_ response: HTTPResponse, _ caller: Caller?) -> HTTPResponse {
        var response = response
        do {
            response.headers.append(HTTPHeader(Ticket.header, try ticket()))
            if let line = caller?.line, let mark = try registry.mark(of: line) {
                response.headers.append(HTTPHeader(RosterMark.header, mark.text))
            }
        } catch {
            // Who asks goes on with the ticket that they have.
            logger.error("no-ticket")
        }
        return response
    }

    private func respond(to request: HTTPRequest, from caller: Caller?, _ route: Route) async -> HTTPResponse {
        do {
            guard let caller else { throw Problem.unauthorized }
            // Of whatever is signed, the digest is; and nothing is read that is not what was signed.
            if route.audience != .everybody || route.takesMessage,
                !ContentDigest.matches(request.head.header(ContentDigest.name), request.body)
            {
                throw Problem.damaged
            }
            return try await serve(caller, route, request)
        } catch {
            let problem = Problem(error)
            metrics.refused(problem)
            if problem.status >= 500 {
                logger.error("failure", ["status": .int(problem.status), "cause": .word(FailureCause(error).word)])
            }
            return problem.response
        }
    }

    private func serve(_ caller: Caller, _ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse {
        if case .administrator(let administrator) = caller {
            try administration.enter()
            defer { administration.leave() }
            return try await administer(route, request, administrator)
        }
        if case .device(let device) = caller, let answer = try await serveSession(device, route, request) {
            return answer
        }
        try limiter.enter()
        defer { limiter.leave() }
        guard let answer = try await serveRegistry(caller, route, request) else { throw Problem.notFound }
        return answer
    }

    /// Nil where the route is none of the session.
    private func serveSession(
        _ device: Device, _ route: Route, _ request: HTTPRequest
    ) async throws -> HTTPResponse? {
        switch route {
        case .heal:
            let message = try HealRequest(encoded: request.body, limits: limits)
            if message.isFirst {
                metrics.beganHealing()
                logger.warning("heal", ["line": .identifier(message.line.bytes)])
            }
            return try await healing.take { .cbor(try await service.heal(message, from: device).encoded()) }
        case .sync:
            try limiter.enter()
            defer { limiter.leave() }
            let message = try SyncRequest(encoded: request.body, limits: limits)
            return .cbor(try await service.sync(message, from: device).encoded())
        case .desks:
            try limiter.enter()
            defer { limiter.leave() }
            return .cbor(try await service.desks(beside: device).encoded())
        default: return nil
        }
    }
}

extension HTTPResponse {
    static func cbor(_ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [
                HTTPHeader("Content-Type", "application/cbor"), HTTPHeader("Cache-Control", "no-store"),
                HTTPHeader(ContentDigest.name, ContentDigest.value(of: body)),
            ],
            body: body)
    }

    static func text(_ text: String) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }
}
