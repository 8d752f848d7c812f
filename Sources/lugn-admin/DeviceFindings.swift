import JSON
import SyncProtocol

/// What is wrong with a line's workstations, by what they said when they last called.
struct DeviceFindings {
    let rows: [DeviceRow]
    let serverVersion: String

    private static let day: Int64 = 86_400_000
    private static let minute: Int64 = 60_000

    func all() -> [Finding] { serverClock() + welcome.flatMap(one) }

    private var welcome: [DeviceRow] { rows.filter { !$0.isRevoked } }

    /// If all clocks are wrong by the same, it is the server's that is.
    private var isServerClockWrong: Bool {
        let offsets = welcome.map(\.clockOffset).sorted()
        guard offsets.count >= 3, let least = offsets.first, let greatest = offsets.last else { return false }
        return min(least.magnitude, greatest.magnitude) > Self.minute && greatest - least < Self.minute
    }

    private func serverClock() -> [Finding] {
        guard isServerClockWrong, let offset = welcome.first?.clockOffset else { return [] }
        return [
            Finding(
                "server",
                "its clock differs by \(Shown.duration(offset)) from those of all \(welcome.count) workstations, which agree",
                mend: "let it keep time: timedatectl set-ntp true")
        ]
    }

    private func one(_ row: DeviceRow) -> [Finding] {
        let place = "\(row.name) (\(row.id))"
        return (atRisk(row) + state(row) + program(row)).map { Finding(place, $0.fault, mend: $0.mend) }
    }

    private typealias Fault = (fault: String, mend: String)

    private func atRisk(_ row: DeviceRow) -> [Fault] {
        var faults: [Fault] = []
        if row.differs {
            faults.append(
                (
                    "it and the server were proven to hold different things",
                    "run lugn verify there, and report it: a fault of Lugn"
                ))
        }
        if let oldest = row.oldestPending, row.pending > 0, row.now - oldest > Self.day {
            faults.append(
                (
                    "\(row.pending) commits, the oldest \(Shown.duration(row.now - oldest)) old, were on its disk only when it "
                        + "last called",
                    "have it started and connected; until then its computer must not be wiped"
                ))
        }
        if row.setAside > 0 {
            faults.append(
                (
                    "\(row.setAside) commits were refused and are kept there",
                    "a counsellor looks at them with lugn status"
                ))
        }
        return faults
    }

    private func state(_ row: DeviceRow) -> [Fault] {
        var faults: [Fault] = []
        if row.isSilent {
            faults.append(
                (
                    "it was not heard of for \(Shown.duration(row.silence))",
                    "ask who has it; if it is lost: lugn-admin revoke, and the line's key is changed"
                ))
        } else if row.lag > 1_000 {
            faults.append(
                ("it calls, and has not fetched \(row.lag) commits", "run lugn doctor there: its disk may be full"))
        }
        if row.unopened > 0 {
            faults.append(
                (
                    "it cannot open \(row.unopened) changes",
                    "update its program, and see that it has the line's latest key"
                ))
        }
        if row.clockOffset.magnitude > Self.minute, !isServerClockWrong {
            faults.append(
                (
                    "its clock is wrong by \(Shown.duration(row.clockOffset))",
                    "let its computer keep time by the network"
                ))
        }
        if row.numbersLeft == 0 {
            faults.append(
                (
                    "it has no reference numbers left",
                    "connect it: numbers come with the next exchange; until then cases wait"
                ))
        }
        if (row.device["replicas"]?.array?.count ?? 1) > 5 {
            faults.append(
                (
                    "it has called under \(row.device["replicas"]?.array?.count ?? 0) replica ids",
                    "two computers may work on copies of one data folder, or a backup program puts old files back"
                ))
        }
        return faults
    }

    private func program(_ row: DeviceRow) -> [Fault] {
        var faults: [Fault] = []
        if row.isTooOld {
            faults.append(
                (
                    "its program is version \(row.version), older than the line serves: nothing is exchanged with it",
                    "update it; what was written there is kept, and sent then"
                ))
        } else if let version = ProgramVersion(row.version), let server = ProgramVersion(serverVersion),
            version < server
        {
            faults.append(
                (
                    "its program is version \(row.version), and the server's \(serverVersion)",
                    "update it: docs/operations.md"
                ))
        }
        let newest = welcome.compactMap { $0.device["schema"]?.integer }.max() ?? 0
        if let schema = row.device["schema"]?.integer, schema < newest {
            faults.append(
                (
                    "its schema is \(schema), and another workstation's \(newest): it shows nothing of what is new there",
                    "update it; what it cannot show is kept"
                ))
        }
        return faults
    }
}
