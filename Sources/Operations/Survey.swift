public import JSON

/// A server and the workstations of its lines as they stand at one moment, and what is wrong with them.
public struct Survey: Sendable {
    public var status: JSONValue
    /// By the lines' ids.
    public var devices: [String: [DeviceRow]]
    public var findings: [Finding]

    public var now: Int64 { Shown.milliseconds(status["serverTime"]) ?? 0 }

    /// - Parameters:
    ///   - wanted: the ids of the lines whose workstations are looked at; nil: of all that ``Survey/worthLooking(_:)`` names.
    ///   - get: asks the server.
    public static func make(
        lines wanted: [String]? = nil,
        get: (_ path: String, _ query: [(String, String)]) async throws -> JSONValue
    ) async throws -> Survey {
        let status = try await get("/v2/admin/status", [])
        var survey = Survey(status: status, devices: [:], findings: ServerFindings(status: status).all())
        for line in wanted ?? worthLooking(status) {
            let devices = try await get("/v2/admin/devices", [("line", line)]).array ?? []
            let rows = devices.map { DeviceRow(device: $0, now: survey.now) }
            survey.devices[line] = rows
            survey.findings += DeviceFindings(
                rows: rows, line: line, serverVersion: Shown.text(status["version"])
            ).all()
        }
        return survey
    }

    /// Of a server with many lines those whose counts say that something is wrong: so many requests are no burden.
    private static func worthLooking(_ status: JSONValue) -> [String] {
        let lines = status["lines"]?.array ?? []
        let now = Shown.milliseconds(status["serverTime"]) ?? 0
        return lines.filter { line in
            lines.count <= largestSmallCount
                || ["silent", "differing", "setAside", "unopened", "tooOld", "withoutNumbers"]
                    .contains { (line[$0]?.integer ?? 0) > 0 }
                || (line["clockOffsetMilliseconds"]?.integer ?? 0) > 60_000
                || Shown.milliseconds(line["oldestUnsent"]).map { now - $0 > 86_400_000 } == true
        }.compactMap { $0["line"]?.string }
    }
    private static let largestSmallCount = 10
}
