import Replica
import SQLite
import Support
import SyncProtocol

/// Looks at the data: whether the file is sound, what waits in it, and which versions are at work.
struct DataExamination {
    let workplace: Workplace
    let now: Int64

    private static let day: Int64 = 86_400_000

    func all() throws -> [Examination] {
        let status = try workplace.replica.status()
        return [try file(), try sum(status), versions(status), unsent(status), clock(status)] + rest(status)
    }

    private func file() throws -> Examination {
        let connection = try Connection(path: workplace.replica.path, mode: .readOnly)
        let problems = try connection.quickCheck()
        return problems.isEmpty ? .well("data.file") : .fault("data.file", ["count": "\(problems.count)"])
    }

    private func sum(_ status: ReplicaStatus) throws -> Examination {
        try workplace.replica.recomputedFingerprint() == workplace.replica.status().fingerprint
            ? .well("data.sum") : .fault("data.sum")
    }

    private func versions(_ status: ReplicaStatus) -> Examination {
        .well(
            "data.versions",
            [
                "program": Release.version, "schema": "\(status.schema)", "protocol": "\(SyncRequest.version)",
                "sqlite": Connection.libraryVersion,
            ])
    }

    private func unsent(_ status: ReplicaStatus) -> Examination {
        guard status.pending > 0 else { return .well("data.unsent") }
        let age = status.oldestPending.map { max(0, now - $0) } ?? 0
        let values = ["count": "\(status.pending)", "hours": "\(age / 3_600_000)"]
        return age > Self.day ? .fault("data.unsent", values) : .well("data.waiting", values)
    }

    private func clock(_ status: ReplicaStatus) -> Examination {
        let values = ["seconds": "\(status.clockOffsetMilliseconds / 1_000)"]
        return status.clockOffsetMilliseconds.magnitude > 60_000 ? .fault("clock", values) : .well("clock", values)
    }

    private func rest(_ status: ReplicaStatus) -> [Examination] {
        var found: [Examination] = []
        if status.setAside > 0 { found.append(.fault("data.setAside", ["count": "\(status.setAside)"])) }
        if status.unopened > 0 { found.append(.fault("data.unopened", ["count": "\(status.unopened)"])) }
        if status.line != nil, status.freeNumbers == 0 { found.append(.fault("data.numbers")) }
        if status.isVerified == false { found.append(.fault("data.different")) }
        return found
    }
}
