import Merge
import Sealing
import SyncProtocol
import Trust

extension StoredRegistry {
    // MARK: The roster

    func found(_ request: FoundRequest, by invitation: InvitationID, now: Int64) async throws -> LineID {
        let roster: Roster
        do throws(RosterError) {
            roster = try Roster(founding: request.entry)
        } catch {
            throw ChangeLogError(error)
        }
        let log = randomBytes(Cursor.logBytes)
        let refusal = try await store.writeRegistry {
            try Founder(access: $0, now: now).found(roster, request.boxes, by: invitation, log: log)
        }
        if let refusal { throw refusal }
        return roster.line
    }

    func roster(of line: LineID) throws -> Roster? {
        let rosters = store.rosters
        return try store.readRegistry { access -> Roster? in
            guard let state = try access.line(line) else { return nil }
            if let roster = rosters.roster(line, count: state.rosterCount, head: state.rosterHead) { return roster }
            let entries = try access.entries(of: state)
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

    func append(
        _ entries: [SignedEntry], isNew: Bool, to line: LineID, now: Int64
    ) async throws -> (hasChanged: Bool, roster: Roster?) {
        while true {
            guard let held = try roster(of: line) else { return try await bringBack(entries, line, now) }
            // Verified here and not in the transaction: nobody's writes wait for it.
            guard case .change(let roster, let from, let lost) = try decide(held, entries, isNew) else {
                return (false, held)
            }
            let swap = RosterSwap(held: held, roster: roster, from: from, lost: lost, now: now)
            if try await store.writeRegistry({ try swap.run($0) }) {
                store.rosters.keep(roster)
                return (true, roster)
            }
            // Somebody else was first: what is offered is compared with what they made of it.
        }
    }

    /// The first entries of a line whose store was lost.
    private func bringBack(
        _ entries: [SignedEntry], _ line: LineID, _ now: Int64
    ) async throws -> (hasChanged: Bool, roster: Roster?) {
        guard try store.readRegistry({ try $0.awaitedName(of: line) }) != nil else {
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
        _ = try await store.writeRegistry { try Founder(access: $0, now: now).bringBack(brought, log: log) }
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

    func boxes(of device: DeviceID, line: LineID) throws -> [EpochBox] {
        try store.readRegistry { access in
            try access.line(line).map { try access.boxes(of: device, in: $0) } ?? []
        }
    }

    func lackingBoxes(line: LineID) throws -> [DeviceID] {
        guard let roster = try roster(of: line)?.state else { return [] }
        let holders = try store.readRegistry { access in
            try access.line(line).map { try access.holders(of: roster.epoch, in: $0) }
        }
        return roster.keyHolders.filter { holders?.contains($0) == false }
    }

    func add(_ boxes: [EpochBox], by author: Device) async throws {
        guard let roster = try roster(of: author.line)?.state else { return }
        let wanted = boxes.filter { box in
            (1...roster.epoch).contains(box.epoch)
                && (roster.member(box.device) != nil || box.device == roster.recoveryID)
        }
        try await store.writeRegistry { access in
            try access.checkStanding(author, asLead: false)
            try Self.changeBoxes(of: author.line, roster, access) { line in
                for box in wanted { try access.add(box, by: author.id, roster, in: line) }
            }
        }
    }

    func refuseBoxes(of holder: DeviceID, epoch: UInt32, line: LineID) async throws {
        guard let roster = try roster(of: line)?.state else { return }
        try await store.writeRegistry { access in
            if let device = try access.device(holder) {
                try access.checkStanding(device, asLead: false)
            } else if try access.recovery(holder) == nil {
                throw ChangeLogError(.unknownDevice, "this device is not in the line's roster; nothing was changed")
            }
            try Self.changeBoxes(of: line, roster, access) {
                try access.deleteBoxes(of: holder, epoch: epoch, in: $0)
            }
        }
    }

    /// Changes boxes, and keeps the line's word on whether somebody lacks one.
    private static func changeBoxes(
        of line: LineID, _ roster: RosterState, _ access: Store.Access, _ change: (LineState) throws -> Void
    ) throws {
        guard var state = try access.line(line) else { return }
        try change(state)
        // If the roster has gone on meanwhile, whoever made it go on has looked.
        guard state.rosterHead == roster.head else { return }
        let isLacking = try access.lacksBoxes(roster, in: state)
        if state.lacksBoxes == isLacking { return }
        state.lacksBoxes = isLacking
        try access.save(state)
    }
}

extension StoredRegistry {
    func checkpoints(of line: LineID) throws -> [SealedCheckpoint] {
        try store.readRegistry { access in try access.line(line).map { try access.checkpoints(of: $0) } ?? [] }
    }

    func add(_ checkpoints: CheckpointList, by author: Device) async throws {
        let own = checkpoints.checkpoints.last { $0.device == author.id }
        try await store.writeRegistry { access in
            try access.checkStanding(author, asLead: false)
            if let own { try access.save(own, of: author) }
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
