import ChangeLog
import Commands
import HTTPServer
import ServerStore
import Support
import SyncServer

/// `lugn-server run`: from the first signal handler to the last answer.
func serve(_ context: CommandContext) async throws {
    // First of all: a signal must not end it half-way.
    let signals = try TerminationSignals.install()
    // What it would ask for is about to happen.
    signals.onHangUp {}
    let manager = ServiceManager()
    let settings = try Settings(context)
    let logger = Logger(minimumLevel: settings.logLevel)
    let tls = try settings.certificate()
    let certificate = Lock(tls)
    let store = try OpenStore.open(settings.store)
    defer { withExtendedLifetime(store) {} }
    let readiness = Readiness(probe: store.probe)
    let handler = SyncServer(
        log: store.log, registry: store.log, logger: logger, readiness: readiness,
        host: { store.facts(hasBackupSchedule: settings.backups != nil, certificate.withLock { $0 }) },
        commitTimes: store.commitTimes)
    let server = try HTTPServer(
        configuration: .init(address: settings.address, port: settings.port, tls: tls), handler: handler)
    let metrics = try settings.metrics.map {
        try HTTPServer(configuration: .init(address: $0.address, port: $0.port), handler: MetricsPort(handler))
    }
    let scrub = Task { await handler.scrub() }
    let sampling = Task { await handler.sample() }
    let following = Task { await handler.followStore() }
    let backups = try store.backups(settings.backups, logger)
    try backups?.start()
    signals.onHangUp {
        manager.isReloading()
        readAgain(context, settings, server, logger, certificate)
        manager.isReady()
    }
    if let warning = settings.warning { context.output.note("warning: \(warning)") }
    if let tls { context.output.note("certificate's key: \(pin(tls))") }
    let heartbeat = manager.keepAlive { readiness.answers }
    defer { heartbeat?.cancel() }
    manager.isReady()
    if let metrics, let address = settings.metrics?.address {
        context.output.note(
            "metrics on http://\(address.contains(":") ? "[\(address)]" : address):\(metrics.port)/metrics")
    }
    context.output.note("listening on \(settings.url(port: server.port))")
    _ = await signals.wait()
    manager.isStopping()
    logger.info("stopping")
    backups?.stop()
    scrub.cancel()
    sampling.cancel()
    following.cancel()
    await metrics?.stop()
    await server.stop()
    store.close(logger)
    logger.info("stopped")
}

/// What SIGHUP asks for. Whatever is wrong with the new settings, those before stay in force.
private func readAgain(
    _ context: CommandContext, _ first: Settings, _ server: HTTPServer, _ logger: Logger,
    _ certificate: Lock<HTTPServer.TLS?>
) {
    do {
        let settings = try Settings(context)
        if let tls = try settings.certificate() {
            guard first.hasCertificate else {
                throw CommandFailure("a server that was started without a certificate has to be started again for one")
            }
            try server.replaceCertificate(with: tls)
            certificate.withLock { $0 = tls }
            context.output.note("certificate's key: \(pin(tls))")
        }
        logger.minimumLevel = settings.logLevel
        logger.info("settings-read")
        if settings.needsRestart(after: first) {
            context.output.note(
                "warning: where to listen, whether with TLS, and backups change with the next start only")
        }
    } catch {
        let reason = (error as? any CommandFailureConvertible)?.commandFailure.message ?? "\(error)"
        logger.error("settings-refused")
        context.output.note("the settings were not taken: \(reason); those before stay in force")
    }
}

/// What `lugn join --pin` takes, as libcurl writes it.
private func pin(_ tls: HTTPServer.TLS) -> String {
    "sha256//" + (tls.publicKeyHash.map(base64) ?? "")
}

private func base64(_ bytes: [UInt8]) -> String {
    let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = (0..<3).map { start + $0 < bytes.count ? Int(bytes[start + $0]) : 0 }
        let word = group[0] << 16 | group[1] << 8 | group[2]
        for index in 0..<4 {
            text.append(start + index <= bytes.count ? letters[word >> (18 - 6 * index) & 63] : "=")
        }
    }
    return text
}
