import SQLite
public import Trust

/// An admission that this workstation takes part in: its own, while it asks to be let in, and as a lead those of others.
///
/// What was answered or revealed once is kept, and nothing else is ever answered for the same invitation: otherwise somebody
/// between both sides could try until the digits fit.
public struct JoinRecord: Sendable, Equatable {
    public var invitation: InvitationID
    /// Of the offer, encoded: whose admission it is.
    public var offer: [UInt8]
    /// This side's 32 random bytes.
    public var random: [UInt8]
    /// On the new workstation: the lead that answered, and its random bytes, once they are known.
    public var lead: DeviceID?
    public var leadRandom: [UInt8]?
    /// On the lead's: how often wrong digits were typed.
    public var misses = 0
    public var isOver = false

    public init(invitation: InvitationID, offer: [UInt8], random: [UInt8]) {
        self.invitation = invitation
        self.offer = offer
        self.random = random
    }
}

/// Owner of `lugn_join`.
struct JoinTable {
    let connection: Connection

    static let definition = """
        CREATE TABLE lugn_join (
            invitation BLOB PRIMARY KEY, offer BLOB NOT NULL, random BLOB NOT NULL, lead BLOB, lead_random BLOB,
            misses INTEGER NOT NULL, is_over INTEGER NOT NULL
        ) STRICT, WITHOUT ROWID;
        """

    func find(_ invitation: InvitationID) throws -> JoinRecord? {
        try connection.withStatement(
            "SELECT offer, random, lead, lead_random, misses, is_over FROM lugn_join WHERE invitation = ?"
        ) { row in
            try row.bind(1, invitation.bytes)
            guard try row.step() else { return nil }
            var record = JoinRecord(invitation: invitation, offer: row.bytes(0), random: row.bytes(1))
            record.lead = row.isNull(2) ? nil : DeviceID(row.bytes(2))
            record.leadRandom = row.isNull(3) ? nil : row.bytes(3)
            record.misses = Int(row.integer(4))
            record.isOver = row.integer(5) != 0
            return record
        }
    }

    func keep(_ record: JoinRecord) throws {
        try connection.withStatement(
            """
            INSERT OR REPLACE INTO lugn_join (invitation, offer, random, lead, lead_random, misses, is_over)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """
        ) { row in
            try row.bind(1, record.invitation.bytes)
            try row.bind(2, record.offer)
            try row.bind(3, record.random)
            try row.bind(4, record.lead?.bytes)
            try row.bind(5, record.leadRandom)
            try row.bind(6, record.misses)
            try row.bind(7, record.isOver ? Int64(1) : 0)
            try row.run()
        }
    }

    func clear() throws { try connection.execute("DELETE FROM lugn_join") }
}

extension Replica {
    public func joinRecord(_ invitation: InvitationID) throws -> JoinRecord? {
        try mappingErrors { try readers.read { try JoinTable(connection: $0).find(invitation) } }
    }

    /// Reads, changes and writes an admission's record in one transaction.
    ///
    /// - Parameter change: nil in: there is none yet; nil out: nothing is to be kept.
    @discardableResult
    public func updateJoin(
        _ invitation: InvitationID, _ change: (JoinRecord?) throws -> JoinRecord?
    ) throws -> JoinRecord? {
        try session { session in
            let table = JoinTable(connection: session.store.connection)
            let changed = try change(try table.find(invitation))
            if let changed { try table.keep(changed) }
            return changed
        }
    }
}
