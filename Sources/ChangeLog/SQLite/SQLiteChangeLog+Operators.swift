import Merge
import SQLite
public import SyncProtocol

extension SQLiteChangeLog {
    public func times(of line: LineID, at positions: [UInt64]) async throws -> [Int64?] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else {
                return positions.map { _ in nil }
            }
            let log = LogTable(connection: connection, line: state.ref)
            return try positions.map { try log.head(at: $0)?.stamp.time.milliseconds }
        }
    }
}
