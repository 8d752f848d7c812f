public import Replica
import Sealing
import SyncProtocol
import Trust

/// How an admission goes on, for whoever sits at the new workstation.
public enum JoinProgress: Sendable, Equatable {
    /// The line's leads see that this workstation asks.
    case waitingForLead
    /// To be read out to the lead, who rings.
    case digits(String)
    case admitted
}

extension SyncClient {
    /// Asks to be let into a line, and waits until a lead has done so.
    ///
    /// May be stopped and begun again with the same invitation at any time: what was sent and revealed once stays the same.
    ///
    /// Errors: ``SyncError`` with `notAnInvitation`, `unknownInvitation`, `invitationExpired`, `invitationUsed`, `joinEnded`,
    /// `tampered`, `unreachable`; `ReplicaError` with `alreadyJoined`, `otherLine`. None of them changes anything but this
    /// workstation's keys.
    @discardableResult
    public func join(
        invitation text: String, name: String, onProgress: (JoinProgress) -> Void = { _ in }
    ) async throws -> Membership {
        let invitation = try parse(text, .join, name)
        guard let line = invitation.line else { throw SyncError(.notAnInvitation, "this invitation names no line") }
        // Also for one that was taken out: it would be let in, and its data would not go with it.
        if let known = try replica.membership(), known.line != line { throw ReplicaError.otherLine }
        try requireUnjoined()
        let keys = try replica.deviceKeys()
        let offer = try offer(invitation, line, name, keys)
        var status = try await post(JoinRequest(offer: offer).encoded(), "/v2/join", invitation)
        var told: JoinProgress?
        func tell(_ progress: JoinProgress) {
            if told != progress { onProgress(progress) }
            told = progress
        }
        while true {
            switch status.state {
            case .open, .asked: tell(.waitingForLead)
            case .answered, .revealed:
                tell(.digits(try await digits(invitation, line, keys, status)))
                if status.state == .answered {
                    let random = try replica.joinRecord(invitation.keys.id)?.random ?? []
                    status = try await post(RevealRequest(random: random).encoded(), "/v2/join/reveal", invitation)
                    continue
                }
            case .done:
                if let membership = try await enter(line, invitation, keys) {
                    tell(.admitted)
                    return membership
                }
            case .ended:
                throw SyncError(
                    .joinEnded, "a lead ended this admission; nothing was changed here: ask for a new invitation")
            }
            try await sleep(1)
            let answer = try await endpoint.get(
                "/v2/join", at: invitation.address, as: .invitation(invitation.keys),
                timeoutSeconds: configuration.timeoutSeconds)
            status = try reading { () throws(ProtocolError) in try JoinStatus(encoded: answer.body) }
        }
    }

    /// The offer that was made with this invitation, or a new one; on disk before it is sent.
    private func offer(_ invitation: Invitation, _ line: LineID, _ name: String, _ keys: DeviceKeys) throws -> JoinOffer
    {
        let record = try replica.updateJoin(invitation.keys.id) { known in
            if let known, try JoinOffer(encoded: known.offer).keys == keys.publicKeys { return known }
            let random = randomBytes(JoinOffer.randomBytes)
            let offer = JoinOffer(
                name: name, line: line, invitation: invitation.keys, keys: keys, random: random)
            return JoinRecord(invitation: invitation.keys.id, offer: offer.encoded(), random: random)
        }
        guard let record else { throw ReplicaError.notJoined }
        return try JoinOffer(encoded: record.offer)
    }

    /// The six digits, once a lead has answered. The first answer counts: another one later would let somebody between both
    /// sides try until the digits fit.
    private func digits(
        _ invitation: Invitation, _ line: LineID, _ keys: DeviceKeys, _ status: JoinStatus
    ) async throws -> String {
        guard let lead = status.lead, let leadRandom = status.leadRandom else {
            throw SyncError(.badAnswer, "the server says that a lead answered, and not what; nothing was changed here")
        }
        let (roster, _) = try await wholeRoster(
            line: line, at: invitation.address, as: .invitation(invitation.keys))
        let record = try replica.updateJoin(invitation.keys.id) { known in
            guard var known else { return nil }
            if known.lead == nil {
                known.lead = lead
                known.leadRandom = leadRandom
            }
            return known
        }
        guard let record, record.lead == lead, record.leadRandom == leadRandom, roster.state.isLead(lead) else {
            throw SyncError(
                .tampered,
                "what the server hands over is not what a lead of the line answered; nothing was changed here: ask for a new invitation, and tell the lead why"
            )
        }
        return JoinDigits.text(
            line: line, invitation: invitation.keys.id, offer: try JoinOffer(encoded: record.offer), lead: lead,
            random: record.random, leadRandom: leadRandom)
    }

    /// Verifies the roster up to the own admission, and takes the box; nil while the admission stands on a branch of the roster
    /// that does not count: the lead's workstation writes it again when it learns so.
    private func enter(_ line: LineID, _ invitation: Invitation, _ keys: DeviceKeys) async throws -> Membership? {
        let (roster, last): (Roster, RosterAnswer)
        do {
            (roster, last) = try await wholeRoster(line: line, at: invitation.address, as: .device(keys))
        } catch let error as SyncError where error.code == .unknownDevice {
            return nil
        }
        try replica.enrol(roster, boxes: last.boxes, lineName: last.lineName, server: invitation.address)
        return try membership()
    }

    private func post(_ body: [UInt8], _ route: String, _ invitation: Invitation) async throws -> JoinStatus {
        let answer = try await endpoint.post(
            body, to: route, at: invitation.address, as: .invitation(invitation.keys),
            timeoutSeconds: configuration.timeoutSeconds)
        return try reading { () throws(ProtocolError) in try JoinStatus(encoded: answer.body) }
    }
}
