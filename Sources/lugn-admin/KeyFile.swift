import Commands
import Sealing
import Support
import Trust

/// The operator's own key, in a file that only they can read.
enum KeyFile {
    static func read(_ context: CommandContext) throws(CommandFailure) -> OperatorKeys {
        guard let path = context.value("key") ?? environment("LUGN_OPERATOR_KEY"), !path.isEmpty else {
            throw .wrongUsage(
                "the operator's key is missing", action: "Give --key FILE or set LUGN_OPERATOR_KEY to the file's name")
        }
        do throws(PrivateFile.Failure) {
            var bytes = try PrivateFile.read(path)
            defer { SecretBytes.wipe(&bytes) }
            if let keys = OperatorKeys(fileBytes: bytes) { return keys }
        } catch {
            throw failure(error)
        }
        throw CommandFailure("the file is no operator's key", action: "Make one: lugn-admin key new FILE")
    }

    /// Makes a key. Nothing that is there is touched.
    static func make(_ path: String) throws(CommandFailure) -> OperatorKeys {
        let keys = OperatorKeys.random()
        var bytes = keys.fileBytes()
        defer { SecretBytes.wipe(&bytes) }
        do throws(PrivateFile.Failure) {
            try PrivateFile.create(path, bytes)
        } catch {
            throw failure(error)
        }
        return keys
    }

    private static func failure(_ failure: PrivateFile.Failure) -> CommandFailure {
        switch failure {
        case .exists: CommandFailure("the file exists already", safe: "It was not touched", action: "Name another one")
        case .missing:
            CommandFailure("there is no such file with a key", action: "Make one: lugn-admin key new FILE")
        case .exposed:
            CommandFailure(
                "others on this computer can read the key's file", safe: "It was not used",
                action: "chmod 600 it; if somebody may have read it, make a new key and have the old one removed")
        case .tooLarge: CommandFailure("the file is no operator's key", action: "Check its name")
        case .system(let number):
            CommandFailure(
                "the key's file cannot be used (error \(number))", action: "Check its name, folder and permissions")
        }
    }
}
