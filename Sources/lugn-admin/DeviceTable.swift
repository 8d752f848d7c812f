import JSON
import Operations

/// Workstations as a table at a terminal.
enum DeviceTable {
    static let headings = [
        "ID", "NAME", "SEEN", "CURSOR", "LAG", "BEHIND", "UNSENT", "OLDEST UNSENT", "CLOCK", "VERSION", "SCHEMA",
        "EQUAL AT", "ASIDE", "UNOPENED", "NUMBERS",
    ]

    static func cells(_ row: DeviceRow) -> [String] {
        let equal =
            row.differs
            ? "DIFFERS" : Shown.text(row.device["agreedAt"]) + (row.device["verified"]?.bool == true ? "" : " ?")
        let since = Shown.milliseconds(row.device["lagSince"])
        return [
            row.id, row.name + (row.isRevoked ? " (revoked)" : ""),
            row.hasCalled ? Shown.duration(row.silence) : "never",
            Shown.text(row.device["cursor"]), "\(row.lag)", since.map { Shown.duration(row.now - $0) } ?? "-",
            "\(row.pending)", row.oldestPending.map { Shown.duration(row.now - $0) } ?? "-", "\(row.clockOffset) ms",
            row.version + (row.isTooOld ? " (too old)" : ""), Shown.text(row.device["schema"]), equal,
            "\(row.setAside)", "\(row.unopened)", "\(row.numbersLeft)",
        ]
    }
}
