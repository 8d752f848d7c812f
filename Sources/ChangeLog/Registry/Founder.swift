import Merge
import SyncProtocol
import Trust

/// Begins a line. Inside the caller's transaction.
struct Founder<Access: RegistryAccess> {
    let access: Access
    let now: Int64

    /// Returns why not; what was noted of the attempt stays then.
    func found(_ roster: Roster, _ boxes: [EpochBox], by id: InvitationID, log: [UInt8]) throws -> ChangeLogError? {
        guard var invited = try access.invitation(id), invited.kind == .found else {
            return ChangeLogError(.unknownInvitation, "this invitation founds no line; nothing was changed")
        }
        if invited.state == .done, invited.line == roster.line { return nil }
        if let code = invited.standing(now) {
            if invited.state == .done {
                invited.isContested = true
                try access.save(invited)
            }
            return ChangeLogError(joining: code)
        }
        guard try access.line(roster.line) == nil else {
            return ChangeLogError(.lineExists, "this line was founded before; nothing was changed")
        }
        try insert(roster, boxes, name: invited.lineName ?? "", log: log)
        invited.line = roster.line
        _ = invited.take(.admitted, now: now)
        try access.save(invited)
        try access.note(.founded, line: roster.line, subject: id.bytes, now: now)
        return nil
    }

    /// The workstations of a line whose store was lost have brought its roster. False for a line that nobody awaits.
    func bringBack(_ roster: Roster, log: [UInt8]) throws -> Bool {
        guard let name = try access.awaitedName(of: roster.line) else { return false }
        let line = try insert(roster, [], name: name, log: log)
        try access.deleteAwaited(roster.line)
        try access.beginRestoration(of: line, devices: roster.state.present.count, now: now)
        try access.note(.lineBroughtBack, line: roster.line, subject: nil, now: now)
        return true
    }

    @discardableResult
    private func insert(_ roster: Roster, _ boxes: [EpochBox], name: String, log: [UInt8]) throws -> LineState {
        var line = LineState(
            ref: try access.nextReference(), id: roster.line, name: name, log: log, head: 0, check: Cursor.start.check,
            fingerprint: Fingerprint(), highestTime: .zero, epoch: roster.state.epoch,
            rosterCount: UInt64(roster.count), rosterHead: roster.state.head, lacksBoxes: true, nextDesk: 1,
            liveChanges: 0, sealedBytes: 0, replicas: 0, removals: 0)
        let first = roster.entries[0].entry.author
        for box in boxes where box.epoch == 1 && roster.state.keyHolders.contains(box.device) {
            try access.add(box, by: first, roster.state, in: line)
        }
        line.lacksBoxes = try access.lacksBoxes(roster.state, in: line)
        try access.insert(line, now: now)
        try access.replaceEntries(of: line, from: 0, by: roster.entries)
        try access.follow(roster.state, before: nil, in: line)
        try access.setRecovery(of: line, roster.state)
        return line
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
