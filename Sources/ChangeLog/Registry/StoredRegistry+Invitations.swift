import SyncProtocol
import Trust

extension StoredRegistry {
    func addInvitation(_ request: InvitationRequest, by lead: Device, now: Int64) async throws {
        let refusal = try await store.writeRegistry { access -> ChangeLogError? in
            try access.checkStanding(lead, asLead: true)
            if let known = try access.invitation(request.id) {
                return known.line == lead.line ? nil : ChangeLogError(joining: .invitationUsed)
            }
            let invited = Invited(
                signingKey: request.signingKey, kind: .join, line: lead.line, made: now, expires: request.expires,
                author: lead.id, signature: request.signature)
            if let code = invited.standing(now) { return ChangeLogError(joining: code) }
            try access.deleteInvitations(expiredBefore: now - Invited.keptMilliseconds)
            try access.save(invited)
            for secret in request.secrets { try access.insert(secret, of: invited.id) }
            return nil
        }
        if let refusal { throw refusal }
    }

    func invitations(
        of line: LineID, sealedTo lead: DeviceID?
    ) throws -> [(invitation: Invited, secret: [UInt8]?)] {
        try store.readRegistry { access in
            try access.invitations(of: line).map { invited in
                (invited, try lead.flatMap { try access.secret(of: invited.id, for: $0) })
            }
        }
    }

    func foundingInvitations() throws -> [Invited] {
        try store.readRegistry { try $0.invitations(of: nil) }
    }

    func take(
        _ step: JoinStep, invitation: InvitationID, by lead: Device?, now: Int64
    ) async throws -> Invited {
        let (invited, code) = try await store.writeRegistry { access in
            if let lead { try access.checkStanding(lead, asLead: true) }
            guard var invited = try access.invitation(invitation), lead == nil || lead?.line == invited.line else {
                throw ChangeLogError(.unknownInvitation, "this invitation is not known; nothing was changed")
            }
            let before = invited
            let code = invited.take(step, now: now)
            if invited != before { try access.save(invited) }
            return (invited, code)
        }
        if let code { throw ChangeLogError(joining: code) }
        return invited
    }
}

extension Invited {
    /// How long one is listed after it has expired.
    static let keptMilliseconds: Int64 = 90 * 24 * 3_600_000
}
