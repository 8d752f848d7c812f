import ChangeLog
import JSON
import Merge
import SyncProtocol

/// `GET /v2/admin/devices`: how each workstation of a line stands, as JSON.
struct DevicesDocument {
    let line: LineOverview
    /// When the first commit was written that a workstation has not fetched, by its device; for those that lag.
    let lagSince: [Int64: Int64]

    var json: JSONValue { .array(line.devices.map(device)) }

    private func device(_ device: DeviceStanding) -> JSONValue {
        let latest = device.latest
        return [
            "device": JSONValue(device.device), "name": .string(device.name), "revoked": .bool(device.isRevoked),
            "lastSeen": StatusDocument.time(latest.lastSeen), "cursor": JSONValue(latest.cursor),
            "lag": JSONValue(latest.lag), "lagSince": StatusDocument.time(lagSince[device.device]),
            "pending": JSONValue(latest.pending), "oldestPending": StatusDocument.time(latest.oldestPending),
            "clockOffsetMilliseconds": JSONValue(latest.clockOffsetMilliseconds),
            "program": .string(latest.condition.program), "schema": JSONValue(latest.schema),
            "verified": latest.isVerified.map { .bool($0) } ?? nil,
            "agreedAt": latest.agreed.map { JSONValue($0) } ?? nil,
            "setAside": JSONValue(latest.condition.setAside), "unopened": JSONValue(latest.condition.unopened),
            "numbersLeft": JSONValue(latest.condition.numbersLeft),
            "replicas": .array(
                device.replicas.map { replica in
                    [
                        "replica": .string(replica.replica.description),
                        "lastSeen": StatusDocument.time(replica.lastSeen), "lastNumber": JSONValue(replica.lastNumber),
                    ]
                }),
        ]
    }
}
