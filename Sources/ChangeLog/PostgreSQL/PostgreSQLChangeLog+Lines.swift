import Merge
import PostgreSQL
import Support
public import SyncProtocol

extension PostgreSQLChangeLog {
    public func lines() async throws -> [LineSummary] {
        try await transaction(isWriting: false) { access in
            let rows = try access.connection.run(LineRows.all)
            let restorations = RestorationRows.decode(try access.connection.run(RestorationRows.all))
            let counts = try access.connection.run(ChangeRows.setAsideCounts)
            let setAside = Dictionary(counts.indices.map { (counts[$0].bytes(0), Int(counts[$0].integer(1))) }) { $1 }
            return try rows.indices.map { index in
                let line = try LineRows.decode(rows[index])
                return LineSummary(
                    id: line.id, name: line.name, head: line.head, liveChanges: Int(line.liveChanges),
                    sealedBytes: Int(line.sealedBytes), fingerprint: line.fingerprint, replicas: Int(line.replicas),
                    restoration: restorations[line.id], terms: line.terms, verified: line.verified,
                    setAsideChanges: setAside[line.id.bytes] ?? 0)
            }
        }
    }

    public func noteRefilled(_ line: LineID, now: Int64) async throws {
        try await transaction(isWriting: true) { access in
            try access.connection.send(RestorationRows.ending) {
                $0.add(line.bytes)
                $0.add(now)
            }
            try access.connection.send(ChangeRows.forgettingSetAside) { $0.add(line.bytes) }
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
            let devices = try PostgreSQLRegistryAccess.devices(of: line, access.connection)
            return try ReplicaRows.all(line: line, access.connection).compactMap { replica in
                devices[replica.device].map { ReplicaSummary(replica, of: $0, head: state.head) }
            }
        }
    }
}
