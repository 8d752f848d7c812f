import Merge
import PostgreSQL
import Support
public import SyncProtocol

extension PostgreSQLChangeLog {
    public func createLine(name: String, now: Int64) async throws -> LineID {
        guard let id = LineID(random.bytes(count: 16)) else {
            throw ChangeLogError(.storage, "no random bytes were to be had; nothing was changed")
        }
        let line = LineState(
            ref: 0, id: id, name: name, log: random.bytes(count: Cursor.logBytes), head: 0, check: Cursor.start.check,
            fingerprint: Fingerprint(), highestTime: .zero, keyCheck: nil, nextDesk: 1, liveChanges: 0, sealedBytes: 0,
            replicas: 0, removals: 0)
        try await run { connection in
            try LineRows.insert(line, now: now, connection)
            try connection.receive()
        }
        return id
    }

    public func lines() async throws -> [LineSummary] {
        try await run { connection in
            let rows = try connection.run(LineRows.all)
            return try rows.indices.map { index in
                let line = try LineRows.decode(rows[index])
                return LineSummary(
                    id: line.id, name: line.name, head: line.head, liveChanges: Int(line.liveChanges),
                    sealedBytes: Int(line.sealedBytes), fingerprint: line.fingerprint, replicas: Int(line.replicas))
            }
        }
    }

    public func replicas(of line: LineID) async throws -> [ReplicaSummary] {
        try await transaction(isWriting: false) { access in
            guard let state = try access.line(line) else { return [] }
            return try ReplicaRows.all(line: line, access.connection).map { replica, name, isRevoked in
                ReplicaSummary(
                    replica: replica.replica, device: replica.device, name: name, isRevoked: isRevoked,
                    lastSeen: replica.lastSeen, cursor: replica.cursor,
                    lag: state.head - min(replica.cursor, state.head), pending: replica.pending,
                    oldestPending: replica.oldestPending, clockOffsetMilliseconds: replica.clockOffset,
                    schema: replica.schema, isVerified: replica.verified, lastNumber: replica.lastNumber)
            }
        }
    }
}
