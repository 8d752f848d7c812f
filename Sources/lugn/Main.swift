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
    name: "lugn", version: version,
    summary: "Casework of a helpline, on this computer, online or not.",
    globalOptions: [
        .value("data", "DIR", "Where the data are. Otherwise $LUGN_DATA, or the XDG data folder."),
        .flag("json", "Print one JSON document.").short("j"),
        .choice("lang", Words.Language.allCases.map(\.rawValue), "What the program answers in; by LANG otherwise."),
    ],
    commands: joinCommands + leadCommands + lineCommands + callCommands + todayCommands + caseCommands + closingCommands
        + contactCommands
        + promiseCommands
        + referralCommands + followUpCommands + directoryCommands + reminderCommands + activityCommands
        + retentionCommands + clockCommands
        + settingsCommands + conflictCommands + reportCommands + importCommands
        + exportCommands + serveCommands)

let version = Release.version
