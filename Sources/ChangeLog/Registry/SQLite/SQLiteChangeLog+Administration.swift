import SQLite
import Support
public import SyncProtocol
public import Trust

extension SQLiteChangeLog {
    public func administrators() throws -> [Administrator] { try read { try OperatorTable(connection: $0).all() } }

    public func devices(of line: LineID) throws -> [DeviceSummary] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            var seen: [Int64: Int64] = [:]
            for replica in try ReplicaTable(connection: connection).all(line: state.ref) {
                seen[replica.device] = max(replica.lastSeen, seen[replica.device] ?? 0)
            }
            return try DeviceTable(connection: connection).all(line: state.ref).values
                .filter { $0.standing != .absent }.sorted { ($0.admitted, $0.ref) < ($1.admitted, $1.ref) }
                .map { row in
                    DeviceSummary(
                        id: row.id, label: row.label, role: row.role, admitted: row.admitted,
                        isRemoved: row.standing == .removed, isBlocked: row.isBlocked, lastSeen: seen[row.ref])
                }
        }
    }

    public func audit(from number: UInt64, limit: Int) throws -> (entries: [AuditEntry], end: AuditChain.Anchor) {
        try read { connection in
            let table = AuditTable(connection: connection)
            return (try table.entries(from: number, limit: limit), try table.end())
        }
    }

    public func perform(
        _ act: OperatorAct, by author: Administrator?, request: [UInt8], now: Int64
    ) async throws {
        let generation = random.nextWord()
        try await write { connection, _ in
            let desk = OperatorDesk(
                connection: connection, author: author, request: request, generation: generation, now: now)
            try desk.perform(act)
        }
    }
}

/// Carries out an operator's act and writes it down. Inside the caller's transaction.
struct OperatorDesk {
    let connection: Connection
    /// Nil for whoever has the store itself.
    let author: Administrator?
    let request: [UInt8]
    /// For the store, if it gets another one.
    let generation: UInt64
    let now: Int64

    func perform(_ act: OperatorAct) throws {
        // Done before, and its answer was lost.
        if try AuditTable(connection: connection).contains(request: request) { return }
        switch act {
        case .addOperator(let key, let label, let line): try add(key, label, line)
        case .removeOperator(let id): try remove(id)
        case .inviteFounder(let key, let name, let expires):
            try invite(
                Invited(
                    signingKey: key, kind: .found, line: nil, lineName: name, made: now, expires: expires, author: nil),
                .founderInvited)
        case .inviteRecovery(let key, let line, let expires):
            try requireLine(line)
            try invite(
                Invited(signingKey: key, kind: .recover, line: line, made: now, expires: expires, author: nil),
                .recoveryInvited)
        case .awaitLine(let line, let name):
            try requireAllLines()
            guard try LineTable(connection: connection).find(line) == nil else {
                throw ChangeLogError(.lineExists, "the store has this line already; nothing was changed")
            }
            try Founder.requireRoom(connection)
            try AwaitedLineTable(connection: connection).insert(line, name: name)
            try note(.lineAwaited, line, nil)
        case .withdraw(let id): try withdraw(id)
        case .block(let id):
            let line = try line(of: id)
            try DeviceTable(connection: connection).block(id, now: now)
            try note(.blocked, line, id.bytes)
        case .label(let id, let text):
            let line = try line(of: id)
            try DeviceTable(connection: connection).setLabel(text, of: id)
            try note(.labelled, line, id.bytes)
        case .minimumProgram(let line, let version):
            try setTerms(of: line, .minimumSet) { $0.minimumProgram = version }
        case .quota(let line, let bytes):
            // Whose disk it is decides how much of it a line gets.
            try requireAllLines()
            try setTerms(of: line, .quotaSet) { $0.quotaBytes = bytes }
        case .noteRestored:
            try requireAllLines()
            try StoreTable(connection: connection).setGeneration(generation)
            try note(.restored, nil, nil)
        }
    }

    // MARK: Acts

    private func add(_ key: [UInt8], _ label: String, _ line: LineID?) throws {
        try requireAllLines()
        if let line { try requireLine(line) }
        let new = Administrator(signingKey: key, label: label, line: line, added: now)
        try OperatorTable(connection: connection).save(new)
        try note(.operatorAdded, line, new.id.bytes)
    }

    private func remove(_ id: OperatorID) throws {
        try requireAllLines()
        let table = OperatorTable(connection: connection)
        guard let known = try table.find(id) else { throw notFound("operator") }
        // Whoever has the store itself can add one again.
        if author != nil, known.line == nil, try table.all().count(where: { $0.line == nil }) == 1 {
            throw ChangeLogError(.notAllowed, "nobody would be left who may add an operator; nothing was changed")
        }
        try table.delete(id)
        try note(.operatorRemoved, known.line, id.bytes)
    }

    private func invite(_ invited: Invited, _ act: AuditEntry.Act) throws {
        if invited.kind == .found {
            try requireAllLines()
            // Said to whoever can start another store, and not to a line's founder a day later.
            try Founder.requireRoom(connection)
        }
        let table = InvitationTable(connection: connection)
        // The same key again, under another request: nothing is made anew.
        guard try table.find(invited.id) == nil else { throw ChangeLogError(joining: .invitationUsed) }
        try table.delete(expiredBefore: now - Invited.keptMilliseconds)
        try table.save(invited)
        try note(act, invited.line, invited.id.bytes)
    }

    private func withdraw(_ id: InvitationID) throws {
        let table = InvitationTable(connection: connection)
        guard var invited = try table.find(id) else { throw notFound("invitation") }
        if let line = invited.line { try requireLine(line) } else { try requireAllLines() }
        if let code = invited.take(.end, now: now) { throw ChangeLogError(joining: code) }
        try table.save(invited)
        try note(.withdrawn, invited.line, id.bytes)
    }

    private func setTerms(of line: LineID, _ act: AuditEntry.Act, _ set: (inout LineTerms) -> Void) throws {
        try requireLine(line)
        let table = LineTable(connection: connection)
        guard var state = try table.find(line) else { throw notFound("line") }
        set(&state.terms)
        try table.save(state)
        try note(act, line, nil)
    }

    // MARK: What an operator may

    private func line(of device: DeviceID) throws -> LineID {
        guard let line = try DeviceTable(connection: connection).line(of: device), author?.maySee(line) ?? true else {
            throw notFound("workstation")
        }
        return line
    }

    private func requireLine(_ line: LineID) throws {
        guard author?.maySee(line) ?? true, try LineTable(connection: connection).find(line) != nil else {
            throw notFound("line")
        }
    }

    private func requireAllLines() throws {
        guard author == nil || author?.line == nil else {
            throw ChangeLogError(.notAllowed, "this is for an operator of all lines; nothing was changed")
        }
    }

    private func notFound(_ what: StaticString) -> ChangeLogError {
        ChangeLogError(.notFound, "there is no such \(what); nothing was changed")
    }

    private func note(_ act: AuditEntry.Act, _ line: LineID?, _ subject: [UInt8]?) throws {
        try AuditTable(connection: connection).append(
            act, by: author?.id, line: line, subject: subject, request: request, now: now)
    }
}
