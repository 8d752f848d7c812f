import ChangeLog
import JSON
import Merge
import Support
import SyncProtocol

/// `GET /v2/admin/status`: one screen of a server, as JSON.
struct StatusDocument {
    let report: MetricsReport

    var json: JSONValue {
        let host = report.host
        return [
            "serverTime": Self.time(report.now), "started": Self.time(report.started),
            "version": .string(Release.version), "ready": .bool(report.isReady),
            "waiting": JSONValue(report.waiting), "working": JSONValue(report.working),
            "workLimit": JSONValue(report.workLimit),
            "commitsLastMinute": JSONValue(report.metrics.history.commits(lastMinutes: 1)),
            "commitsLastHour": JSONValue(report.metrics.history.commits(lastMinutes: 60)),
            "commitsLastDay": JSONValue(report.metrics.history.commits(lastMinutes: MinuteHistory.length)),
            "store": [
                "bytes": Self.number(host.storeBytes), "logBytes": Self.number(host.logBytes),
                "freeBytes": Self.number(host.freeBytes),
            ],
            "backup": [
                "last": Self.time(host.lastBackup), "scheduled": .bool(host.hasBackupSchedule),
                "failure": host.backupFailure.map { .string($0) } ?? nil,
            ],
            "certificateExpires": Self.time(host.certificateExpires),
            "lines": .array(report.lines.enumerated().map { line($0 + 1, $1) }),
        ]
    }

    private func line(_ number: Int, _ overview: LineOverview) -> JSONValue {
        let line = overview.line
        let look = report.looks.first { $0.line == line.id }
        return [
            "line": .string(line.id.description), "number": JSONValue(number), "name": .string(line.name),
            "head": JSONValue(line.head), "liveChanges": JSONValue(line.liveChanges),
            "sealedBytes": JSONValue(line.sealedBytes), "replicas": JSONValue(line.replicas),
            "fingerprint": .string(line.fingerprint.description),
            "workstations": JSONValue(overview.welcome.count), "silent": JSONValue(overview.silent(report.now)),
            "unsent": JSONValue(overview.unsent), "oldestUnsent": Self.time(overview.oldestUnsent),
            "behind": JSONValue(overview.behind), "unverified": JSONValue(overview.unverified),
            "differing": JSONValue(overview.differing), "setAside": JSONValue(overview.setAside),
            "unopened": JSONValue(overview.unopened), "withoutNumbers": JSONValue(overview.withoutNumbers),
            "clockOffsetMilliseconds": JSONValue(overview.clockOffset),
            "restoration": restoration(overview),
            "verified": look.map { look in
                [
                    "at": Self.time(look.at), "sound": .bool(look.found.isSound),
                    "setAsideChanges": JSONValue(look.found.setAsideChanges),
                ]
            } ?? nil,
        ]
    }

    private func restoration(_ overview: LineOverview) -> JSONValue {
        guard let restoration = overview.line.restoration else { return nil }
        return [
            "at": Self.time(restoration.at), "workstationsBefore": JSONValue(restoration.devices),
            "broughtBack": JSONValue(overview.agreed), "completed": Self.time(restoration.completed),
        ]
    }

    static func time(_ milliseconds: Int64?) -> JSONValue {
        milliseconds.map { .string(UTCTime.rfc3339(milliseconds: $0)) } ?? nil
    }
    static func number(_ value: Int64?) -> JSONValue { value.map { JSONValue($0) } ?? nil }
}
