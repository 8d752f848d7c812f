import ChangeLog
import Commands
import HTTPServer
import JSON
import Support
import SyncProtocol
import SyncServer

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

@main
enum Main {
    static func main() async {
        await program.main()
    }
}

private let storeOption = Option.value(
    "data", "DIR", "Where the store is. Otherwise $LUGN_SERVER_DATA, or lugn-server.")

/// `lugn-server`: the central server.
let program = Program(
    name: "lugn-server", version: "0.1.0",
    summary: "The sync server of helplines: it orders and hands out changes, and cannot read them.",
    globalOptions: [storeOption, .flag("json", "Print one JSON document.")],
    commands: [
        Command(
            "init", summary: "Make the store and a line.",
            details: """
                Prints the operator's token and the first invitation. Both are shown once; the store keeps hashes only. \
                Run it again to add another line.
                """,
            options: [.value("line", "NAME", "What the line is called.", required: true)],
            example: "lugn-server init --line \"Orostelefonen\""
        ) { context in
            let log = try store(context)
            let now = WallClock.system.nowMilliseconds()
            let line = try log.createLine(name: context.require("line"), now: now)
            let token = Secrets.make("lugn-operator")
            try log.addOperator(tokenHash: Secrets.hash(token))
            let invitation = try Secrets.invitation(to: line, in: log, now: now, hours: Secrets.invitationHours)
            if context.flag("json") {
                context.output.write([
                    "line": .string(line.description), "operatorToken": .string(token),
                    "invitation": .string(invitation.text),
                ])
            } else {
                context.output.print("line            \(line)")
                context.output.print("operator token  \(token)")
                context.output.print("invitation      \(invitation.text)")
                context.output.note(
                    "The invitation is good once, within \(Secrets.invitationHours) hours. Neither is shown again.")
            }
        },
        Command(
            "run", summary: "Serve until stopped.",
            details: """
                Listens on 127.0.0.1 unless told otherwise. On any other address it wants a certificate, or to be told \
                that a proxy in front of it does TLS. SIGTERM and SIGINT end it gracefully.
                """,
            options: [
                .value("listen", "ADDRESS:PORT", "Where to listen; 127.0.0.1:7480 otherwise. Port 0 takes any."),
                .value("tls-certificate", "FILE", "The certificate chain, in PEM."),
                .value("tls-key", "FILE", "The certificate's key, in PEM."),
                .flag("behind-proxy", "A proxy in front of it does TLS."),
                .choice(
                    "log", ["error", "warning", "info", "debug"], "The least important events to log; info otherwise."),
            ],
            example:
                "lugn-server run\nlugn-server run --listen 0.0.0.0:7480 --tls-certificate chain.pem --tls-key key.pem"
        ) { context in try await serve(context) },
    ])

private func serve(_ context: CommandContext) async throws {
    let (address, port) = try place(context)
    let tls = try certificate(context)
    let isLoopback = address.hasPrefix("127.") || address == "::1"
    guard isLoopback || tls != nil || context.flag("behind-proxy") else {
        throw CommandFailure.wrongUsage(
            "\(address) is reached from elsewhere, and there is no certificate",
            action: "Give --tls-certificate and --tls-key, or --behind-proxy if a proxy does TLS")
    }
    let logger = Logger(minimumLevel: level(context))
    let log = try store(context)
    guard try !log.lines().isEmpty else {
        throw CommandFailure("the store has no line yet", action: "Make one: lugn-server init --line NAME")
    }
    let signals = try TerminationSignals.install()
    let server = try HTTPServer(
        configuration: .init(address: address, port: port, tls: tls), handler: SyncServer(log: log, logger: logger))
    context.output.note(
        "listening on \(tls == nil ? "http" : "https")://\(address.contains(":") ? "[\(address)]" : address):\(server.port)"
    )
    _ = await signals.wait()
    logger.info("stopping")
    await server.stop()
    logger.info("stopped")
}

private func level(_ context: CommandContext) -> LogLevel {
    switch context.value("log") {
    case "error": .error
    case "warning": .warning
    case "debug": .debug
    default: .info
    }
}

private func place(_ context: CommandContext) throws -> (String, UInt16) {
    let text = context.value("listen") ?? "127.0.0.1:7480"
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
        throw CommandFailure.wrongUsage("--listen is an address and a port, such as 127.0.0.1:7480")
    }
    var address = String(text[..<colon])
    if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
    return (address, port)
}

private func certificate(_ context: CommandContext) throws -> HTTPServer.TLS? {
    switch (context.value("tls-certificate"), context.value("tls-key")) {
    case (nil, nil): return nil
    case (let certificate?, let key?):
        return .init(certificatePEM: try readText(certificate), keyPEM: try readText(key))
    default: throw CommandFailure.wrongUsage("--tls-certificate and --tls-key belong together")
    }
}

private func readText(_ path: String) throws -> String {
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
        throw CommandFailure("the file for TLS cannot be read (error \(errno))", safe: "Nothing was started")
    }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 1 << 20)
    var count = 0
    while count < buffer.count {
        let taken = unsafe buffer.withUnsafeMutableBytes {
            unsafe read(descriptor, $0.baseAddress! + count, $0.count - count)
        }
        guard taken >= 0 else {
            throw CommandFailure("the file for TLS cannot be read (error \(errno))", safe: "Nothing was started")
        }
        if taken == 0 { break }
        count += taken
    }
    return String(decoding: buffer[..<count], as: UTF8.self)
}

private func store(_ context: CommandContext) throws -> SQLiteChangeLog {
    var folder = context.value("data") ?? ""
    if folder.isEmpty, let value = unsafe getenv("LUGN_SERVER_DATA") { folder = unsafe String(cString: value) }
    if folder.isEmpty { folder = "lugn-server" }
    if unsafe mkdir(folder, 0o700) != 0, errno != EEXIST {
        throw CommandFailure(
            "the store's folder cannot be made (error \(errno))", safe: "Nothing was changed", action: "Check --data")
    }
    return try SQLiteChangeLog(path: folder + "/log.db")
}
