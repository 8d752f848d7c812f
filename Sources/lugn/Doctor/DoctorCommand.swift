import Casework
import Commands
import JSON
import Replica
import Support

let doctorCommands: [Command] = [
    Command(
        "doctor", options: [.value("report", "FILE")], example: "lugn doctor\nlugn doctor --report doctor.json"
    ) { context in
        let workplace = try Workplace(context)
        let progress = Progress(context.output)
        progress.update(context.words("doctor.looking"))
        let found =
            ComputerExamination(folder: workplace.folder).all()
            + (try DataExamination(workplace: workplace, now: systemWallMilliseconds()).all())
            + (try await NetworkExamination(workplace: workplace).all())
        progress.finish()
        let report: JSONValue = [
            "version": .string(Release.version), "at": .string(UTCTime.rfc3339(milliseconds: systemWallMilliseconds())),
            "found": .array(found.map(\.json)),
        ]
        if let path = context.value("report") {
            let file = try NewFile.new(path)
            try file.write(report.indentedText + "\n")
            try file.close()
            context.output.note(context.words("doctor.report"))
        }
        if context.flag("json") {
            context.output.write(report)
        } else {
            for examination in found { examination.lines(context.words).forEach { context.output.print($0) } }
        }
        let faults = found.count { $0.result == .fault }
        if faults > 0 {
            throw CommandFailure(.failed, key: "failure.doctor", ["count": "\(faults)"])
        }
    }
]
