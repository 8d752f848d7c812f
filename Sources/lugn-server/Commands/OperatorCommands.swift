import ChangeLog
import Commands
import JSON
import Sealing
import ServerStore
import Support
import SyncProtocol
import Trust

/// Who may ask the operators' endpoints, on the store itself: for whoever has the machine, while no server runs on it.
let operatorCommands: [Command] = [
    Command(
        "operator add", summary: "Let an operator in.",
        details: """
            The operator makes a key with lugn-admin key new, and sends its public key, which is no secret. While the server \
            runs, lugn-admin operator add does the same.
            """,
        options: [
            .value("label", "TEXT", "What you call them.", required: true),
            .value("line", "NAME", "The only line that they see; all otherwise."),
        ], arguments: [.required("PUBLICKEY", "The public key, as lugn-admin key new prints it.")],
        example: "lugn-server operator add 7D2K… --label \"Drift, Karin\""
    ) { context in
        try await Store(context).use { log, now in
            let key = try OperatorText.publicKey(context.require("PUBLICKEY"))
            let line = try await OperatorText.line(context.value("line"), in: log)
            try await log.perform(
                .addOperator(signingKey: key, label: try OperatorText.label(context.require("label")), line: line),
                by: nil, request: randomBytes(16), now: now)
            let id = OperatorID(signingKey: key)
            if context.flag("json") { return context.output.write(["operator": .string(id.description)]) }
            context.output.print("operator  \(id)")
        }
    },
    Command("operator list", summary: "Who is let in.", isDefault: true, example: "lugn-server operator list") {
        context in
        try await Store(context).use { log, _ in
            let operators = try log.administrators()
            let names = try await Dictionary(uniqueKeysWithValues: log.lines().map { ($0.id, $0.name) })
            if context.flag("json") {
                return context.output.write(
                    .array(
                        operators.map { entry in
                            [
                                "operator": .string(entry.id.description), "label": .string(entry.label),
                                "line": entry.line.map { .string($0.description) } ?? nil,
                            ]
                        }))
            }
            var table = Table("OPERATOR", "LABEL", "LINE")
            for entry in operators {
                table.addRow([entry.id.description, entry.label, entry.line.map { names[$0] ?? "-" } ?? "all"])
            }
            context.output.write(table)
        }
    },
    Command(
        "operator remove", summary: "Let an operator in no more.",
        arguments: [.required("ID", "Their id, as operator list shows it.")],
        example: "lugn-server operator remove 5a41c0ffee5a41c0ffee5a41c0ffee00"
    ) { context in
        guard let id = OperatorID(hexadecimal: try context.require("ID")) else {
            throw CommandFailure.wrongUsage(
                "an id has 32 hexadecimal digits", action: "Look at lugn-server operator list")
        }
        try await Store(context).use { log, now in
            try await log.perform(.removeOperator(id), by: nil, request: randomBytes(16), now: now)
            context.output.note("Removed.")
        }
    },
]

/// A store that no server works on, or a database that any number may work on.
struct Store {
    private let context: CommandContext
    init(_ context: CommandContext) { self.context = context }

    func use(_ body: (any LineStore, _ now: Int64) async throws -> Void) async throws {
        try await OperatorText.told {
            let store = try OpenStore.open(StoreLocation(context))
            defer { withExtendedLifetime(store) {} }
            try await body(store.log, WallClock.system.nowMilliseconds())
        }
    }
}

enum OperatorText {
    static func publicKey(_ text: String) throws(CommandFailure) -> [UInt8] {
        guard let key = OperatorKeys.publicKey(text: text) else {
            throw .wrongUsage(
                "this is no operator's public key, or it is mistyped", action: "Copy it from lugn-admin key new")
        }
        return key
    }

    static func label(_ text: String) throws(CommandFailure) -> String {
        guard !text.isEmpty, text.utf8.count <= OperatorAct.labelBytes else {
            throw .wrongUsage("a label has 1 to \(OperatorAct.labelBytes) bytes")
        }
        return text
    }

    /// A line by its name or its id; nil for nil.
    static func line(_ text: String?, in log: any LineStore) async throws -> LineID? {
        guard let text else { return nil }
        let found = try await log.lines().filter { $0.name == text || $0.id.description == text }
        guard found.count == 1 else {
            throw CommandFailure(
                found.isEmpty ? "the store has no such line" : "several lines have this name",
                safe: "Nothing was changed",
                action: "Look at lugn-server line list, and name its id")
        }
        return found[0].id
    }

    /// The store's own words for what it refuses.
    static func told<Result>(_ body: () async throws -> Result) async throws -> Result {
        do { return try await body() } catch let error as ChangeLogError {
            throw CommandFailure(error.message)
        }
    }
}
