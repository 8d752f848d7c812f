import Support
import SyncProtocol
import Trust

extension StoredRegistry {
    func administrators() throws -> [Administrator] { try store.readRegistry { try $0.administrators() } }

    func devices(of line: LineID) throws -> [DeviceSummary] {
        try store.readRegistry { access in
            guard let state = try access.line(line) else { return [] }
            let seen = try access.lastSeen(in: state)
            return try access.devices(of: state).values
                .filter { $0.standing != .absent }.sorted { ($0.admitted, $0.ref) < ($1.admitted, $1.ref) }
                .map { row in
                    DeviceSummary(
                        id: row.id, label: row.label, role: row.role, admitted: row.admitted,
                        isRemoved: row.standing == .removed, isBlocked: row.isBlocked, lastSeen: seen[row.ref])
                }
        }
    }

    func audit(from number: UInt64, limit: Int) throws -> (entries: [AuditEntry], end: AuditChain.Anchor) {
        try store.readRegistry { access in
            (entries: try access.audit(from: number, limit: limit), end: try access.auditEnd())
        }
    }

    func perform(
        _ act: OperatorAct, by author: Administrator?, request: [UInt8], now: Int64
    ) async throws {
        let generation = store.random.nextWord()
        try await store.writeRegistry { access in
            let desk = OperatorDesk(
                access: access, author: author, request: request, generation: generation, now: now)
            try desk.perform(act)
        }
    }
}
