public import ChangeLog
public import HTTPServer
public import Support
public import SyncProtocol

/// A line's central server: the endpoints of the protocol over a change log.
///
/// An ``HTTPServer/HTTPHandler``: give it to an `HTTPServer`, or call it directly in a test.
public struct SyncServer: HTTPHandler {
    let log: any ChangeLog
    let limits: Limits
    let clock: WallClock
    let logger: Logger
    let service: SyncService
    let limiter: WorkLimiter
    let metrics = Metrics()
    let notifier: LineNotifier

    /// - Parameters:
    ///   - workLimit: requests being worked on at once; further ones are asked to come again.
    ///   - sleep: how a request that waits for news spends its time, which simulations own.
    public init(
        log: any ChangeLog, limits: Limits = Limits(), clock: WallClock = .system, logger: Logger = Logger(),
        workLimit: Int = 256,
        sleep: @escaping @Sendable (_ milliseconds: UInt64) async throws -> Void = {
            try await Task.sleep(for: .milliseconds($0))
        }
    ) {
        self.log = log
        self.limits = limits
        self.clock = clock
        self.logger = logger
        limiter = WorkLimiter(limit: workLimit)
        notifier = LineNotifier(sleep: sleep)
        service = SyncService(
            log: log, limits: limits, clock: clock, notifier: notifier, limiter: limiter, metrics: metrics)
    }

    // MARK: HTTPHandler

    public func admit(_ head: HTTPRequestHead) -> HTTPResponse? {
        do throws(Problem) {
            let route = try Route(head)
            if route.needsToken, head.bearerToken == nil { throw .unauthorized }
            // With our own words: a bare 413 may be anybody's on the way, and no workstation sends less because of it.
            if let length = head.contentLength, length > bodyLimitBytes(for: head) { throw .tooLarge }
            return nil
        } catch {
            return error.response
        }
    }

    public func bodyLimitBytes(for head: HTTPRequestHead) -> Int {
        switch try? Route(head) {
        case .sync, .heal: limits.requestBytes
        default: 16 * 1_024
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
        let response = await respond(to: request, route)
        metrics.answered(route.name, response.status)
        let duration = LogValue.duration(ContinuousClock.now - start)
        if response.status >= 500 {
            logger.error(
                "request", ["route": .word(route.name), "status": .int(response.status), "duration": duration])
        } else {
            logger.debug(
                "request", ["route": .word(route.name), "status": .int(response.status), "duration": duration])
        }
        return response
    }

    private func respond(to request: HTTPRequest, _ route: Route) async -> HTTPResponse {
        do {
            try limiter.enter()
            defer { limiter.leave() }
            switch route {
            case .sync:
                let device = try device(request.head)
                let message = try SyncRequest(encoded: request.body, limits: limits)
                return .cbor(try await service.sync(message, from: device).encoded())
            case .heal:
                let device = try device(request.head)
                let message = try HealRequest(encoded: request.body, limits: limits)
                if message.isFirst { logger.warning("heal", ["line": .identifier(message.line.bytes)]) }
                return .cbor(try await service.heal(message, from: device).encoded())
            case .join:
                let message = try JoinRequest(encoded: request.body)
                let answer = try await service.join(message)
                logger.info("joined", ["line": .identifier(answer.line.bytes)])
                return .cbor(answer.encoded())
            case .desks: return .cbor(try service.desks(beside: try device(request.head)).encoded())
            case .health: return .text("ok\n")
            case .ready:
                _ = try log.lines()
                return .text("ready\n")
            case .metrics, .adminStatus, .adminReplicas, .adminInvite, .adminRevoke, .adminVerify:
                try checkOperator(request.head)
                return try await administer(route, request)
            }
        } catch {
            let problem = Problem(error)
            if problem.status >= 500 { logger.error("failure", ["status": .int(problem.status)]) }
            return problem.response
        }
    }

    // MARK: Who is asking

    private func device(_ head: HTTPRequestHead) throws -> Device {
        guard let token = head.bearerToken, let device = try log.device(tokenHash: Secrets.hash(token)) else {
            throw Problem.unauthorized
        }
        if device.isRevoked { throw Problem.revoked }
        return device
    }

    private func checkOperator(_ head: HTTPRequestHead) throws {
        guard let token = head.bearerToken, try log.isOperator(tokenHash: Secrets.hash(token)) else {
            throw Problem.unauthorized
        }
    }
}

extension HTTPRequestHead {
    /// RFC 6750; the scheme's name in any case.
    var bearerToken: String? {
        guard let header = header("Authorization"), header.utf8.count > 7 else { return nil }
        let scheme = header.prefix(7)
        guard scheme.lowercased() == "bearer " else { return nil }
        return String(header.dropFirst(7))
    }
}

extension HTTPResponse {
    static func cbor(_ body: [UInt8]) -> HTTPResponse {
        HTTPResponse(
            status: 200,
            headers: [HTTPHeader("Content-Type", "application/cbor"), HTTPHeader("Cache-Control", "no-store")],
            body: body)
    }

    static func text(_ text: String) -> HTTPResponse {
        HTTPResponse(
            status: 200, headers: [HTTPHeader("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }
}
