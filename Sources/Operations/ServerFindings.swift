public import JSON
import Support

/// What is wrong with a server, by its status.
public struct ServerFindings {
    private let status: JSONValue

    private var now: Int64 { Shown.milliseconds(status["serverTime"]) ?? 0 }
    private static let day: Int64 = 86_400_000
    /// A backup each hour is what docs/operations.md sets up; one may be late.
    private static let oldestBackup: Int64 = 3 * 3_600_000

    public init(status: JSONValue) { self.status = status }

    public func all() -> [Finding] {
        disk() + backups() + certificate() + load() + (status["lines"]?.array ?? []).flatMap(line)
    }

    private func disk() -> [Finding] {
        var findings: [Finding] = []
        if status["ready"]?.bool == false { findings.append(Finding("server", "notReady")) }
        let store = (status["store"]?["bytes"]?.integer ?? 0) + (status["store"]?["logBytes"]?.integer ?? 0)
        if let free = status["store"]?["freeBytes"]?.integer, free < 2 * store || free < 64 << 20 {
            findings.append(Finding("server", "diskLow", ["free": Shown.bytes(JSONValue(free))]))
        }
        let log = status["store"]?["logBytes"]?.integer ?? 0
        if log > 256 << 20 { findings.append(Finding("server", "logLong", ["bytes": Shown.bytes(JSONValue(log))])) }
        return findings
    }

    private func backups() -> [Finding] {
        if let failure = status["backup"]?["failure"]?.string {
            return [Finding("server", "backupFailed", ["why": failure])]
        }
        guard let last = Shown.milliseconds(status["backup"]?["last"]) else { return [Finding("server", "noBackup")] }
        guard now - last > Self.oldestBackup else { return [] }
        let key = status["backup"]?["scheduled"]?.bool == true ? "backupLate" : "backupOld"
        return [Finding("server", key, ["age": Shown.duration(now - last)])]
    }

    private func certificate() -> [Finding] {
        guard let expires = Shown.milliseconds(status["certificateExpires"]), expires - now < 14 * Self.day else {
            return []
        }
        return [
            Finding(
                "server", expires < now ? "certificateEnded" : "certificateEnds",
                ["age": Shown.duration(abs(expires - now))])
        ]
    }

    private func load() -> [Finding] {
        guard let working = status["working"]?.integer, let limit = status["workLimit"]?.integer,
            working * 10 > limit * 9
        else {
            return []
        }
        return [Finding("server", "busy", ["count": "\(working)", "limit": "\(limit)"])]
    }

    private func line(_ line: JSONValue) -> [Finding] {
        (damage(line) + room(line) + restoration(line)).map { key, values in
            var finding = Finding(Shown.text(line["name"]), key, values)
            finding.line = line["line"]?.string
            return finding
        }
    }

    private typealias Fault = (key: String, values: [String: String])

    private func damage(_ line: JSONValue) -> [Fault] {
        guard let damaged = line["setAsideChanges"]?.integer, damaged > 0 else { return [] }
        return [("damaged", ["count": "\(damaged)"])]
    }

    private func room(_ line: JSONValue) -> [Fault] {
        guard let quota = line["quotaBytes"]?.integer, let held = line["sealedBytes"]?.integer, held * 10 >= quota * 9
        else { return [] }
        return [
            (
                held >= quota ? "quotaFull" : "quotaNear",
                [
                    "held": Shown.bytes(line["sealedBytes"]), "quota": Shown.bytes(line["quotaBytes"]),
                    "line": Shown.text(line["line"]),
                ]
            )
        ]
    }

    private func restoration(_ line: JSONValue) -> [Fault] {
        guard let restoration = line["restoration"], restoration != .null, restoration["completed"] == .null,
            let before = restoration["workstationsBefore"]?.integer, before > 0
        else { return [] }
        return [
            (
                "restored",
                [
                    "age": Shown.age(restoration["at"], now: status["serverTime"]),
                    "back": Shown.text(restoration["broughtBack"]), "count": Shown.text(line["workstations"]),
                ]
            )
        ]
    }
}
