import Commands
import JSON

/// A workstation as lists of operators show it.
struct DeviceRow {
    let device: JSONValue
    /// The server's time.
    let now: Int64

    private static let day: Int64 = 86_400_000

    var id: String { Shown.text(device["device"]) }
    var name: String { Shown.text(device["name"]) }
    var isRevoked: Bool { device["revoked"]?.bool == true }
    var lag: Int64 { device["lag"]?.integer ?? 0 }
    var pending: Int64 { device["pending"]?.integer ?? 0 }
    var lastSeen: Int64 { Shown.milliseconds(device["lastSeen"]) ?? 0 }
    var silence: Int64 { now - lastSeen }
    var isSilent: Bool { silence > Self.day }
    var clockOffset: Int64 { device["clockOffsetMilliseconds"]?.integer ?? 0 }
    var oldestPending: Int64? { Shown.milliseconds(device["oldestPending"]) }
    var differs: Bool { device["verified"]?.bool == false }
    var setAside: Int64 { device["setAside"]?.integer ?? 0 }
    var unopened: Int64 { device["unopened"]?.integer ?? 0 }
    /// Than the line serves.
    var isTooOld: Bool { device["tooOld"]?.bool == true }
    var numbersLeft: Int64 { device["numbersLeft"]?.integer ?? 0 }

    /// Whether an operator should look at it.
    var isTroubled: Bool {
        !isRevoked
            && (isSilent || differs || isTooOld || setAside > 0 || unopened > 0 || clockOffset.magnitude > 60_000
                || oldestPending.map { now - $0 > Self.day } == true)
    }

    static let headings = [
        "ID", "NAME", "SEEN", "CURSOR", "LAG", "BEHIND", "UNSENT", "OLDEST UNSENT", "CLOCK", "VERSION", "SCHEMA",
        "EQUAL AT",
        "ASIDE", "UNOPENED", "NUMBERS",
    ]

    func cells(_ output: Output) -> [String] {
        let equal =
            differs
            ? "DIFFERS" : Shown.text(device["agreedAt"]) + (device["verified"]?.bool == true ? "" : " ?")
        let since = Shown.milliseconds(device["lagSince"])
        return [
            id, name + (isRevoked ? " (revoked)" : ""), Shown.duration(silence), Shown.text(device["cursor"]), "\(lag)",
            since.map { Shown.duration(now - $0) } ?? "-", "\(pending)",
            oldestPending.map { Shown.duration(now - $0) } ?? "-", "\(clockOffset) ms",
            version + (isTooOld ? " (too old)" : ""),
            Shown.text(device["schema"]), equal, "\(setAside)", "\(unopened)", "\(numbersLeft)",
        ]
    }

    var version: String { (device["program"]?.string).flatMap { $0.isEmpty ? nil : $0 } ?? "-" }

    // MARK: Sorting and choosing

    static let orders = ["name", "seen", "lag", "unsent", "clock", "version"]
    static let choices = [
        "troubled", "silent", "behind", "unsent", "differing", "aside", "unopened", "too-old", "revoked",
    ]

    /// Whether it stands before another; the worst first.
    func precedes(_ other: DeviceRow, by order: String) -> Bool {
        switch order {
        case "seen": silence > other.silence
        case "lag": lag > other.lag
        case "unsent": pending > other.pending
        case "clock": clockOffset.magnitude > other.clockOffset.magnitude
        case "version": version < other.version
        default: name < other.name
        }
    }

    func isChosen(by choice: String) -> Bool {
        switch choice {
        case "troubled": isTroubled
        case "silent": !isRevoked && isSilent
        case "behind": !isRevoked && lag > 0
        case "unsent": !isRevoked && pending > 0
        case "differing": differs
        case "aside": setAside > 0
        case "unopened": unopened > 0
        case "too-old": !isRevoked && isTooOld
        default: isRevoked
        }
    }
}
