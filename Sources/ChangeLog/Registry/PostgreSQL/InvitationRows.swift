import PostgreSQL
import SyncProtocol
import Trust

/// The table `invitation`.
enum InvitationRows {
    private enum Column: Int, RowColumn {
        case id, kind, line, lineName, signingKey, made, expires, author, signature, state, contested, offer, lead,
            leadRandom
        case random
    }

    static let find = SQLStatement("SELECT \(Column.list()) FROM invitation WHERE id = $1")
    /// Whoever has it takes the next step, until the end of the transaction.
    static let lock = SQLStatement("SELECT \(Column.list()) FROM invitation WHERE id = $1 FOR UPDATE")
    static let ofLine = SQLStatement(
        """
        SELECT \(Column.list()) FROM invitation WHERE line = $1 AND kind <> 0 ORDER BY made DESC, id
        LIMIT \(listed)
        """)
    static let founding = SQLStatement(
        "SELECT \(Column.list()) FROM invitation WHERE kind = 0 ORDER BY made DESC, id LIMIT \(listed)")
    static let saving = SQLStatement(
        """
        INSERT INTO invitation (\(Column.list())) VALUES (\(Column.parameters))
        ON CONFLICT (id) DO UPDATE SET \(Column.replacements(keys: 1))
        """)
    static let deletion = SQLStatement("DELETE FROM invitation WHERE expires < $1")
    static let secretDeletion = SQLStatement(
        "DELETE FROM invitation_secret WHERE invitation IN (SELECT id FROM invitation WHERE expires < $1)")
    static let secretInsertion = SQLStatement(
        """
        INSERT INTO invitation_secret (invitation, device, box) VALUES ($1, $2, $3)
        ON CONFLICT (invitation, device) DO UPDATE SET box = excluded.box
        """)
    static let secret = SQLStatement("SELECT box FROM invitation_secret WHERE invitation = $1 AND device = $2")
    static let statements = [
        find, lock, ofLine, founding, saving, deletion, secretDeletion, secretInsertion, secret,
    ]
    private static let listed = 1_000

    static func save(_ invited: Invited, _ connection: PostgreSQLConnection) throws {
        try connection.send(saving) {
            $0.add(invited.id.bytes)
            $0.add(Int16(invited.kind.rawValue))
            $0.add(invited.line?.bytes)
            $0.add(optional: invited.lineName)
            $0.add(invited.signingKey)
            $0.add(invited.made)
            $0.add(invited.expires)
            $0.add(invited.author?.bytes)
            $0.add(invited.signature)
            $0.add(Int16(invited.state.rawValue))
            $0.add(invited.isContested)
            $0.add(invited.offer?.encoded())
            $0.add(invited.lead?.bytes)
            $0.add(invited.leadRandom)
            $0.add(invited.random)
        }
    }

    static func decode(_ row: Row) throws -> Invited {
        guard let kind = Invitation.Kind(rawValue: UInt8(truncatingIfNeeded: row.integer(Column.kind))),
            let state = InvitationList.State(rawValue: row.word(Column.state))
        else { throw ChangeLogError(damaged: "an invitation cannot be read") }
        var invited = Invited(
            signingKey: row.bytes(Column.signingKey), kind: kind,
            line: row.optionalBytes(Column.line).flatMap { LineID($0) },
            lineName: row.isNull(Column.lineName) ? nil : row.text(Column.lineName), made: row.integer(Column.made),
            expires: row.integer(Column.expires), author: row.optionalBytes(Column.author).flatMap { DeviceID($0) },
            signature: row.optionalBytes(Column.signature))
        invited.state = state
        invited.isContested = row.boolean(Column.contested.rawValue)
        invited.offer = try row.optionalBytes(Column.offer).map { try JoinOffer(encoded: $0) }
        invited.lead = row.optionalBytes(Column.lead).flatMap { DeviceID($0) }
        invited.leadRandom = row.optionalBytes(Column.leadRandom)
        invited.random = row.optionalBytes(Column.random)
        return invited
    }
}
