import Merge
import PostgreSQL
import Support
public import SyncProtocol

extension PostgreSQLChangeLog {
    public func createLine(name: String, id old: LineID?, now: Int64) async throws -> LineID {
        guard let id = old ?? LineID(random.bytes(count: 16)) else {
            throw ChangeLogError(.storage, "no random bytes were to be had; nothing was changed")
        }
        let line = LineState(
            ref: 0, id: id, name: name, log: random.bytes(count: Cursor.logBytes), head: 0, check: Cursor.start.check,
            fingerprint: Fingerprint(), highestTime: .zero, keyCheck: nil, nextDesk: 1, liveChanges: 0, sealedBytes: 0,
            replicas: 0, removals: 0)
        try await transaction(isWriting: true) { access in
            guard try access.line(id) == nil else {
                throw ChangeLogError(.wrongLine, "the store has this line already; nothing was changed")
            }
            try LineRows.insert(line, now: now, access.connection)
            guard old != nil else { return }
            try access.connection.send(RestorationRows.beginning) {
                $0.add(id.bytes)
                $0.add(now)
                $0.add(Int64(0))
            }
        }
        return id
    }

    public func lines() async throws -> [LineSummary] {
        try await transaction(isWriting: false) { access in
            let rows = try access.connection.run(LineRows.all)
            let restorations = RestorationRows.decode(try access.connection.run(RestorationRows.all))
            return try rows.indices.map { index in
                let line = try LineRows.decode(rows[index])
                return LineSummary(
                    id: line.id, name: line.name, head: line.head, liveChanges: Int(line.liveChanges),
                    sealedBytes: Int(line.sealedBytes), fingerprint: line.fingerprint, replicas: Int(line.replicas),
                    restoration: restorations[line.id])
            }
        }
    }

    public func noteRefilled(_ line: LineID, now: Int64) async throws {
        try await transaction(isWriting: true) { access in
            try access.connection.send(RestorationRows.ending) {
                $0.add(line.bytes)
                $0.add(now)
            }
        }
    }

    public func times(of line: LineID, at positions: [UInt64]) async throws -> [Int64?] {
        try await run { connection in
            let rows = try connection.run(LogRows.times) {
                $0.add(line.bytes)
                $0.add(words: positions)
            }
            let times = Dictionary(
                rows.indices.map { (rows[$0].word(0), HybridTimestamp(rawValue: rows[$0].word(1)).milliseconds) }
            ) { first, _ in first }
            return positions.map { times[$0] }
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
                    schema: replica.schema, isVerified: replica.verified, agreed: replica.agreed,
                    lastNumber: replica.lastNumber, condition: replica.condition)
            }
        }
    }
}
