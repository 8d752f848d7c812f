import Casework
import Commands
import Replica
import SQLite

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#elseif canImport(Musl)
    import Musl
#endif

/// The data folder that a command works in.
struct Workplace {
    let casework: Casework
    /// Where its files are.
    let folder: String
    var replica: Replica { casework.replica }

    init(_ context: CommandContext) throws {
        folder = try Self.madeFolder(context)
        let isNew = unsafe access(folder + "/replica.db", F_OK) != 0
        if isNew, context.commandPath != "join" {
            context.output.note(context.words("data.new", ["folder": folder]))
        }
        var casework = try Casework(path: folder + "/replica.db")
        casework.onGuardWarning = { [output = context.output, words = context.words] warning in
            output.note(words(warning.told))
        }
        self.casework = casework
    }

    /// The data folder, which is there when this returns.
    static func madeFolder(_ context: CommandContext) throws -> String {
        let folder = try folder(context)
        try make(folder)
        return folder
    }

    private static func folder(_ context: CommandContext) throws -> String {
        if let given = context.value("data") ?? environment("LUGN_DATA"), !given.isEmpty { return given }
        if let data = environment("XDG_DATA_HOME"), data.hasPrefix("/") { return data + "/lugn" }
        guard let home = environment("HOME"), !home.isEmpty else {
            throw CommandFailure(.failed, key: "failure.noHome")
        }
        return home + "/.local/share/lugn"
    }

    static func environment(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        return unsafe String(cString: value)
    }

    /// Makes the folder, for its owner alone, and those above it.
    private static func make(_ folder: String) throws {
        var path = folder.hasPrefix("/") ? "" : "."
        for part in folder.split(separator: "/") {
            path += "/" + part
            if unsafe mkdir(path, 0o700) != 0, errno != EEXIST {
                throw CommandFailure(.failed, key: "failure.dataNotMade", ["error": "\(errno)"])
            }
        }
    }

    private static let nobody = "S0"

    /// Who is working: `--by`, `$LUGN_BY`, or S0, with a word that this is nobody.
    static func author(_ context: CommandContext) throws -> AuthorCode {
        let author = try AuthorCode(context.value("by") ?? environment("LUGN_BY") ?? nobody)
        if author.text == nobody { context.output.note(context.words("warn.nobody")) }
        return author
    }
}
