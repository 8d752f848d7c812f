import Commands
import JSON
import LocalPage
import Operations
import OperatorPage

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

let openCommand = Command(
    "open", summary: "A page in the browser: who is in sync, what is to be done, the last 24 hours.",
    details: """
        It runs on this computer, on 127.0.0.1, until it is stopped with Ctrl C. Your key stays with this program: the page has a \
        secret of its own, which ends with it. The page only shows; nothing can be changed by it.
        """,
    options: [
        .flag("no-browser", "Only print the name of the file that opens the page, once within a minute.")
    ], example: "lugn-admin open\nlugn-admin open --no-browser"
) { context in
    let signals = try TerminationSignals.install()
    let source = PageSource(client: try AdminClient(context), name: sourceName(context))
    let folder = try privateFolder()
    defer { remove(folder) }
    let output = context.output
    let usesBrowser = !context.flag("no-browser")
    let show: @Sendable (String) -> Void = { path in
        if path.isEmpty { return output.note("the file that opens the page could not be written: check the disk") }
        output.print(path)
        output.flush()
        if usesBrowser, !openInBrowser(path) {
            output.note("no browser could be started: open this file in one within a minute")
        }
    }
    let server = try OperatorPageServer(source, folder: folder, language: AdminWords.Language(context), openAgain: show)
    show(try server.makeStartFile())
    _ = await signals.wait()
    await server.stop()
}

/// The server or the store, as the page asks it.
private struct PageSource: OperatorSource {
    let client: AdminClient
    let name: String

    func get(_ path: String, query: [(String, String)]) async throws -> JSONValue {
        do {
            return try await client.getOfServer(path, query: query, timeoutSeconds: 10)
        } catch let failure as CommandFailure {
            throw OperatorSourceError(isRefusal: failure.exitCode != .unreachable, message: failure.message)
        }
    }
}

private func sourceName(_ context: CommandContext) -> String {
    context.value("store") ?? context.value("server") ?? environment("LUGN_SERVER") ?? "http://127.0.0.1:7480"
}

/// A folder of this program's own, for its owner alone, where the system keeps what ends with the session.
private func privateFolder() throws(CommandFailure) -> String {
    let parent = environment("XDG_RUNTIME_DIR") ?? environment("TMPDIR") ?? "/tmp"
    var template = Array((parent + "/lugn-admin-XXXXXX").utf8CString)
    guard unsafe template.withUnsafeMutableBufferPointer({ unsafe mkdtemp($0.baseAddress!) }) != nil else {
        throw CommandFailure("no folder for the page can be made in \(parent) (error \(errno))", action: "Check it")
    }
    return String(decoding: template.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
}

private func remove(_ folder: String) {
    for name in ["open-lugn-admin.html", "open-lugn-admin.html.new"] { unsafe unlink(folder + "/" + name) }
    unsafe rmdir(folder)
}
