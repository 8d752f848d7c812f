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
    func run(_ access: some RegistryAccess) throws -> Bool {
        guard var line = try access.line(roster.line), line.rosterCount == UInt64(held.count),
            line.rosterHead == held.state.head
        else { return false }
        let new = Array(roster.entries[Int(from)...])
        try access.replaceEntries(of: line, from: from, by: new)
        try access.follow(roster.state, before: held.state, in: line)
        if let last = lost.last {
            // What was sealed for a branch of the roster that does not count is good for nothing.
            try access.deleteBoxes(after: held.state.epoch(before: from), in: line)
            try access.note(
                .rosterReplaced, line: roster.line, subject: Array(last.entry.hash.prefix(16)), now: now)
        }
        try access.deleteOutdatedBoxes(newest: roster.state.epoch, in: line)
        try access.setRecovery(of: line, roster.state)
        for entry in new { try finishInvitations(entry.entry.act, access) }
        (line.epoch, line.rosterCount, line.rosterHead) =
            (roster.state.epoch, UInt64(roster.count), roster.state.head)
        line.lacksBoxes = try access.lacksBoxes(roster.state, in: line)
        try access.save(line)
        return true
    }

    private func finishInvitations(_ act: RosterAct, _ access: some RegistryAccess) throws {
        switch act {
        case .admit(let admission):
            guard var invited = try access.invitation(admission.invitation), invited.line == roster.line else { return }
            _ = invited.take(.admitted, now: now)
            try access.save(invited)
        case .recover:
            for var invited in try access.invitations(of: roster.line)
            where invited.kind == .recover && invited.state == .open {
                _ = invited.take(.admitted, now: now)
                try access.save(invited)
            }
        default: return
        }
    }
}
