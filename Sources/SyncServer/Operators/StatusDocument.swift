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
            "commitsLastMinute": commits(1), "commitsLastHour": commits(60), "commitsLastDay": commits(minutesOfDay),
            "store": [
                "bytes": Self.number(host.storeBytes), "logBytes": Self.number(host.logBytes),
                "freeBytes": Self.number(host.freeBytes), "growth": growth,
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
        return [
            "line": .string(line.id.description), "number": JSONValue(number), "name": .string(line.name),
            "head": JSONValue(line.head), "liveChanges": JSONValue(line.liveChanges),
            "sealedBytes": JSONValue(line.sealedBytes), "replicas": JSONValue(line.replicas),
            "fingerprint": .string(line.fingerprint.description),
            "workstations": JSONValue(overview.welcome.count), "silent": JSONValue(overview.silent(report.now)),
            "inSync": JSONValue(overview.count(.inSync, report.now)),
            "away": JSONValue(overview.count(.away, report.now)),
            "unsent": JSONValue(overview.unsent), "oldestUnsent": Self.time(overview.oldestUnsent),
            "behind": JSONValue(overview.behind), "unverified": JSONValue(overview.unverified),
            "differing": JSONValue(overview.differing), "setAside": JSONValue(overview.setAside),
            "unopened": JSONValue(overview.unopened), "withoutNumbers": JSONValue(overview.withoutNumbers),
            "clockOffsetMilliseconds": JSONValue(overview.clockOffset),
            "restoration": restoration(overview),
            "tooOld": JSONValue(overview.tooOld),
            "minimumProgram": line.terms.minimumProgram.map { .string($0.description) } ?? nil,
            "quotaBytes": Self.number(line.terms.quotaBytes),
            "setAsideChanges": JSONValue(line.setAsideChanges), "conflicts": conflicts(line),
            "verified": line.verified.map { note in
                ["at": Self.time(note.at), "sound": .bool(note.isSound)]
            } ?? nil,
        ]
    }

    /// As it was when it was last counted; null before that.
    private func conflicts(_ line: LineSummary) -> JSONValue {
        guard let look = report.conflicts.latest(line.id) else { return nil }
        return [
            "records": JSONValue(look.records), "oldest": Self.time(look.oldest), "at": Self.time(look.at),
            "isCurrent": .bool(look.head == line.head),
        ]
    }

    private func commits(_ minutes: Int) -> JSONValue {
        JSONValue(report.metrics.history.commits(lastMinutes: minutes, of: report.lines.map(\.line.id)))
    }

    /// Null while it has been watched for less than an hour.
    private var growth: JSONValue {
        guard let growth = report.metrics.history.growth() else { return nil }
        return ["bytes": JSONValue(growth.bytes), "minutes": JSONValue(growth.minutes)]
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
