import ChangeLog
import Commands
import HTTPServer
import Support
import SyncServer

/// `lugn-server run`: from the first signal handler to the last answer.
func serve(_ context: CommandContext) async throws {
    // First of all: a signal must not end it half-way.
    let signals = try TerminationSignals.install()
    let settings = try Settings(context)
    let logger = Logger(minimumLevel: settings.logLevel)
    let tls = try settings.certificate()
    let folder = StoreFolder(context)
    let lock = try folder.open()
    defer { withExtendedLifetime(lock) {} }
    let log = try SQLiteChangeLog(path: folder.database)
    guard try !log.lines().isEmpty else {
        throw CommandFailure("the store has no line yet", action: "Make one: lugn-server init --line NAME")
    }
    let server = try HTTPServer(
        configuration: .init(address: settings.address, port: settings.port, tls: tls),
        handler: SyncServer(
            log: log, logger: logger, readiness: Readiness { () throws(Readiness.Failure) in try folder.probe() }))
    signals.onHangUp { readAgain(context, settings, server, logger) }
    if let warning = settings.warning { context.output.note("warning: \(warning)") }
    context.output.note("listening on \(settings.url(port: server.port))")
    _ = await signals.wait()
    logger.info("stopping")
    await server.stop()
    logger.info("stopped")
}

/// What SIGHUP asks for. Whatever is wrong with the new settings, those before stay in force.
private func readAgain(_ context: CommandContext, _ first: Settings, _ server: HTTPServer, _ logger: Logger) {
    do {
        let settings = try Settings(context)
        if let tls = try settings.certificate() {
            guard first.hasCertificate else {
                throw CommandFailure("a server that was started without a certificate has to be started again for one")
            }
            try server.replaceCertificate(with: tls)
        }
        logger.minimumLevel = settings.logLevel
        logger.info("settings-read")
        if settings.needsRestart(after: first) {
            context.output.note("warning: where to listen, and whether with TLS, changes with the next start only")
        }
    } catch {
        let reason = (error as? any CommandFailureConvertible)?.commandFailure.message ?? "\(error)"
        logger.error("settings-refused")
        context.output.note("the settings were not taken: \(reason); those before stay in force")
    }
}
