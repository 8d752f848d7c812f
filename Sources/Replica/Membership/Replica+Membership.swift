import SQLite
import SyncProtocol
public import Trust

/// What came of entries that somebody else had of the line's roster.
public enum RosterChange: Sendable, Equatable {
    case none
    /// The roster here has grown.
    case grown
    /// The server has less, from this number on.
    case serverLacks(from: UInt64)
    /// Another branch counts. Admissions of the one that was here, which this workstation made, have to be made again.
    case replaced(lost: [RosterAct.Admission])
}

extension Replica {
    /// How the workstation belongs to its line; nil before it has joined.
    ///
    /// Errors: `damagedKeys`.
    public func membership() throws -> Membership? {
        try mappingErrors {
            try readers.read { try members.membership($0, try Link($0)) }
        }
    }

    /// The workstation's own keys, made now if there are none. They are on disk when this returns.
    public func deviceKeys() throws -> DeviceKeys { try mappingErrors { try members.madeKeys() } }

    /// Ties the replica to a line, once, with the roster that has let it in.
    ///
    /// Errors: `otherLine` if it belongs to another one, `notAdmitted` if the roster does not hold its keys.
    public func enrol(_ roster: Roster, boxes: [EpochBox], lineName: String, server: String) throws {
        let keys = try deviceKeys()
        guard roster.state.member(keys.id) != nil else {
            throw ReplicaError(.notAdmitted, "the line has not let this workstation in; nothing was changed")
        }
        try session { session in
            let table = RosterTable(connection: session.store.connection)
            // With new keys a workstation joins its own line again, and keeps what it has not sent.
            if let known = try table.roster(), known.line != roster.line { throw ReplicaError.otherLine }
            // A copy made before joining has another id than the original from now on.
            try session.takeNewID()
            session.link.lineName = lineName
            session.link.server = server
            try table.replace(from: 0, by: roster)
            try JoinTable(connection: session.store.connection).clear()
            _ = try table.keep(boxes.filter { $0.device == keys.id })
            session.link.membershipVersion += 1
        }
    }

    /// Takes in entries of the line's roster, each verified, and boxes for this workstation.
    ///
    /// Errors: `wrongRoster` where the entries are none of this line's, or two branches take rights away and a person has to
    /// decide; nothing was changed then, and nothing is synced until it is settled.
    public func take(_ entries: [SignedEntry], boxes: [EpochBox] = []) throws -> RosterChange {
        try session { session in
            let table = RosterTable(connection: session.store.connection)
            guard let roster = try table.roster() else { throw ReplicaError.notJoined }
            let keys = try members.keys()
            if try table.keep(boxes.filter { $0.device == keys?.id }) { session.link.membershipVersion += 1 }
            let comparison: RosterComparison
            do throws(RosterError) {
                comparison = try roster.compared(with: entries)
            } catch {
                throw ReplicaError(wrongRoster: error)
            }
            switch comparison {
            case .equal: return .none
            case .ahead(let number), .ours(let number): return .serverLacks(from: number)
            case .behind(let new):
                try table.replace(from: roster.count, by: new)
                session.link.membershipVersion += 1
                return .grown
            case .theirs(let new, let number, let lost):
                try table.replace(from: Int(number), by: new)
                session.link.membershipVersion += 1
                let admissions = lost.compactMap { signed -> RosterAct.Admission? in
                    guard signed.entry.author == keys?.id, case .admit(let admission) = signed.entry.act else {
                        return nil
                    }
                    return admission
                }
                return .replaced(lost: admissions)
            }
        }
    }

    /// Milliseconds since 1970 by the workstation's own clock.
    public func wallMilliseconds() -> Int64 { environment.wallMilliseconds() }

    /// Changes where the line's server is.
    public func moveServer(to address: String) throws {
        try session { session in
            session.link.server = address
            session.link.membershipVersion += 1
        }
    }
}

extension ReplicaError {
    public static var notJoined: ReplicaError {
        ReplicaError(.notJoined, "this workstation has not joined a line; its work is safe here: join first")
    }

    public static var otherLine: ReplicaError {
        ReplicaError(
            .otherLine,
            "this workstation already belongs to another line; its work is safe: use another data folder to join this one"
        )
    }

    public init(wrongRoster error: RosterError) {
        switch error.code {
        case .undecided:
            self.init(
                .wrongRoster,
                "two of the line's leads have each taken rights away while the server was put back; this workstation waits until a lead settles it with a recovery sheet; your work is safe here",
                cause: error)
        case .unknownAct:
            self.init(
                .newerVersion,
                "the line's roster says something that this program does not know; nothing was changed, your work is safe here: update this program",
                cause: error)
        default:
            self.init(
                .wrongRoster,
                "the server's roster is not this line's (\(error)); nothing was taken in, your work is safe here: tell a lead",
                cause: error)
        }
    }
}
