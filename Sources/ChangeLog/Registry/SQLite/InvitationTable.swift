import SQLite
import SyncProtocol
import Trust

/// The table `invitation`.
struct InvitationTable {
    let connection: Connection

    private enum Column: Int, TableColumn {
        case id, kind, line, lineName, signingKey, made, expires, author, signature, state, contested, offer, lead,
            leadRandom
        case random
    }

    private static let selection = StatementText("SELECT \(Column.list()) FROM invitation WHERE id = ?")

    func find(_ id: InvitationID) throws -> Invited? {
        try connection.withStatement(Self.selection) { row in
            try row.bind(1, id.bytes)
            return try row.step() ? try Self.decode(row) : nil
        }
    }

    /// Those to a line, or those that found one; newest first.
    func all(line: LineID?) throws -> [Invited] {
        let condition = line == nil ? "kind = 0" : "line = ?1 AND kind <> 0"
        return try connection.withStatement(
            "SELECT \(Column.list()) FROM invitation WHERE \(condition) ORDER BY made DESC, id LIMIT \(Self.listed)"
        ) { row in
            if let line { try row.bind(1, line.bytes) }
            var all: [Invited] = []
            while try row.step() { all.append(try Self.decode(row)) }
            return all
        }
    }

    private static let listed = 1_000

    func save(_ invited: Invited) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO invitation (\(Column.list())) VALUES (\(Column.parameters))"
        ) {
            row in
            try row.bind(Column.id, invited.id.bytes)
            try row.bind(Column.kind, Int64(invited.kind.rawValue))
            try row.bind(Column.line, invited.line?.bytes)
            try row.bind(Column.lineName.parameter, invited.lineName)
            try row.bind(Column.signingKey, invited.signingKey)
            try row.bind(Column.made, invited.made)
            try row.bind(Column.expires, invited.expires)
            try row.bind(Column.author, invited.author?.bytes)
            try row.bind(Column.signature, invited.signature)
            try row.bind(Column.state, Int64(invited.state.rawValue))
            try row.bind(Column.contested, invited.isContested ? 1 : 0)
            try row.bind(Column.offer, invited.offer?.encoded())
            try row.bind(Column.lead, invited.lead?.bytes)
            try row.bind(Column.leadRandom, invited.leadRandom)
            try row.bind(Column.random, invited.random)
            try row.run()
        }
    }

    /// Those that expired before a time, with their secrets.
    func delete(expiredBefore time: Int64) throws {
        for statement in [
            "DELETE FROM invitation_secret WHERE invitation IN (SELECT id FROM invitation WHERE expires < ?1)",
            "DELETE FROM invitation WHERE expires < ?1",
        ] {
            try connection.withStatement(statement) { row in
                try row.bind(1, time)
                try row.run()
            }
        }
    }

    private static func decode(_ row: borrowing Statement) throws -> Invited {
        guard let kind = Invitation.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(Column.kind))),
            let state = InvitationList.State(rawValue: row.word(Column.state))
        else {
            throw ChangeLogError(
                .unusable, "the store is damaged: an invitation cannot be read; restore it from a backup")
        }
        var invited = Invited(
            signingKey: row.bytes(Column.signingKey), kind: kind,
            line: row.optionalBytes(Column.line).flatMap { LineID($0) },
            lineName: row.isNull(Column.lineName) ? nil : row.text(Column.lineName), made: row.integer(Column.made),
            expires: row.integer(Column.expires), author: row.optionalBytes(Column.author).flatMap { DeviceID($0) },
            signature: row.optionalBytes(Column.signature))
        invited.state = state
        invited.isContested = row.integer(Column.contested) != 0
        invited.offer = try row.optionalBytes(Column.offer).map { try JoinOffer(encoded: $0) }
        invited.lead = row.optionalBytes(Column.lead).flatMap { DeviceID($0) }
        invited.leadRandom = row.optionalBytes(Column.leadRandom)
        invited.random = row.optionalBytes(Column.random)
        return invited
    }
}

/// The table `invitation_secret`.
struct InvitationSecretTable {
    let connection: Connection

    func insert(_ secret: InvitationRequest.SealedSecret, of invitation: InvitationID) throws {
        try connection.withStatement(
            "INSERT OR REPLACE INTO invitation_secret (invitation, device, box) VALUES (?, ?, ?)"
        ) { row in
            try row.bind(1, invitation.bytes)
            try row.bind(2, secret.device.bytes)
            try row.bind(3, secret.box)
            try row.run()
        }
    }

    func find(_ invitation: InvitationID, device: DeviceID) throws -> [UInt8]? {
        try connection.withStatement("SELECT box FROM invitation_secret WHERE invitation = ? AND device = ?") { row in
            try row.bind(1, invitation.bytes)
            try row.bind(2, device.bytes)
            return try row.step() ? row.bytes(0) : nil
        }
    }
}
