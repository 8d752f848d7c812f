import Merge
import SQLite
import SyncProtocol
import Trust

/// Begins a line. Inside the caller's transaction.
struct Founder {
    let connection: Connection
    let now: Int64

    /// Returns why not; what was noted of the attempt stays then.
    func found(_ roster: Roster, _ boxes: [EpochBox], by id: InvitationID, log: [UInt8]) throws -> ChangeLogError? {
        let invitations = InvitationTable(connection: connection)
        guard var invited = try invitations.find(id), invited.kind == .found else {
            return ChangeLogError(.unknownInvitation, "this invitation founds no line; nothing was changed")
        }
        if invited.state == .done, invited.line == roster.line { return nil }
        if let code = invited.standing(now) {
            if invited.state == .done {
                invited.isContested = true
                try invitations.save(invited)
            }
            return ChangeLogError(joining: code)
        }
        guard try LineTable(connection: connection).find(roster.line) == nil else {
            return ChangeLogError(.lineExists, "this line was founded before; nothing was changed")
        }
        try insert(roster, boxes, name: invited.lineName ?? "", log: log)
        invited.line = roster.line
        _ = invited.take(.admitted, now: now)
        try invitations.save(invited)
        try AuditTable(connection: connection).append(.founded, line: roster.line, subject: id.bytes, now: now)
        return nil
    }

    /// The workstations of a line whose store was lost have brought its roster. False for a line that nobody awaits.
    func bringBack(_ roster: Roster, log: [UInt8]) throws -> Bool {
        let awaited = AwaitedLineTable(connection: connection)
        guard let name = try awaited.name(of: roster.line) else { return false }
        let ref = try insert(roster, [], name: name, log: log)
        try awaited.delete(roster.line)
        try RestorationTable(connection: connection).begin(line: ref, devices: roster.state.present.count, now: now)
        try AuditTable(connection: connection).append(.lineBroughtBack, line: roster.line, subject: nil, now: now)
        return true
    }

    /// The next line's key. Errors: `tooManyLines`.
    @discardableResult
    static func requireRoom(_ connection: Connection) throws -> Int64 {
        let ref = try (LineTable(connection: connection).all().last?.ref ?? 0) + 1
        guard ref <= LogKey.lastLine else {
            throw ChangeLogError(
                .tooManyLines,
                "a store holds \(LogKey.lastLine) lines and this one is full; nothing was changed: start another store")
        }
        return ref
    }

    @discardableResult
    private func insert(_ roster: Roster, _ boxes: [EpochBox], name: String, log: [UInt8]) throws -> Int64 {
        let lines = LineTable(connection: connection)
        let ref = try Self.requireRoom(connection)
        let table = BoxTable(connection: connection, line: ref)
        let first = roster.entries[0].entry.author
        for box in boxes where box.epoch == 1 && roster.state.keyHolders.contains(box.device) {
            try table.add(box, by: first, roster.state)
        }
        try lines.insert(
            LineState(
                ref: ref, id: roster.line, name: name, log: log, head: 0, check: Cursor.start.check,
                fingerprint: Fingerprint(), highestTime: .zero, epoch: roster.state.epoch,
                rosterCount: UInt64(roster.count), rosterHead: roster.state.head,
                lacksBoxes: try table.isLacking(roster.state), nextDesk: 1, liveChanges: 0,
                sealedBytes: 0, replicas: 0, removals: 0))
        try RosterTable(connection: connection, line: ref).replace(from: 0, by: roster.entries)
        try DeviceTable(connection: connection).follow(roster.state, before: nil, line: ref)
        try RecoveryTable(connection: connection).set(roster.state, line: ref)
        return ref
    }
}

extension ChangeLogError {
    /// Why a step of joining was not taken.
    init(joining code: Code) {
        let words =
            switch code {
            case .invitationExpired: "this invitation has expired"
            case .invitationUsed: "this invitation was used before, by somebody with other keys"
            case .invitationEnded: "this invitation was withdrawn, or the admission was given up"
            case .joinAnswered: "another answer came first"
            case .joinMismatch: "these are not the random bytes that the offer was a commitment to"
            default: "this step does not follow the one before"
            }
        self.init(code, words + "; nothing was changed")
    }
}
