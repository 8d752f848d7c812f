public import Merge
import SQLite
import Sealing
public import SyncProtocol

extension SQLiteChangeLog {
    public func createLine(name: String, id old: LineID?, now: Int64) async throws -> LineID {
        guard let id = old ?? LineID(randomBytes(16)) else {
            throw ChangeLogError(.storage, "no random bytes were to be had; nothing was changed")
        }
        let log = randomBytes(Cursor.logBytes)
        try await write { connection, _ in
            let lines = LineTable(connection: connection)
            guard try lines.find(id) == nil else {
                throw ChangeLogError(.wrongLine, "the store has this line already; nothing was changed")
            }
            let ref = try (lines.all().last?.ref ?? 0) + 1
            guard ref <= LogKey.lastLine else {
                throw ChangeLogError(
                    .tooManyLines,
                    "a store holds \(LogKey.lastLine) lines and this one is full; nothing was changed: start another store"
                )
            }
            try lines.insert(
                LineState(
                    ref: ref, id: id, name: name, log: log, head: 0, check: Cursor.start.check,
                    fingerprint: Fingerprint(), highestTime: .zero, keyCheck: nil, nextDesk: 1, liveChanges: 0,
                    sealedBytes: 0, replicas: 0, removals: 0))
            if old != nil { try RestorationTable(connection: connection).begin(line: ref, devices: 0, now: now) }
        }
        return id
    }

    public func lines() async throws -> [LineSummary] {
        try read { connection in
            try LineTable(connection: connection).all().map { line in
                let restoration = try RestorationTable(connection: connection).find(line: line.ref)
                return LineSummary(
                    id: line.id, name: line.name, head: line.head, liveChanges: Int(line.liveChanges),
                    sealedBytes: Int(line.sealedBytes), fingerprint: line.fingerprint, replicas: Int(line.replicas),
                    restoration: restoration)
            }
        }
    }

    public func noteRefilled(_ line: LineID, now: Int64) async throws {
        try await write { connection, _ in
            guard let state = try LineTable(connection: connection).find(line) else { return }
            try RestorationTable(connection: connection).end(line: state.ref, now: now)
        }
    }

    public func addInvitation(hash: [UInt8], line: LineID, expires: Int64) async throws {
        try await write { connection, _ in
            guard let state = try LineTable(connection: connection).find(line) else {
                throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
            }
            try InvitationTable(connection: connection).insert(hash: hash, line: state, expires: expires)
        }
    }

    public func enrol(
        invitationHash: [UInt8], name: String, keyCheck: [UInt8], tokenHash: [UInt8], now: Int64
    ) async throws -> Device {
        try await write { connection, _ in
            let (invitations, lines) = (InvitationTable(connection: connection), LineTable(connection: connection))
            guard let invitation = try invitations.find(hash: invitationHash),
                var line = try lines.find(invitation.line)
            else {
                throw ChangeLogError(.unknownInvitation, "this invitation is not known; nothing was changed")
            }
            guard invitation.used == nil else {
                throw ChangeLogError(.invitationUsed, "this invitation was used before; nothing was changed")
            }
            guard now < invitation.expires else {
                throw ChangeLogError(.invitationExpired, "this invitation has expired; nothing was changed")
            }
            guard line.keyCheck == nil || line.keyCheck == keyCheck else {
                throw ChangeLogError(.wrongKey, "the line's other devices use another key; nothing was changed")
            }
            line.keyCheck = keyCheck
            try lines.save(line)
            try invitations.use(hash: invitationHash, now: now)
            return try DeviceTable(connection: connection)
                .insert(name: name, tokenHash: tokenHash, line: line, now: now)
        }
    }

    public func device(tokenHash: [UInt8]) throws -> Device? {
        try read { try DeviceTable(connection: $0).find(tokenHash: tokenHash) }
    }

    public func addOperator(tokenHash: [UInt8]) async throws {
        try await write { connection, _ in try OperatorTable(connection: connection).insert(tokenHash: tokenHash) }
    }

    public func isOperator(tokenHash: [UInt8]) throws -> Bool {
        try read { try OperatorTable(connection: $0).contains(tokenHash: tokenHash) }
    }

    public func revoke(replica: ReplicaID, line: LineID, now: Int64) async throws -> Bool {
        try await write { connection, _ in
            guard let state = try LineTable(connection: connection).find(line),
                let known = try ReplicaTable(connection: connection).find(replica, line: state.ref)
            else { return false }
            try DeviceTable(connection: connection).revoke(known.device, now: now)
            return true
        }
    }
}
