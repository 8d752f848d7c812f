public import Merge
import PostgreSQL
import Support
public import SyncProtocol

extension PostgreSQLChangeLog {
    public func addInvitation(hash: [UInt8], line: LineID, expires: Int64) async throws {
        try await transaction(isWriting: true) { access in
            guard try access.line(line) != nil else {
                throw ChangeLogError(.wrongLine, "there is no such line; nothing was changed")
            }
            try access.connection.send(InvitationRows.insertion) {
                $0.add(hash)
                $0.add(line.bytes)
                $0.add(expires)
            }
        }
    }

    public func enrol(
        invitationHash: [UInt8], name: String, keyCheck: [UInt8], tokenHash: [UInt8], now: Int64
    ) async throws -> Device {
        // Random, so that no two processes give the same.
        let reference = Int64(random.nextWord() >> 1)
        return try await transaction(isWriting: true) { access in
            let connection = access.connection
            let found = try connection.run(InvitationRows.lock) { $0.add(invitationHash) }.first
            guard let found, let id = LineID(found.bytes(0)), var line = try access.line(id) else {
                throw ChangeLogError(.unknownInvitation, "this invitation is not known; nothing was changed")
            }
            guard found.isNull(2) else {
                throw ChangeLogError(.invitationUsed, "this invitation was used before; nothing was changed")
            }
            guard now < found.integer(1) else {
                throw ChangeLogError(.invitationExpired, "this invitation has expired; nothing was changed")
            }
            guard line.keyCheck == nil || line.keyCheck == keyCheck else {
                throw ChangeLogError(.wrongKey, "the line's other devices use another key; nothing was changed")
            }
            line.keyCheck = keyCheck
            try access.save(line)
            try connection.send(InvitationRows.using) {
                $0.add(invitationHash)
                $0.add(now)
            }
            try connection.send(DeviceRows.insertion) {
                $0.add(id.bytes)
                $0.add(reference)
                $0.add(name)
                $0.add(tokenHash)
                $0.add(now)
            }
            return Device(reference: reference, line: id, lineName: line.name, name: name, isRevoked: false)
        }
    }

    public func device(tokenHash: [UInt8]) throws -> Device? {
        try reporting {
            try callers.device(tokenHash) {
                try pool.runBlocking {
                    try $0.run(DeviceRows.find) { $0.add(tokenHash) }.first.flatMap(DeviceRows.decode)
                }
            }
        }
    }

    public func addOperator(tokenHash: [UInt8]) async throws {
        _ = try await run { try $0.run(OperatorRows.insertion) { $0.add(tokenHash) }.affected }
    }

    public func isOperator(tokenHash: [UInt8]) throws -> Bool {
        try reporting {
            try callers.isOperator(tokenHash) {
                try pool.runBlocking { try !$0.run(OperatorRows.find) { $0.add(tokenHash) }.isEmpty }
            }
        }
    }

    public func revoke(replica: ReplicaID, line: LineID, now: Int64) async throws -> Bool {
        defer { callers.forgetAll() }
        return try await transaction(isWriting: true) { access in
            guard let state = try access.line(line), let known = try access.replica(replica, state) else {
                return false
            }
            try access.connection.send(DeviceRows.revoking) {
                $0.add(line.bytes)
                $0.add(known.device)
                $0.add(now)
            }
            return true
        }
    }
}
