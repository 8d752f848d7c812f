import SQLite
import SyncProtocol
import Trust

/// The table `recovery`: follows the rosters.
struct RecoveryTable {
    let connection: Connection

    private static let selection = StatementText(
        "SELECT l.id, r.signing_key FROM recovery r JOIN line l ON l.ref = r.line WHERE r.id = ?")

    func find(_ id: DeviceID) throws -> RecoveryHolder? {
        try connection.withStatement(Self.selection) { row in
            try row.bind(1, id.bytes)
            guard try row.step(), let line = LineID(row.bytes(0)) else { return nil }
            return RecoveryHolder(id: id, line: line, signingKey: row.bytes(1))
        }
    }

    func set(_ roster: RosterState, line: Int64) throws {
        try connection.withStatement("INSERT OR REPLACE INTO recovery (line, id, signing_key) VALUES (?, ?, ?)") {
            row in
            try row.bind(1, line)
            try row.bind(2, roster.recoveryID.bytes)
            try row.bind(3, roster.recovery.signing)
            try row.run()
        }
    }
}
