public import Merge
import SQLite
import Sealing
public import SyncProtocol

extension SQLiteChangeLog {
    public func createLine(name: String, now: Int64) throws -> LineID {
        guard let id = LineID(randomBytes(16)) else {
            throw ChangeLogError(.storage, "no random bytes were to be had; nothing was changed")
        }
        try write { connection in
            try connection.withStatement(
                """
                INSERT INTO line (id, name, log, head, check_value, fingerprint, highest_time, next_number, next_desk, created)
                VALUES (?, ?, ?, 0, zeroblob(8), zeroblob(16), 0, 0, 1, ?)
                """
            ) { row in
                try row.bind(1, id.bytes)
                try row.bind(2, name)
                try row.bind(3, randomBytes(Cursor.logBytes))
                try row.bind(4, now)
                try row.run()
            }
        }
        return id
    }

    public func lines() throws -> [LineSummary] {
        try read { connection in
            try connection.withStatement(
                """
                SELECT id, name, head, fingerprint,
                    (SELECT count(*) FROM change c WHERE c.position >= line.ref << 54 AND c.position < (line.ref + 1) << 54),
                    (SELECT count(*) FROM origin o WHERE o.line = line.ref AND o.device IS NOT NULL)
                FROM line ORDER BY ref
                """
            ) { row in
                var lines: [LineSummary] = []
                while try row.step() {
                    guard let id = LineID(row.bytes(0)), let sum = row.halves(3) else { continue }
                    lines.append(
                        LineSummary(
                            id: id, name: row.text(1), head: UInt64(row.integer(2)), liveChanges: Int(row.integer(4)),
                            fingerprint: Fingerprint(value: UInt128(sum.high) << 64 | UInt128(sum.low)),
                            replicas: Int(row.integer(5))))
                }
                return lines
            }
        }
    }

    public func addInvitation(hash: [UInt8], line: LineID, expires: Int64) throws {
        try write { connection in
            guard let state = try LineState(connection, id: line) else {
                throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
            }
            try connection.withStatement("INSERT INTO invitation (hash, line, expires) VALUES (?, ?, ?)") { row in
                try row.bind(1, hash)
                try row.bind(2, state.ref)
                try row.bind(3, expires)
                try row.run()
            }
        }
    }

    public func enrol(
        invitationHash: [UInt8], name: String, keyCheck: [UInt8], tokenHash: [UInt8], now: Int64
    ) async throws -> Device {
        try await writeInGroup { connection in
            let invitation = try connection.withStatement(
                "SELECT l.id, i.expires, i.used FROM invitation i JOIN line l ON l.ref = i.line WHERE i.hash = ?"
            ) { row -> (LineID?, Int64, Int64?)? in
                try row.bind(1, invitationHash)
                return try row.step() ? (LineID(row.bytes(0)), row.integer(1), row.optionalInteger(2)) : nil
            }
            guard let invitation, let id = invitation.0, var line = try LineState(connection, id: id) else {
                throw ChangeLogError(.unknownInvitation, "this invitation is not known; nothing was changed")
            }
            guard invitation.2 == nil else {
                throw ChangeLogError(.invitationUsed, "this invitation was used before; nothing was changed")
            }
            guard now < invitation.1 else {
                throw ChangeLogError(.invitationExpired, "this invitation has expired; nothing was changed")
            }
            guard line.keyCheck == nil || line.keyCheck == keyCheck else {
                throw ChangeLogError(.wrongKey, "the line's other devices use another key; nothing was changed")
            }
            line.keyCheck = keyCheck
            try line.save(connection)
            try connection.withStatement("UPDATE invitation SET used = ? WHERE hash = ?") { row in
                try row.bind(1, now)
                try row.bind(2, invitationHash)
                try row.run()
            }
            try connection.withStatement("INSERT INTO device (line, name, token_hash, joined) VALUES (?, ?, ?, ?)") {
                row in
                try row.bind(1, line.ref)
                try row.bind(2, name)
                try row.bind(3, tokenHash)
                try row.bind(4, now)
                try row.run()
            }
            return Device(
                reference: connection.lastInsertedRowID, line: line.id, lineName: line.name, name: name,
                isRevoked: false)
        }
    }

    public func device(tokenHash: [UInt8]) throws -> Device? {
        try read { connection in
            try connection.withStatement(
                """
                SELECT d.ref, l.id, l.name, d.name, d.revoked FROM device d JOIN line l ON l.ref = d.line
                WHERE d.token_hash = ?
                """
            ) { row in
                try row.bind(1, tokenHash)
                guard try row.step(), let line = LineID(row.bytes(1)) else { return nil }
                return Device(
                    reference: row.integer(0), line: line, lineName: row.text(2), name: row.text(3),
                    isRevoked: !row.isNull(4))
            }
        }
    }

    public func addOperator(tokenHash: [UInt8]) throws {
        try write { connection in
            try connection.withStatement("INSERT OR IGNORE INTO operator (token_hash) VALUES (?)") { row in
                try row.bind(1, tokenHash)
                try row.run()
            }
        }
    }

    public func isOperator(tokenHash: [UInt8]) throws -> Bool {
        try read { connection in
            try connection.withStatement("SELECT 1 FROM operator WHERE token_hash = ?") { row in
                try row.bind(1, tokenHash)
                return try row.step()
            }
        }
    }

    public func revoke(replica: ReplicaID, line: LineID, now: Int64) async throws -> Bool {
        try await writeInGroup { connection in
            guard let state = try LineState(connection, id: line),
                let origin = try OriginState.find(replica, line: state.ref, connection), let device = origin.device
            else { return false }
            try connection.withStatement("UPDATE device SET revoked = coalesce(revoked, ?) WHERE ref = ?") { row in
                try row.bind(1, now)
                try row.bind(2, device)
                try row.run()
            }
            return true
        }
    }

    public func replicas(of line: LineID) throws -> [ReplicaSummary] {
        try read { connection in
            guard let state = try LineState(connection, id: line) else { return [] }
            return try connection.withStatement(
                """
                SELECT o.replica, d.name, d.revoked, o.last_seen, o.cursor, o.pending, o.oldest_pending, o.clock_offset,
                    o.schema_version, o.verified, o.last_number, o.device
                FROM origin o JOIN device d ON d.ref = o.device WHERE o.line = ? AND o.successor IS NULL ORDER BY d.name, o.ref
                """
            ) { row in
                try row.bind(1, state.ref)
                var result: [ReplicaSummary] = []
                while try row.step() {
                    let cursor = UInt64(row.integer(4))
                    result.append(
                        ReplicaSummary(
                            replica: ReplicaID(rawValue: UInt64(bitPattern: row.integer(0))), device: row.integer(11),
                            name: row.text(1),
                            isRevoked: !row.isNull(2), lastSeen: row.integer(3), cursor: cursor,
                            lag: state.head - min(cursor, state.head), pending: UInt64(bitPattern: row.integer(5)),
                            oldestPending: row.optionalInteger(6), clockOffsetMilliseconds: row.integer(7),
                            schema: UInt64(bitPattern: row.integer(8)),
                            isVerified: row.optionalInteger(9).map { $0 != 0 },
                            lastNumber: UInt64(row.integer(10))))
                }
                return result
            }
        }
    }

    public func verify(line: LineID) throws -> Bool {
        try read { connection in
            guard let state = try LineState(connection, id: line) else { return false }
            return try RangeScan(connection: connection, line: state.ref).sum(.all).fingerprint == state.fingerprint
        }
    }
}
