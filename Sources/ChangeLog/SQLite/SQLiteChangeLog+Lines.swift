import SQLite
public import SyncProtocol

extension SQLiteChangeLog {
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

    public func replicas(of line: LineID) async throws -> [ReplicaSummary] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            let devices = try DeviceTable(connection: connection).all(line: state.ref)
            return try ReplicaTable(connection: connection).all(line: state.ref).compactMap { replica in
                guard let device = devices[replica.device] else { return nil }
                return ReplicaSummary(
                    replica: replica.replica, device: replica.device, deviceID: device.id, name: device.label ?? "",
                    isRevoked: device.standing != .present || device.isBlocked,
                    lastSeen: replica.lastSeen, cursor: replica.cursor,
                    lag: state.head - min(replica.cursor, state.head), pending: replica.pending,
                    oldestPending: replica.oldestPending, clockOffsetMilliseconds: replica.clockOffset,
                    schema: replica.schema, isVerified: replica.verified, agreed: replica.agreed,
                    lastNumber: replica.lastNumber, condition: replica.condition)
            }
        }
    }
}
