import ChangeLog
import JSON
import Merge
import SyncProtocol
import Trust

/// `GET /v2/admin/devices`: how each workstation of a line stands, as JSON.
struct DevicesDocument {
    /// All that the roster knows, also such that never called.
    let members: [DeviceSummary]
    let line: LineOverview
    /// Says by whom each was let in and removed.
    let roster: Roster?
    /// When the first commit was written that a workstation has not fetched, by its device; for those that lag.
    let lagSince: [Int64: Int64]
    let now: Int64

    var json: JSONValue {
        let standings = Dictionary(
            line.devices.map { ($0.latest.deviceID, $0) }, uniquingKeysWith: { first, _ in first })
        return .array(
            members.map { member in
                var document = self.member(member)
                let standing = standings[member.id]
                document.append(JSONMember("state", .string(state(member, standing).rawValue)))
                if let standing { document += self.standing(standing) }
                return .object(document)
            })
    }

    private func member(_ member: DeviceSummary) -> [JSONMember] {
        let known = roster?.state.members[member.id]
        return [
            JSONMember("device", .string(member.id.description)),
            JSONMember("label", member.label.map { .string($0) } ?? nil),
            JSONMember("name", .string(member.label ?? "")),
            JSONMember("role", .string(member.role == .lead ? "lead" : "counsellor")),
            JSONMember("admitted", StatusDocument.time(member.admitted)),
            JSONMember("admittedBy", author(of: known?.admitted)),
            JSONMember("removedAt", StatusDocument.time(known?.removedAt)),
            JSONMember("removedBy", author(of: known?.removed)),
            JSONMember("removed", .bool(member.isRemoved)), JSONMember("blocked", .bool(member.isBlocked)),
            JSONMember("revoked", .bool(member.isRemoved || member.isBlocked)),
            JSONMember("lastSeen", StatusDocument.time(member.lastSeen)),
        ]
    }

    /// Who wrote an entry of the roster; null for the line's recovery sheet, and where the entry is not known.
    private func author(of entry: UInt64?) -> JSONValue {
        guard let entry, let roster, entry < roster.entries.count else { return nil }
        let author = roster.entries[Int(entry)].entry.author
        return roster.state.members[author] == nil ? nil : .string(author.description)
    }

    private func state(_ member: DeviceSummary, _ standing: DeviceStanding?) -> DeviceState {
        if member.isRemoved || member.isBlocked { return .out }
        return standing.map { DeviceState($0, terms: line.line.terms, now: now) } ?? .never
    }

    /// How it stood when it last called; not there for one that never did.
    private func standing(_ device: DeviceStanding) -> [JSONMember] {
        let latest = device.latest
        let document: JSONValue = [
            "cursor": JSONValue(latest.cursor),
            "lag": JSONValue(latest.lag), "lagSince": StatusDocument.time(lagSince[device.device]),
            "pending": JSONValue(latest.pending), "oldestPending": StatusDocument.time(latest.oldestPending),
            "clockOffsetMilliseconds": JSONValue(latest.clockOffsetMilliseconds),
            "program": .string(latest.condition.program),
            "tooOld": .bool(line.line.terms.areTooNew(for: latest.condition.program)),
            "schema": JSONValue(latest.schema),
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
        guard case .object(let members) = document else { return [] }
        return members
    }
}
