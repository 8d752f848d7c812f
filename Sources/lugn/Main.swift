import Casework
import Commands
import Support

@main
enum Main {
    static func main() async {
        await program.main { try TextEncoding.text($0) }
    }
}

/// `lugn`: the counsellors' program.
let program = Program(
    name: "lugn", version: version, summary: "",
    globalOptions: [
        .value("data", "DIR"), .flag("json").short("j"), .choice("lang", Words.Language.allCases.map(\.rawValue)),
    ],
    commands: joinCommands + leadCommands + unsentCommands + lateCommands + lineCommands + callCommands + todayCommands
        + findCommands
        + caseCommands + closingCommands
        + contactCommands
        + promiseCommands
        + referralCommands + followUpCommands + directoryCommands + reminderCommands + activityCommands
        + retentionCommands + clockCommands + doctorCommands + repairCommands
        + settingsCommands + conflictCommands + reportCommands + importCommands
        + exportCommands + serveCommands,
    texts: { arguments in Words(.spoken(arguments)).commandText })

let version = Release.version
