import Commands
import Support

/// What a command of the sample program saw.
struct Seen: Equatable {
    var command = ""
    var data: String?
    var json = false
    var caller: String?
    var concern: [String] = []
    var minutes: Int?
    var identifier: String?
    var text: String?
}

/// A program with each kind of declaration, whose commands only record what they were given.
final class SampleProgram: Sendable {
    private let last = Lock<Seen?>(nil)

    var seen: Seen? { last.withLock { $0 } }

    var program: Program {
        Program(
            name: "sample", version: "1.2.3", summary: "Keeps cases on this machine, for the tests of the parser.",
            globalOptions: [
                .value("data", "DIR", "The folder of the data."), .flag("json", "Print JSON."),
            ],
            commands: [caseNew, conflictsList, conflictsKeep, caseNote, fail])
    }

    private var caseNew: Command {
        Command(
            "case new", summary: "Opens a case.",
            details: """
                Opens a case on this machine. Nothing is sent before the next sync; until then the case is here and
                nowhere else.

                A second paragraph.
                """,
            options: [
                .choice("caller", ["external", "relative", "involved"], "Who calls.", required: true).short("c"),
                .list("concern", "AREA", choices: ["general", "religious", "political"], "What it is about."),
                .integer("minutes", "N", in: 1...600, "How long the call was, in minutes."),
            ], arguments: [.optional("ID", "The identifier to give it.")],
            example: "sample case new --caller relative --concern general,religious"
        ) { context in
            self.record(
                Seen(
                    command: context.commandPath, data: context.value("data"), json: context.flag("json"),
                    caller: try context.require("caller"), concern: context.list("concern"),
                    minutes: context.integer("minutes"), identifier: context.value("ID")))
        }
    }

    private var conflictsList: Command {
        Command(
            "conflicts list", summary: "Lists conflicts.", isDefault: true,
            options: [.integer("limit", "N", in: 1...Int.max, "How many to show.")], example: "sample conflicts"
        ) { context in
            self.record(
                Seen(command: context.commandPath, json: context.flag("json"), minutes: context.integer("limit")))
        }
    }

    private var conflictsKeep: Command {
        Command(
            "conflicts keep", summary: "Settles a conflict.", arguments: [.required("ID", "The conflict.")],
            example: "sample conflicts keep 4f"
        ) { context in
            self.record(Seen(command: context.commandPath, identifier: try context.require("ID")))
        }
    }

    private var caseNote: Command {
        Command(
            "case note", summary: "Adds a note to a case.",
            arguments: [.required("ID", "The case."), .variadic("TEXT", "The note.")],
            example: "sample case note 4f Called again"
        ) { context in
            self.record(
                Seen(
                    command: context.commandPath, data: context.value("data"), identifier: context.value("ID"),
                    text: context.text("TEXT")))
        }
    }

    private var fail: Command {
        Command(
            "fail", summary: "Fails.",
            options: [.choice("how", ["failure", "convertible", "described", "opaque"], "How.")],
            example: "sample fail --how opaque"
        ) { context in
            context.output.print("before")
            switch context.value("how") {
            case "convertible": throw ConvertibleError()
            case "described": throw DescribedError()
            case "opaque": throw OpaqueError(content: "secret")
            default:
                throw CommandFailure(
                    .unreachable, "the server cannot be reached", safe: "Your work is saved here",
                    action: "Run sample sync")
            }
        }
    }

    private func record(_ seen: Seen) {
        last.withLock { $0 = seen }
    }
}

struct ConvertibleError: CommandFailureConvertible {
    var commandFailure: CommandFailure { CommandFailure(.refused, "the server said no") }
}

struct DescribedError: Error, CustomStringConvertible {
    var description: String { "the disk is\nfull" }
}

struct OpaqueError: Error {
    let content: String
}
