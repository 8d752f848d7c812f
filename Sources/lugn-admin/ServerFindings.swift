import JSON
import Support

/// What is wrong with a server, by its status.
struct ServerFindings {
    let status: JSONValue

    private var now: Int64 { Shown.milliseconds(status["serverTime"]) ?? 0 }
    private static let day: Int64 = 86_400_000
    /// A backup each hour is what docs/operations.md sets up; one may be late.
    private static let oldestBackup: Int64 = 3 * 3_600_000

    func all() -> [Finding] {
        disk() + backups() + certificate() + load() + (status["lines"]?.array ?? []).flatMap(line)
    }

    private func disk() -> [Finding] {
        var findings: [Finding] = []
        if status["ready"]?.bool == false {
            findings.append(
                Finding(
                    "server", "its store cannot be written: the disk is full, read-only, fails or is gone",
                    mend: "free some room or mount the disk again; workstations keep what they write, and send it then")
            )
        }
        let store = (status["store"]?["bytes"]?.integer ?? 0) + (status["store"]?["logBytes"]?.integer ?? 0)
        if let free = status["store"]?["freeBytes"]?.integer, free < 2 * store || free < 64 << 20 {
            findings.append(
                Finding(
                    "server",
                    "\(Shown.bytes(JSONValue(free))) are left on its disk, less than a backup and some work need",
                    mend: "make room, or give it a larger disk"))
        }
        let log = status["store"]?["logBytes"]?.integer ?? 0
        if log > 256 << 20 {
            findings.append(
                Finding(
                    "server",
                    "its write-ahead log has \(Shown.bytes(JSONValue(log))): something has been reading for long",
                    mend: "end programs that read the store; if there are none, restart the server"))
        }
        return findings
    }

    private func backups() -> [Finding] {
        if let failure = status["backup"]?["failure"]?.string {
            return [
                Finding(
                    "server", "the last backup failed: \(failure)", mend: "mend that; it is tried again each minute")
            ]
        }
        guard let last = Shown.milliseconds(status["backup"]?["last"]) else {
            return [
                Finding(
                    "server", "there is no backup",
                    mend: "set backup-dir in /etc/lugn/server.conf, or make one: lugn-server backup FILE")
            ]
        }
        guard now - last > Self.oldestBackup else { return [] }
        return [
            Finding(
                "server", "the last backup is \(Shown.duration(now - last)) old",
                mend: status["backup"]?["scheduled"]?.bool == true
                    ? "look for backup-failed in its log"
                    : "set backup-dir in /etc/lugn/server.conf, so that it makes them")
        ]
    }

    private func certificate() -> [Finding] {
        guard let expires = Shown.milliseconds(status["certificateExpires"]), expires - now < 14 * Self.day else {
            return []
        }
        return [
            Finding(
                "server",
                expires < now
                    ? "its certificate ended \(Shown.duration(now - expires)) ago: no workstation can reach it"
                    : "its certificate ends in \(Shown.duration(expires - now))",
                mend: "put a new one where tls-certificate and tls-key say, then: systemctl reload lugn-server")
        ]
    }

    private func load() -> [Finding] {
        guard let working = status["working"]?.integer, let limit = status["workLimit"]?.integer,
            working * 10 > limit * 9
        else {
            return []
        }
        return [
            Finding(
                "server", "it works on \(working) requests of at most \(limit)",
                mend:
                    "if that stays so, look at lugn-admin watch: one workstation may repeat itself; else a faster disk")
        ]
    }

    private func line(_ line: JSONValue) -> [Finding] {
        let name = Shown.text(line["name"])
        var findings: [Finding] = []
        if let damaged = line["setAsideChanges"]?.integer, damaged > 0 {
            findings.append(
                Finding(
                    name, "\(damaged) changes of the store were found damaged",
                    mend:
                        "let every workstation run lugn verify, which brings them back; look at the disk, and verify again"
                ))
        }
        if let quota = line["quotaBytes"]?.integer, let held = line["sealedBytes"]?.integer, held * 10 >= quota * 9 {
            findings.append(
                Finding(
                    name,
                    held >= quota
                        ? "it holds the \(Shown.bytes(line["quotaBytes"])) that it may hold: workstations keep what they write"
                        : "it holds \(Shown.bytes(line["sealedBytes"])) of the \(Shown.bytes(line["quotaBytes"])) that it may hold",
                    mend: "give it more: lugn-admin line set \(Shown.text(line["line"])) --quota BYTES"))
        }
        if let restoration = line["restoration"], restoration != .null, restoration["completed"] == .null,
            let before = restoration["workstationsBefore"]?.integer, before > 0
        {
            findings.append(
                Finding(
                    name,
                    "it was restored \(Shown.age(restoration["at"], now: status["serverTime"])) ago, and "
                        + "\(Shown.text(restoration["broughtBack"])) of \(Shown.text(line["workstations"])) workstations have "
                        + "brought back what they hold",
                    mend: "have the others sync; lugn-admin devices shows them with a question mark at EQUAL AT"))
        }
        return findings
    }
}
