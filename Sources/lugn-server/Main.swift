import Commands
import ServerStore
import Support

@main
enum Main {
    static func main() async {
        await program.main()
    }
}

private let storeOption = Option.value(
    "data", "DIR", "Where the store is. Otherwise $LUGN_SERVER_DATA, or what the settings say, or lugn-server.")

/// `lugn-server`: the central server.
let program = Program(
    name: "lugn-server", version: Release.version,
    summary: "The sync server of helplines: it orders and hands out changes, and cannot read them.",
    globalOptions: [
        storeOption,
        .value("settings", "FILE", "A file with settings. Otherwise $LUGN_SERVER_SETTINGS, or /etc/lugn/server.conf."),
        .flag("json", "Print one JSON document."),
    ] + StoreLocation.options,
    commands: [
        initCommand,
        Command(
            "run", summary: "Serve until stopped.",
            details: """
                Listens on 127.0.0.1 unless told otherwise. On any other address it wants a certificate, or to be told \
                that a proxy in front of it does TLS. SIGTERM and SIGINT end it gracefully. SIGHUP makes it read the \
                certificate, its key and the file of settings again; those who are connected stay so.

                A file of settings has lines such as log = info or tls-key = /etc/lugn/key.pem, named as the options are; \
                behind-proxy and insecure-http are yes or no. # begins a comment. The command line goes before the file.
                """,
            options: [
                .value("listen", "ADDRESS:PORT", "Where to listen; 127.0.0.1:7480 otherwise. Port 0 takes any."),
                .value(
                    "metrics-listen", "ADDRESS:PORT",
                    "Where Prometheus reads /metrics without a key, on this computer; nowhere otherwise."),
                .value("tls-certificate", "FILE", "The certificate chain, in PEM."),
                .value("tls-key", "FILE", "The certificate's key, in PEM."),
                .flag("behind-proxy", "A proxy in front of it does TLS."),
                .flag("insecure-http", "Nothing does TLS: whoever is on the way reads what is sent. For trials only."),
                .choice(
                    "log", ["error", "warning", "info", "debug"], "The least important events to log; info otherwise."),
                .value("backup-dir", "DIR", "Make backups by itself, into this folder."),
                .value("backup-every", "TIME", "How often: 30m, 1h or 1d; 1h otherwise."),
                .integer("backup-keep", "N", in: 1...100_000, "How many to keep; 48 otherwise."),
            ],
            example:
                "lugn-server run\nlugn-server run --listen 0.0.0.0:7480 --tls-certificate chain.pem --tls-key key.pem"
        ) { context in try await serve(context) },
    ] + operatorCommands + lineCommands + storeCommands + [moveCommand])
