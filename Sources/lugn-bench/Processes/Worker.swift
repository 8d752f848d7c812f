import Foundation
import JSON

/// A process that is one or several workstations: `lugn-bench worker WHAT JOB`, started by lugn-bench itself.
///
/// The job is a file with one JSON document, the result one on standard output.
enum Worker {
    /// Whether this process is one.
    static var isThis: Bool { CommandLine.arguments.count == 4 && CommandLine.arguments[1] == "worker" }

    /// Does what the command line says, and returns the exit code.
    static func main() async -> Int32 {
        do {
            guard let data = FileManager.default.contents(atPath: CommandLine.arguments[3]) else {
                throw BenchError("the job cannot be read")
            }
            let job = try JSONValue(parsing: String(decoding: data, as: UTF8.self))
            let result =
                switch CommandLine.arguments[2] {
                case "push": try await PushWorker(job).run()
                case "pull": try await PullWorker(job).run()
                default: throw BenchError("there is no such work")
                }
            print(result.text)
            return 0
        } catch {
            FileHandle.standardError.write(Data("\(error)\n".utf8))
            return 1
        }
    }

    /// Runs one and returns its result.
    static func run(_ work: String, _ job: JSONValue, in folder: String) throws -> JSONValue {
        let path = folder + "/" + work
        try Data(job.text.utf8).write(to: URL(fileURLWithPath: path + ".json"))
        let process = try ChildProcess(Programs.own, ["worker", work, path + ".json"], writingTo: path)
        try process.wait()
        return try JSONValue(parsing: process.output)
    }
}

extension JSONValue {
    /// A member that must be there.
    func text(_ name: String) throws -> String {
        guard let text = self[name]?.string else { throw BenchError("'\(name)' is missing") }
        return text
    }

    func number(_ name: String) throws -> Int {
        guard let number = self[name]?.integer else { throw BenchError("'\(name)' is missing") }
        return Int(number)
    }
}
