import SQLite
import SyncProtocol
import Trust

/// Puts another roster in the place of one: compare-and-swap on the last entry, and everything that follows a roster.
struct RosterSwap: Sendable {
    var held: Roster
    var roster: Roster
    /// The number of the first entry that is another one.
    var from: UInt64
    var lost: [SignedEntry]
    var now: Int64

    /// False, and nothing was changed, if the line's roster is not the one that was held any more.
    func run(_ connection: Connection) throws -> Bool {
        let lines = LineTable(connection: connection)
        guard var line = try lines.find(roster.line), line.rosterCount == UInt64(held.count),
            line.rosterHead == held.state.head
        else { return false }
        let new = roster.entries[Int(from)...]
        try RosterTable(connection: connection, line: line.ref).replace(from: from, by: new)
        try DeviceTable(connection: connection).follow(roster.state, before: held.state, line: line.ref)
        let boxes = BoxTable(connection: connection, line: line.ref)
        if let last = lost.last {
            try boxes.delete(after: held.state.epoch(before: from))
            try AuditTable(connection: connection).append(
                .rosterReplaced, line: roster.line, subject: Array(last.entry.hash.prefix(16)), now: now)
        }
        try boxes.deleteOutdated(newest: roster.state.epoch)
        try RecoveryTable(connection: connection).set(roster.state, line: line.ref)
        for entry in new { try finishInvitations(entry.entry.act, connection) }
        (line.epoch, line.rosterCount, line.rosterHead) =
            (roster.state.epoch, UInt64(roster.count), roster.state.head)
        line.lacksBoxes = try boxes.isLacking(roster.state)
        try lines.save(line)
        return true
    }

    private func finishInvitations(_ act: RosterAct, _ connection: Connection) throws {
        let invitations = InvitationTable(connection: connection)
        switch act {
        case .admit(let admission):
            guard var invited = try invitations.find(admission.invitation), invited.line == roster.line else { return }
            _ = invited.take(.admitted, now: now)
            try invitations.save(invited)
        case .recover:
            for var invited in try invitations.all(line: roster.line)
            where invited.kind == .recover && invited.state == .open {
                _ = invited.take(.admitted, now: now)
                try invitations.save(invited)
            }
        default: return
        }
    }
}
