import Merge
import SQLite
import Sealing
public import SyncProtocol
public import Trust

extension SQLiteChangeLog: LineRegistry {
    // MARK: Who asks

    public func generation() throws -> UInt64 { try read { try StoreTable(connection: $0).generation() } }
    public func device(_ id: DeviceID) throws -> Device? { try read { try DeviceTable(connection: $0).find(id) } }
    public func recovery(_ id: DeviceID) throws -> RecoveryHolder? {
        try read { try RecoveryTable(connection: $0).find(id) }
    }
    public func invitation(_ id: InvitationID) throws -> Invited? {
        try read { try InvitationTable(connection: $0).find(id) }
    }
    public func administrator(_ id: OperatorID) throws -> Administrator? {
        try read { try OperatorTable(connection: $0).find(id) }
    }
    public func name(of line: LineID) throws -> String? {
        try read { try LineTable(connection: $0).find(line)?.name }
    }
    public func mark(of line: LineID) throws -> RosterMark? {
        try read { try LineTable(connection: $0).rosterEnd(line) }.map {
            RosterMark(count: $0.count, hash: $0.head, lacksBoxes: $0.lacksBoxes)
        }
    }

    // MARK: The roster

    public func found(_ request: FoundRequest, by invitation: InvitationID, now: Int64) async throws -> LineID {
        let roster: Roster
        do throws(RosterError) {
            roster = try Roster(founding: request.entry)
        } catch {
            throw ChangeLogError(error)
        }
        let log = randomBytes(Cursor.logBytes)
        let refusal = try await write { connection, _ in
            try Founder(connection: connection, now: now).found(roster, request.boxes, by: invitation, log: log)
        }
        if let refusal { throw refusal }
        return roster.line
    }

    public func roster(of line: LineID) throws -> Roster? {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return nil }
            if let roster = rosters.roster(line, count: state.rosterCount, head: state.rosterHead) { return roster }
            let entries = try RosterTable(connection: connection, line: state.ref).entries()
            do throws(RosterError) {
                let roster = try Roster(entries, line: line, verifying: false)
                rosters.keep(roster)
                return roster
            } catch {
                throw ChangeLogError(
                    .unusable, "the store is damaged: a roster does not hold together; restore it from a backup",
                    cause: error)
            }
        }
    }

    public func append(
        _ entries: [SignedEntry], isNew: Bool, to line: LineID, now: Int64
    ) async throws -> (hasChanged: Bool, roster: Roster?) {
        while true {
            guard let held = try roster(of: line) else { return try await bringBack(entries, line, now) }
            // Verified here and not in the transaction: nobody's writes wait for it.
            guard case .change(let roster, let from, let lost) = try decide(held, entries, isNew) else {
                return (false, held)
            }
            let swap = RosterSwap(held: held, roster: roster, from: from, lost: lost, now: now)
            if try await write({ connection, _ in try swap.run(connection) }) {
                rosters.keep(roster)
                return (true, roster)
            }
            // Somebody else was first: what is offered is compared with what they made of it.
        }
    }

    /// The first entries of a line whose store was lost.
    private func bringBack(
        _ entries: [SignedEntry], _ line: LineID, _ now: Int64
    ) async throws -> (hasChanged: Bool, roster: Roster?) {
        guard try read({ try AwaitedLineTable(connection: $0).name(of: line) }) != nil else {
            throw ChangeLogError(.unknownLine, "this server has no such line; nothing was changed")
        }
        if entries.isEmpty { return (false, nil) }
        let brought: Roster
        do throws(RosterError) {
            brought = try Roster(entries, line: line)
        } catch {
            throw ChangeLogError(error)
        }
        let log = randomBytes(Cursor.logBytes)
        _ = try await write { connection, _ in
            try Founder(connection: connection, now: now).bringBack(brought, log: log)
        }
        return (true, try roster(of: line))
    }

    private func decide(_ held: Roster, _ entries: [SignedEntry], _ isNew: Bool) throws -> RosterRules.Decision {
        do throws(RosterError) {
            return try RosterRules.decide(held, entries, isNew: isNew)
        } catch {
            throw ChangeLogError(error)
        }
    }

    // MARK: Boxes

    public func boxes(of device: DeviceID, line: LineID) throws -> [EpochBox] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            return try BoxTable(connection: connection, line: state.ref).boxes(of: device)
        }
    }

    public func lackingBoxes(line: LineID) throws -> [DeviceID] {
        guard let roster = try roster(of: line)?.state else { return [] }
        let holders = try read { connection in
            try LineTable(connection: connection).find(line).map {
                try BoxTable(connection: connection, line: $0.ref).holders(epoch: roster.epoch)
            }
        }
        return roster.keyHolders.filter { holders?.contains($0) == false }
    }

    public func add(_ boxes: [EpochBox], by author: Device) async throws {
        guard let roster = try roster(of: author.line)?.state else { return }
        let wanted = boxes.filter { box in
            (1...roster.epoch).contains(box.epoch)
                && (roster.member(box.device) != nil || box.device == roster.recoveryID)
        }
        try await write { connection, _ in
            try DeviceTable(connection: connection).checkStanding(author)
            try Self.changeBoxes(of: author.line, roster, connection) { table in
                for box in wanted { try table.add(box, by: author.id, roster) }
            }
        }
    }

    public func refuseBoxes(of holder: DeviceID, epoch: UInt32, line: LineID) async throws {
        guard let roster = try roster(of: line)?.state else { return }
        try await write { connection, _ in
            if let device = try DeviceTable(connection: connection).find(holder) {
                try DeviceTable(connection: connection).checkStanding(device)
            } else if try RecoveryTable(connection: connection).find(holder) == nil {
                throw ChangeLogError(.unknownDevice, "this device is not in the line's roster; nothing was changed")
            }
            try Self.changeBoxes(of: line, roster, connection) { try $0.delete(of: holder, epoch: epoch) }
        }
    }

    /// Changes boxes, and keeps the line's word on whether somebody lacks one.
    private static func changeBoxes(
        of line: LineID, _ roster: RosterState, _ connection: Connection, _ change: (BoxTable) throws -> Void
    ) throws {
        let lines = LineTable(connection: connection)
        guard var state = try lines.find(line) else { return }
        let table = BoxTable(connection: connection, line: state.ref)
        try change(table)
        // If the roster has gone on meanwhile, whoever made it go on has looked.
        guard state.rosterHead == roster.head else { return }
        let isLacking = try table.isLacking(roster)
        if state.lacksBoxes == isLacking { return }
        state.lacksBoxes = isLacking
        try lines.save(state)
    }
}

extension SQLiteChangeLog {
    public func checkpoints(of line: LineID) throws -> [SealedCheckpoint] {
        try read { connection in
            guard let state = try LineTable(connection: connection).find(line) else { return [] }
            return try CheckpointTable(connection: connection, line: state.ref).all()
        }
    }

    public func add(_ checkpoints: CheckpointList, by author: Device) async throws {
        let own = checkpoints.checkpoints.last { $0.device == author.id }
        try await write { connection, _ in
            try DeviceTable(connection: connection).checkStanding(author)
            guard let own, let line = try LineTable(connection: connection).find(author.line) else { return }
            try CheckpointTable(connection: connection, line: line.ref).save(own, of: author)
        }
    }
}

extension ChangeLogError {
    init(_ error: RosterError) {
        let words =
            switch error.code {
            case .undecided:
                "two branches of the roster each take rights away: a person has to decide, with the recovery sheet"
            default: "the roster does not take it: \(error)"
            }
        self.init(
            error.code == .undecided ? .rosterUndecided : .rosterRefused, words + "; nothing was changed", cause: error)
    }
}
