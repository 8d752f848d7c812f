import SyncProtocol
import Trust

/// Carries out an operator's act and writes it down. Inside the caller's transaction.
struct OperatorDesk<Access: RegistryAccess> {
    let access: Access
    /// Nil for whoever has the store itself.
    let author: Administrator?
    let request: [UInt8]
    /// For the store, if it gets another one.
    let generation: UInt64
    let now: Int64

    func perform(_ act: OperatorAct) throws {
        // Done before, and its answer was lost.
        if try access.isDone(request: request) { return }
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
            guard try access.line(line) == nil else {
                throw ChangeLogError(.lineExists, "the store has this line already; nothing was changed")
            }
            _ = try access.nextReference()
            try access.setAwaited(line, name: name)
            try note(.lineAwaited, line, nil)
        case .withdraw(let id): try withdraw(id)
        case .block(let id):
            let line = try line(of: id)
            try access.block(id, now: now)
            try note(.blocked, line, id.bytes)
        case .label(let id, let text):
            let line = try line(of: id)
            try access.setLabel(text, of: id)
            try note(.labelled, line, id.bytes)
        case .minimumProgram(let line, let version):
            try setTerms(of: line, .minimumSet) { $0.minimumProgram = version }
        case .quota(let line, let bytes):
            // Whose disk it is decides how much of it a line gets.
            try requireAllLines()
            try setTerms(of: line, .quotaSet) { $0.quotaBytes = bytes }
        case .noteRestored:
            try requireAllLines()
            try access.setGeneration(generation)
            try note(.restored, nil, nil)
        }
    }

    // MARK: Acts

    private func add(_ key: [UInt8], _ label: String, _ line: LineID?) throws {
        try requireAllLines()
        if let line { try requireLine(line) }
        let new = Administrator(signingKey: key, label: label, line: line, added: now)
        try access.save(new)
        try note(.operatorAdded, line, new.id.bytes)
    }

    private func remove(_ id: OperatorID) throws {
        try requireAllLines()
        guard let known = try access.administrator(id) else { throw notFound("operator") }
        // Whoever has the store itself can add one again.
        if author != nil, known.line == nil, try access.administrators().count(where: { $0.line == nil }) == 1 {
            throw ChangeLogError(.notAllowed, "nobody would be left who may add an operator; nothing was changed")
        }
        try access.deleteAdministrator(id)
        try note(.operatorRemoved, known.line, id.bytes)
    }

    private func invite(_ invited: Invited, _ act: AuditEntry.Act) throws {
        if invited.kind == .found {
            try requireAllLines()
            // Said to whoever can start another store, and not to a line's founder a day later.
            _ = try access.nextReference()
        }
        // The same key again, under another request: nothing is made anew.
        guard try access.invitation(invited.id) == nil else { throw ChangeLogError(joining: .invitationUsed) }
        try access.deleteInvitations(expiredBefore: now - Invited.keptMilliseconds)
        try access.save(invited)
        try note(act, invited.line, invited.id.bytes)
    }

    private func withdraw(_ id: InvitationID) throws {
        guard var invited = try access.invitation(id) else { throw notFound("invitation") }
        if let line = invited.line { try requireLine(line) } else { try requireAllLines() }
        if let code = invited.take(.end, now: now) { throw ChangeLogError(joining: code) }
        try access.save(invited)
        try note(.withdrawn, invited.line, id.bytes)
    }

    private func setTerms(of line: LineID, _ act: AuditEntry.Act, _ set: (inout LineTerms) -> Void) throws {
        try requireLine(line)
        guard var state = try access.line(line) else { throw notFound("line") }
        set(&state.terms)
        try access.save(state)
        try note(act, line, nil)
    }

    // MARK: What an operator may

    private func line(of device: DeviceID) throws -> LineID {
        guard let line = try access.device(device)?.line, author?.maySee(line) ?? true else {
            throw notFound("workstation")
        }
        return line
    }

    private func requireLine(_ line: LineID) throws {
        guard author?.maySee(line) ?? true, try access.line(line) != nil else {
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
        try access.note(
            act, by: author?.id, line: line, subject: subject, request: request, now: now)
    }
}
