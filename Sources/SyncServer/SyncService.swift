import ChangeLog
import Support
import SyncProtocol

/// The session, on the server's side.
struct SyncService: Sendable {
    let log: any ChangeLog
    let limits: Limits
    let clock: WallClock
    let notifier: LineNotifier
    let limiter: WorkLimiter
    let metrics: Metrics

    /// One request does it all: take what it brings, then hand out what is new, or wait until something is.
    ///
    /// Whatever the outcome, the answer says what is held of the replica, and what it says is on disk.
    func sync(_ request: SyncRequest, from device: Device) async throws -> SyncResponse {
        let rights = notifier.rights(in: device.line)
        let start = ContinuousClock.now
        var waited = Duration.zero
        defer { metrics.worked("sync", ContinuousClock.now - start - waited) }
        var acceptance = try await accept(request, from: device)
        guard mayRead(acceptance, request) else { return withoutPage(acceptance, request) }
        var page = try await log.page(for: request, proven: acceptance.proven, from: device)
        if isNothingNew(page, acceptance, request), request.wait > 0 {
            let began = clock.nowMilliseconds()
            let waitStart = ContinuousClock.now
            await wait(for: request, rights: rights)
            waited = ContinuousClock.now - waitStart
            // Its clock has gone on meanwhile.
            var request = request
            request.clock = request.clock.addingReportingOverflow(clock.nowMilliseconds() - began).partialValue
            // Somebody may have gone on under this replica's name meanwhile, or the device was removed: looked at before
            // anything is handed out.
            acceptance = try await accept(request, from: device)
            guard mayRead(acceptance, request) else { return withoutPage(acceptance, request) }
            page = try await log.page(for: request, proven: acceptance.proven, from: device)
        }
        metrics.handedOut(page)
        return answer(acceptance, page)
    }

    func heal(_ request: HealRequest, from device: Device) async throws -> HealResponse {
        let outcome = try await log.heal(request, from: device, now: clock.nowMilliseconds())
        if outcome.hasAdvanced { notifier.advanced(request.line, to: outcome.head) }
        return outcome.response
    }

    /// How the line's other workstations stood when they last called. Each counts once, by the id that it called with last.
    func desks(beside device: Device) async throws -> DesksResponse {
        let now = clock.nowMilliseconds()
        let others = DeviceStanding.all(try await log.replicas(of: device.line))
            .filter { $0.device != device.reference && !$0.isRevoked }
        let latest = others.map(\.latest)
        return DesksResponse(
            others: UInt64(latest.count), unsent: UInt64(latest.count { $0.pending > 0 }),
            unverified: UInt64(latest.count { $0.isVerified != true }),
            silent: UInt64(latest.count { now - $0.lastSeen > DeviceStanding.silentAfterMilliseconds }), serverTime: now
        )
    }

    // MARK: Steps

    private func accept(_ request: SyncRequest, from device: Device) async throws -> Acceptance {
        let acceptance = try await log.accept(request, from: device, now: clock.nowMilliseconds())
        if acceptance.hasAdvanced { notifier.advanced(request.line, to: acceptance.head) }
        metrics.accepted(request, acceptance)
        if let refusal = acceptance.refusal { throw Problem.terms(refusal) }
        return acceptance
    }

    /// Whoever has to react to the outcome first asks again. Of what is held under its name a page leaves out only what the
    /// request proves to be its own.
    private func mayRead(_ acceptance: Acceptance, _ request: SyncRequest) -> Bool {
        acceptance.outcome == .done && !request.wantsNoPage
    }

    private func isNothingNew(_ page: FeedPage, _ acceptance: Acceptance, _ request: SyncRequest) -> Bool {
        page.commitCount == 0 && !page.more && page.cursor == request.cursor && request.commits.isEmpty
            && acceptance.leases.isEmpty && acceptance.heldNumber <= request.confirmedNumber
    }

    private func wait(for request: SyncRequest, rights: UInt64) async {
        limiter.leave()
        await notifier.wait(
            request.line, beyond: request.cursor.position, rights: rights,
            milliseconds: min(request.wait, limits.waitMilliseconds))
        limiter.reenter()
    }

    private func answer(_ acceptance: Acceptance, _ page: FeedPage) -> SyncResponse {
        SyncResponse(
            outcome: .done, heldNumber: acceptance.heldNumber,
            heldDigests: acceptance.heldDigests, cursor: page.cursor,
            head: page.head, more: page.more, serverTime: clock.nowMilliseconds(), fingerprint: page.fingerprint,
            page: page.bytes[...], leases: acceptance.leases, desk: acceptance.desk)
    }

    private func withoutPage(_ acceptance: Acceptance, _ request: SyncRequest) -> SyncResponse {
        SyncResponse(
            outcome: acceptance.outcome, heldNumber: acceptance.heldNumber, heldDigests: acceptance.heldDigests,
            cursor: request.cursor, head: acceptance.head, more: true,
            serverTime: clock.nowMilliseconds(), leases: acceptance.leases, desk: acceptance.desk)
    }
}
