import Casework
import Commands
import LocalPage
import Workstation
import WorkstationPage

/// The counsellor's page.
let serveCommands: [Command] = [
    Command(
        "serve",
        options: [
            .flag("no-browser"),
            .integer(
                "lock-after", "SECONDS", in: 2...86_400),
        ], example: "lugn serve"
    ) { context in
        let folder = try Workplace.madeFolder(context)
        guard let running = try RunningPage(folder: folder) else {
            try RunningPage.askToOpen(folder: folder)
            context.output.note(context.words("serve.running"))
            return
        }
        try await serve(folder, running, context)
    }
]

private func serve(_ folder: String, _ running: RunningPage, _ context: CommandContext) async throws {
    let signals = try TerminationSignals.install()
    let workplace = try Workplace(context)
    try ServerAccess(folder: folder).warn(context.output)
    // What the guard warns of is shown on the page, beside the text.
    let workstation = try Workstation(Casework(workplace.replica), folder: folder)
    let output = context.output
    let words = context.words
    let usesBrowser = !context.flag("no-browser")
    let show: @Sendable (String) -> Void = { path in
        if path.isEmpty { return output.note(words("serve.cannotWrite")) }
        output.print(path)
        output.flush()
        if usesBrowser, !openInBrowser(path) {
            output.note(words("serve.noBrowser"))
        }
    }
    var configuration = PageServer.Configuration()
    configuration.idleSeconds = context.integer("lock-after") ?? 600
    configuration.openAgain = show
    let server = try start(workstation, folder, running, &configuration)
    try running.remember(port: server.port)
    show(try server.makeStartFile())
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await workstation.run() }
        group.addTask { _ = await signals.wait() }
        group.addTask {
            while !Task.isCancelled {
                if running.wasAskedToOpen() { show(try server.makeStartFile()) }
                do { try await Task.sleep(for: .milliseconds(200)) } catch { return }
            }
        }
        defer { group.cancelAll() }
        try await group.next()
    }
    await server.stop()
    withExtendedLifetime(running) {}
}

/// On the port of the last time where it is free, else on any.
private func start(
    _ workstation: Workstation, _ folder: String, _ running: RunningPage,
    _ configuration: inout PageServer.Configuration
) throws -> PageServer {
    configuration.port = running.rememberedPort
    do {
        return try PageServer(workstation, folder: folder, configuration: configuration)
    } catch  where configuration.port != 0 {
        configuration.port = 0
        return try PageServer(workstation, folder: folder, configuration: configuration)
    }
}
