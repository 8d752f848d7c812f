import JSON
import SyncProtocol

/// What is wrong with a line's workstations, by what they said when they last called.
public struct DeviceFindings {
    private let rows: [DeviceRow]
    private let line: String
    private let serverVersion: String

    private static let day: Int64 = 86_400_000
    private static let minute: Int64 = 60_000

    /// - Parameter line: its id.
    public init(rows: [DeviceRow], line: String, serverVersion: String) {
        self.rows = rows
        self.line = line
        self.serverVersion = serverVersion
    }

    public func all() -> [Finding] { (serverClock() + welcome.flatMap(one)).map(placed) }

    private func placed(_ finding: Finding) -> Finding {
        var finding = finding
        finding.line = line
        return finding
    }

    private var welcome: [DeviceRow] { rows.filter { !$0.isRevoked } }

    /// If all clocks are wrong by the same, it is the server's that is.
    private var isServerClockWrong: Bool {
        let offsets = welcome.map(\.clockOffset).sorted()
        guard offsets.count >= 3, let least = offsets.first, let greatest = offsets.last else { return false }
        return min(least.magnitude, greatest.magnitude) > Self.minute && greatest - least < Self.minute
    }

    private func serverClock() -> [Finding] {
        guard isServerClockWrong, let offset = welcome.first?.clockOffset else { return [] }
        return [Finding("server", "serverClock", ["by": Shown.duration(offset), "count": "\(welcome.count)"])]
    }

    private func one(_ row: DeviceRow) -> [Finding] {
        (atRisk(row) + state(row) + program(row)).map { key, values in
            var finding = Finding("\(row.name) (\(row.id))", key, values)
            finding.device = row.id
            return finding
        }
    }

    private typealias Fault = (key: String, values: [String: String])

    private func atRisk(_ row: DeviceRow) -> [Fault] {
        var faults: [Fault] = []
        if row.differs { faults.append(("differs", [:])) }
        if let oldest = row.oldestPending, row.pending > 0, row.now - oldest > Self.day {
            faults.append(("unsent", ["count": "\(row.pending)", "age": Shown.duration(row.now - oldest)]))
        }
        if row.setAside > 0 { faults.append(("setAside", ["count": "\(row.setAside)"])) }
        return faults
    }

    private func state(_ row: DeviceRow) -> [Fault] {
        var faults: [Fault] = []
        if row.hasCalled, row.isSilent {
            faults.append(("silent", ["age": Shown.duration(row.silence)]))
        } else if row.lag > 1_000 {
            faults.append(("lags", ["count": "\(row.lag)"]))
        }
        if row.unopened > 0 { faults.append(("unopened", ["count": "\(row.unopened)"])) }
        if row.clockOffset.magnitude > Self.minute, !isServerClockWrong {
            faults.append(("clock", ["by": Shown.duration(row.clockOffset)]))
        }
        if row.hasCalled, row.numbersLeft == 0 { faults.append(("noNumbers", [:])) }
        if row.replicas.count > 5 { faults.append(("manyReplicas", ["count": "\(row.replicas.count)"])) }
        return faults
    }

    private func program(_ row: DeviceRow) -> [Fault] {
        var faults: [Fault] = []
        if row.isTooOld {
            faults.append(("tooOld", ["version": row.version]))
        } else if let version = ProgramVersion(row.version), let server = ProgramVersion(serverVersion),
            version < server
        {
            faults.append(("older", ["version": row.version, "server": serverVersion]))
        }
        let newest = welcome.compactMap { $0.device["schema"]?.integer }.max() ?? 0
        if let schema = row.device["schema"]?.integer, schema < newest {
            faults.append(("schema", ["schema": "\(schema)", "newest": "\(newest)"]))
        }
        return faults
    }
}
