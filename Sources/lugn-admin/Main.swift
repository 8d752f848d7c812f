import Commands
import Operations
import Support

@main
enum Main {
    static func main() async {
        await program.main()
    }
}

/// `lugn-admin`: the operators' program.
let program = Program(
    name: "lugn-admin", version: Release.version,
    summary: "Who is in sync, and who may be: what an operator sees of a server, without being able to read a case.",
    globalOptions: [
        .value("server", "URL", "The server's address. Otherwise $LUGN_SERVER, or http://127.0.0.1:7480."),
        .value("key", "FILE", "The file with your key as an operator. Otherwise $LUGN_OPERATOR_KEY."),
        .value(
            "ca-file", "FILE", "The only authorities to trust, in PEM. Otherwise $LUGN_CA_FILE, or the computer's own."),
        .value("pin", "PIN", "The server's key: sha256// and its hash in base64. Otherwise $LUGN_PIN."),
        .flag("insecure-http", "Allow an http address on another computer. Whoever is on the way reads along."),
        .flag("use-proxy", "Use the proxy that the environment names, such as https_proxy."),
        .value("store", "DIR", "A stopped server's store, read directly: neither server nor key are needed."),
        .value("line", "LINE", "Which line, by its name or id, where the server holds several."),
        .flag("json", "Print one JSON document."),
        .choice(
            "lang", AdminWords.Language.allCases.map(\.rawValue),
            "What doctor and the page answer in; otherwise by LC_ALL, LC_MESSAGES and LANG."),
    ],
    commands: [statusCommand, doctorCommand, openCommand, watchCommand] + deviceCommands + deviceActCommands
        + replicaCommands
        + logCommands + storeCommands + lineCommands + operatorCommands + keyCommands + [auditCommand])
