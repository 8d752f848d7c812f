import Merge
import SQLite
import Sealing
import SyncProtocol
public import Trust

/// What came of entries that somebody else had of the line's roster.
public enum RosterChange: Sendable, Equatable {
    case none
    /// The roster here has grown.
    case grown
    /// The server has less, from this number on.
    case serverLacks(from: UInt64)
    /// Another branch counts. What this workstation wrote on the one that was here is ``Membership/wanted`` now.
    case replaced
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
            session.state.desk = UInt64(DeskTag(keys.id).rawValue)
            session.link.lineName = lineName
            // What a lead has announced counts; an invitation may have been altered on its way.
            session.link.server = roster.state.server?.address ?? server
            session.link.handedOver = nil
            session.link.handedOverAt = nil
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
            let comparison: RosterComparison
            do throws(RosterError) {
                comparison = try roster.compared(with: entries)
            } catch {
                throw ReplicaError(wrongRoster: error)
            }
            var change = RosterChange.none
            var latest = roster
            switch comparison {
            case .equal: break
            case .ahead(let number), .ours(let number): change = .serverLacks(from: number)
            case .behind(let new):
                try Self.adopt(new, from: roster.count, table, &session.link)
                (change, latest) = (.grown, new)
            case .theirs(let new, let number, let lost):
                try Self.adopt(new, from: Int(number), table, &session.link)
                for act in Roster.wanted(of: lost, by: try members.madeKeys().id) { try table.want(act) }
                (change, latest) = (.replaced, new)
                // Keys that were begun on the branch that lost are none any more.
                let common = latest.state.epochs.prefix { $0.begun < number }.count
                session.link.caughtUpEpoch = min(session.link.caughtUpEpoch, UInt64(common))
            }
            try keep(boxes, latest, table, &session.link)
            return change
        }
    }

    /// Keeps boxes that open and hold what the roster has committed to; a server could fill the disk with others.
    private func keep(
        _ boxes: [EpochBox], _ roster: Roster, _ table: RosterTable, _ link: inout Link
    ) throws {
        let keys = try members.madeKeys()
        // Each by itself: where an entry seals the key before wrongly, only several together are a keyring.
        let good = boxes.filter { $0.device == keys.id && roster.state.isGood($0, key: keys.box) }
        if try table.keep(good) { link.membershipVersion += 1 }
    }

    /// Keeps the box of an epoch that this workstation is about to begin: nobody else has its key.
    public func keepNextKey(_ box: EpochBox) throws {
        try session { session in
            if try RosterTable(connection: session.store.connection).keep([box]) { session.link.membershipVersion += 1 }
        }
    }

    /// An entry that this workstation has signed for the place behind the roster's last one; nil where there is none.
    ///
    /// Two entries of one workstation for one place would be two branches: somebody on the way who hides the answer to the first could
    /// have a lead sign a second one, and then show each to others.
    public func signedEntry() throws -> SignedEntry? {
        try mappingErrors {
            try readers.read { connection in
                let table = RosterTable(connection: connection)
                guard let entry = try table.signedEntry(), let roster = try table.roster(),
                    entry.entry.previous == roster.state.head
                else { return nil }
                return entry
            }
        }
    }

    /// Keeps an entry before it is handed over, unless there is one for the same place already. Returns the one that counts.
    public func keepSigned(_ entry: SignedEntry) throws -> SignedEntry {
        try session { session in
            let table = RosterTable(connection: session.store.connection)
            if let known = try table.signedEntry(), known.entry.previous == entry.entry.previous { return known }
            try table.keepSigned(entry)
            return entry
        }
    }

    /// Forgets an act that was written again, or may not be any more.
    public func forgetWanted(_ ordinal: Int64) throws {
        try session { session in
            try RosterTable(connection: session.store.connection).removeWanted(ordinal)
            session.link.membershipVersion += 1
        }
    }

    /// The server's latest ticket, for all that ask it in the name of this workstation; empty before it gave one.
    public var serverTicket: String {
        get { members.ticket }
        set { members.ticket = newValue }
    }

    /// Where an entry says that the server is somewhere else now, the workstation goes there.
    private static func adopt(_ roster: Roster, from number: Int, _ table: RosterTable, _ link: inout Link) throws {
        try table.replace(from: number, by: roster)
        for signed in roster.entries[number...] {
            if case .server(let address, _) = signed.entry.act { link.server = address }
        }
        link.membershipVersion += 1
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
