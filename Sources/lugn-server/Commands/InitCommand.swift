import ChangeLog
import Commands
import JSON
import Sealing
import ServerStore
import Support
import SyncProtocol
import Trust

/// `lugn-server init`: the store, and who may ask the operators' endpoints.
let initCommand = Command(
    "init", summary: "Make the store, and let the first operator in.",
    details: """
        Makes an operator's key and writes it to a file that only its owner can read, or lets the owner of a public key in. The \
        store keeps public keys only. Lines are made by line create. Run again, it changes nothing that is there.
        """,
    options: [
        .value("operator-key", "FILE", "Where the operator's key is, or is to be made."),
        .value("operator", "PUBLICKEY", "The public key of an operator who has made it with lugn-admin key new."),
        .value("label", "TEXT", "What you call the operator; operator otherwise."),
    ],
    example: "lugn-server init --operator-key operator.key"
) { context in
    let label = try OperatorText.label(context.value("label") ?? "operator")
    try await OperatorText.told {
        let store = try OpenStore.make(StoreLocation(context))
        defer { withExtendedLifetime(store) {} }
        let log = store.log
        let key = try operatorKey(context)
        let id = OperatorID(signingKey: key)
        if try log.administrator(id) == nil {
            try await log.perform(
                .addOperator(signingKey: key, label: label, line: nil), by: nil, request: randomBytes(16),
                now: WallClock.system.nowMilliseconds())
        }
        if context.flag("json") {
            return context.output.write([
                "operator": .string(id.description), "key": .string(OperatorKeys.text(publicKey: key)),
            ])
        }
        context.output.print("operator    \(id)")
        context.output.print("public key  \(OperatorKeys.text(publicKey: key))")
        context.output.note("Next: lugn-server line create NAME --address URL")
    }
}

private func operatorKey(_ context: CommandContext) throws(CommandFailure) -> [UInt8] {
    switch (context.value("operator-key"), context.value("operator")) {
    case (let path?, nil): try OperatorKeyFile.readOrMake(path).signing.publicKey
    case (nil, let text?): try OperatorText.publicKey(text)
    default:
        throw .wrongUsage(
            "give either --operator-key FILE or --operator PUBLICKEY", action: "See lugn-server init --help")
    }
}

/// An operator's key in a file.
enum OperatorKeyFile {
    static func readOrMake(_ path: String) throws(CommandFailure) -> OperatorKeys {
        let keys = OperatorKeys.random()
        var bytes = keys.fileBytes()
        defer { SecretBytes.wipe(&bytes) }
        do throws(PrivateFile.Failure) {
            try PrivateFile.create(path, bytes)
            return keys
        } catch .exists {
            return try read(path)
        } catch {
            throw CommandFailure(
                "the key's file cannot be made (\(error))", safe: "No key was made",
                action: "Check the folder's name and permissions")
        }
    }

    private static func read(_ path: String) throws(CommandFailure) -> OperatorKeys {
        do throws(PrivateFile.Failure) {
            var bytes = try PrivateFile.read(path)
            defer { SecretBytes.wipe(&bytes) }
            if let keys = OperatorKeys(fileBytes: bytes) { return keys }
        } catch .exposed {
            throw CommandFailure(
                "others can read the key's file", safe: "Nothing was changed",
                action: "chmod 600 it, if nobody has read it")
        } catch {
            throw CommandFailure("the key's file cannot be read (\(error))", safe: "Nothing was changed")
        }
        throw CommandFailure(
            "the file is there and is no operator's key", safe: "It was not touched", action: "Name another one")
    }
}
