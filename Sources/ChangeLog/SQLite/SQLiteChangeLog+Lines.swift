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
                    restoration: restoration, terms: line.terms, verified: line.verified,
                    setAsideChanges: try ChangeTable(connection: connection, line: line.ref).setAsideCount())
            }
        }
    }

    public func noteRefilled(_ line: LineID, now: Int64) async throws {
        try await write { connection, _ in
            guard let state = try LineTable(connection: connection).find(line) else { return }
            try RestorationTable(connection: connection).end(line: state.ref, now: now)
            try ChangeTable(connection: connection, line: state.ref).forgetSetAside()
        }
    }
}
