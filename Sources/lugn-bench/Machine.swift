import Foundation
import JSON
import SQLite

/// What it was measured on.
enum Machine {
    static var cores: Int { ProcessInfo.processInfo.activeProcessorCount }

    static var processor: String {
        guard let text = try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8) else { return "unknown" }
        let line = text.split(separator: "\n").first { $0.hasPrefix("model name") }
        return line?.split(separator: ":").last.map { $0.trimmingCharacters(in: .whitespaces) } ?? "unknown"
    }

    static var description: String {
        "\(processor), \(cores) cores, \(ProcessInfo.processInfo.operatingSystemVersionString), SQLite \(Connection.libraryVersion)"
    }

    static var json: JSONValue {
        [
            "processor": .string(processor), "cores": JSONValue(cores),
            "system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
            "sqlite": .string(Connection.libraryVersion),
        ]
    }
}
