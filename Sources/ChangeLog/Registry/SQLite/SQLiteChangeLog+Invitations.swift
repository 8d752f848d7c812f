import SQLite
public import SyncProtocol
public import Trust

extension SQLiteChangeLog {
    public func addInvitation(_ request: InvitationRequest, by lead: Device, now: Int64) async throws {
        let refusal = try await write { connection, _ -> ChangeLogError? in
            try DeviceTable(connection: connection).checkStanding(lead, asLead: true)
            let invitations = InvitationTable(connection: connection)
            if let known = try invitations.find(request.id) {
                return known.line == lead.line ? nil : ChangeLogError(joining: .invitationUsed)
            }
            let invited = Invited(
                signingKey: request.signingKey, kind: .join, line: lead.line, made: now, expires: request.expires,
                author: lead.id, signature: request.signature)
            if let code = invited.standing(now) { return ChangeLogError(joining: code) }
            try invitations.delete(expiredBefore: now - Invited.keptMilliseconds)
            try invitations.save(invited)
            let secrets = InvitationSecretTable(connection: connection)
            for secret in request.secrets { try secrets.insert(secret, of: invited.id) }
            return nil
        }
        if let refusal { throw refusal }
    }

    public func invitations(
        of line: LineID, sealedTo lead: DeviceID?
    ) throws -> [(invitation: Invited, secret: [UInt8]?)] {
        try read { connection in
            let secrets = InvitationSecretTable(connection: connection)
            return try InvitationTable(connection: connection).all(line: line).map { invited in
                (invited, try lead.flatMap { try secrets.find(invited.id, device: $0) })
            }
        }
    }

    public func foundingInvitations() throws -> [Invited] {
        try read { try InvitationTable(connection: $0).all(line: nil) }
    }

    public func take(
        _ step: JoinStep, invitation: InvitationID, by lead: Device?, now: Int64
    ) async throws -> Invited {
        let (invited, code) = try await write { connection, _ in
            if let lead { try DeviceTable(connection: connection).checkStanding(lead, asLead: true) }
            let table = InvitationTable(connection: connection)
            guard var invited = try table.find(invitation), lead == nil || lead?.line == invited.line else {
                throw ChangeLogError(.unknownInvitation, "this invitation is not known; nothing was changed")
            }
            let before = invited
            let code = invited.take(step, now: now)
            if invited != before { try table.save(invited) }
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
