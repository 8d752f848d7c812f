public import Merge
import SQLite
public import SyncProtocol

extension SQLiteChangeLog {
    public func replicas(of line: LineID) async throws -> [ReplicaSummary] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            let devices = try DeviceTable(connection: connection).all(line: state.ref)
            return try ReplicaTable(connection: connection).all(line: state.ref).compactMap { replica in
                devices[replica.device].map { ReplicaSummary(replica, of: $0, head: state.head) }
            }
        }
    }

    public func times(of line: LineID, at positions: [UInt64]) async throws -> [Int64?] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else {
                return positions.map { _ in nil }
            }
            let log = LogTable(connection: connection, line: state.ref)
            return try positions.map { try log.head(at: $0)?.stamp.time.milliseconds }
        }
    }

    public func commits(of line: LineID, matching query: LogQuery) async throws -> [LoggedCommit] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            return try OperatorLookup(connection: connection, line: state.ref).commits(query)
        }
    }

    public func changes(of record: RecordID, in line: LineID) async throws -> [HeldChangeSummary] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            return try OperatorLookup(connection: connection, line: state.ref).changes(of: record)
        }
    }

    public func concurrentRecords(of line: LineID) async throws -> [ConcurrentRecord] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            return try OperatorLookup(connection: connection, line: state.ref).concurrentRecords()
        }
    }
}
