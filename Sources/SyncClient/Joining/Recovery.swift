public import Replica
import Sealing
public import SyncProtocol
public import Trust

/// A recovery about to be done: the new sheet is shown before anything is sent, since the old one is void afterwards.
public struct Recovery: Sendable {
    public let newSheet: RecoverySheet
    let old: DeviceKeys
    let invitation: Invitation
    let name: String
    let key: EpochKey
    let entry: SignedEntry
    let roster: Roster
    let lineName: String
    public var line: LineID { roster.line }
}

/// What a recovery sheet opens, found out without using it.
public struct Rehearsal: Sendable, Equatable {
    /// The sheet is the line's present one.
    public var isCurrent: Bool
    /// The epochs whose keys it opens; all of them, if one box opens.
    public var epochs: UInt32
    public var newestEpoch: UInt32
}

extension SyncClient {
    /// Says which of the line's keys a sheet opens, and changes nothing.
    public func rehearse(_ sheet: RecoverySheet) async throws -> Rehearsal {
        try await fetchRoster()
        let membership = try membership()
        let state = membership.roster.state
        guard state.recoveryID == sheet.keys.id else {
            return Rehearsal(isCurrent: false, epochs: 0, newestEpoch: state.epoch)
        }
        let answer = try await rosterAnswer(
            line: membership.line, after: UInt64(membership.roster.count), at: membership.server,
            as: .device(sheet.keys))
        let keyring = Keyring(state, boxes: answer.boxes.map { ($0.epoch, $0.box) }, key: sheet.keys.box)
        if keyring?.current.epoch != state.epoch, answer.boxes.contains(where: { $0.epoch == state.epoch }) {
            _ = try await endpoint.post(
                BoxRefusal(epoch: state.epoch).encoded(), to: "/v2/boxes/refuse", at: membership.server,
                as: .device(sheet.keys), timeoutSeconds: configuration.timeoutSeconds)
            // Fills it in, with the key that is here.
            try await fetchRoster()
        }
        return Rehearsal(isCurrent: true, epochs: keyring?.current.epoch ?? 0, newestEpoch: state.epoch)
    }

    /// Prepares to become a lead by the sheet, where all others are lost.
    ///
    /// - Parameters:
    ///   - invitation: the operator's, which says where the server is; good only together with the sheet.
    ///   - withoutNewestKey: nobody has the line's newest key any more, so that it goes on from the one before. What was written
    ///     under the lost one stays unreadable.
    ///
    /// Errors: ``SyncError`` with `notAnInvitation`, `refused` where the sheet is not the line's present one.
    public func prepareRecovery(
        invitation text: String, sheet: RecoverySheet, name: String, withoutNewestKey: Bool = false
    ) async throws -> Recovery {
        let invitation = try parse(text, .recover, name)
        guard let line = invitation.line else { throw SyncError(.notAnInvitation, "this invitation names no line") }
        try requireUnjoined()
        let (roster, last) = try await wholeRoster(
            line: line, at: invitation.address, as: .invitation(invitation.keys))
        guard roster.state.recoveryID == sheet.keys.id else {
            throw SyncError(
                .refused, "this is not the line's present recovery sheet; nothing was changed: look for a newer one")
        }
        let boxes = try await rosterAnswer(
            line: line, after: UInt64(roster.count), at: invitation.address, as: .device(sheet.keys)
        ).boxes
        guard let keyring = Keyring(roster.state, boxes: boxes.map { ($0.epoch, $0.box) }, key: sheet.keys.box),
            withoutNewestKey || keyring.current.epoch == roster.state.epoch
        else {
            throw SyncError(
                .refused,
                "the server has no box of the line's newest key for this sheet; nothing was changed: any workstation of the line that has the key and is online fills it in; if none has it any more, recover without it"
            )
        }
        let keys = try replica.deviceKeys()
        let newSheet = RecoverySheet(keys: .random())
        let key = EpochKey.random(epoch: roster.state.epoch + 1)
        let act = RosterAct.recovering(
            line: line, keys, sealedName: keyring.seal(name: name), recovery: newSheet.keys,
            keyring.current.followed(by: key, line: line))
        return Recovery(
            newSheet: newSheet, old: sheet.keys, invitation: invitation, name: name, key: key,
            entry: try roster.next(act, by: sheet.keys, now: replica.wallMilliseconds()), roster: roster,
            lineName: last.lineName)
    }

    /// Does it: this workstation is a lead, the line has a new key, and the old sheet is void.
    ///
    /// The entry and the new key's boxes are on disk before the entry is sent: were the key lost with the answer, neither the old
    /// sheet nor the new one would open anything. ``resumeRecovery(invitation:)`` goes on from there.
    @discardableResult
    public func recover(_ recovery: Recovery) async throws -> Membership {
        var roster = recovery.roster
        try roster.append(recovery.entry)
        let request = FoundRequest(
            entry: recovery.entry, boxes: roster.state.boxes(of: recovery.key, for: roster.state.keyHolders))
        try replica.updateJoin(recovery.invitation.keys.id) { _ in
            JoinRecord(invitation: recovery.invitation.keys.id, offer: request.encoded(), random: [])
        }
        return try await finish(request, roster, recovery.lineName, recovery.invitation)
    }

    /// Goes on with a recovery whose answer was lost; nil if there was none with this invitation, or the line's roster has gone
    /// on without it, so that it has to be done anew.
    public func resumeRecovery(invitation text: String) async throws -> Membership? {
        guard let invitation = try? Invitation(text: text), invitation.kind == .recover, let line = invitation.line,
            let record = try replica.joinRecord(invitation.keys.id)
        else { return nil }
        let request = try FoundRequest(encoded: record.offer)
        var (roster, last) = try await wholeRoster(
            line: line, at: invitation.address, as: .invitation(invitation.keys))
        if !roster.entries.contains(where: { $0.entry.hash == request.entry.entry.hash }) {
            do throws(RosterError) { try roster.append(request.entry) } catch { return nil }
        }
        return try await finish(request, roster, last.lineName, invitation)
    }

    private func finish(
        _ request: FoundRequest, _ roster: Roster, _ lineName: String, _ invitation: Invitation
    ) async throws -> Membership {
        let answer = try await endpoint.post(
            RosterExtension(line: roster.line, entries: [request.entry], isNew: true).encoded(), to: "/v2/roster",
            at: invitation.address, as: nil, timeoutSeconds: configuration.timeoutSeconds)
        let position = try reading { () throws(ProtocolError) in try RosterPosition(encoded: answer.body) }
        guard position.count == UInt64(roster.count), position.head == roster.state.head else {
            throw SyncError(.noProgress, "the line's roster was changed meanwhile; nothing was changed: try again")
        }
        try replica.enrol(roster, boxes: request.boxes, lineName: lineName, server: invitation.address)
        try await post(BoxesRequest(boxes: request.boxes).encoded(), to: "/v2/boxes", try membership())
        return try membership()
    }
}
