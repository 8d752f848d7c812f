import HTTPClient
import Replica
import SyncProtocol
import Trust

extension SyncClient {
    /// The membership, with the roster and the keys as the server has them where those here do not suffice.
    func currentMembership() async throws -> Membership {
        let membership = try membership()
        if membership.isRemoved || membership.hasNewestKey && membership.wanted.isEmpty { return membership }
        try await fetchRoster()
        return try self.membership()
    }

    /// Acts on what an answer says of the server's roster: fetches what follows, hands over what the server lacks, and fills in
    /// boxes of the newest key for those who lack them.
    func follow(_ mark: RosterMark?) async throws {
        guard let mark else { return }
        let membership = try membership()
        let here = RosterMark(membership.roster.state)
        if !mark.isOfSameRoster(as: here) || mark.lacksBoxes && membership.hasNewestKey { try await fetchRoster(mark) }
    }

    /// Asks for the roster's entries from where it may differ, and takes them in.
    ///
    /// Errors: ``SyncError``; `ReplicaError` with `wrongRoster`.
    public func fetchRoster() async throws { try await fetchRoster(nil) }

    private func fetchRoster(_ mark: RosterMark?) async throws {
        try await exchangeRoster(mark)
        let membership = try membership()
        if !membership.wanted.isEmpty, membership.hasNewestKey { try await Lead(self).writeWanted() }
    }

    private func exchangeRoster(_ mark: RosterMark?) async throws {
        let membership = try membership()
        let count = UInt64(membership.roster.count)
        // From the last entry that both should have: it says at once whether they do.
        let start = max(1, min(mark?.count ?? count, count)) - 1
        let change: RosterChange
        do {
            change = try await fetch(from: start, membership)
        } catch let error as ReplicaError where error.code == .wrongRoster && start > 0 {
            // They part earlier.
            change = try await fetch(from: 0, membership)
        }
        switch change {
        case .none, .grown, .replaced: break
        case .serverLacks(let number): try await handOver(from: number)
        }
    }

    /// Moves the workstation to another address of the same line, once the server there has shown the line's roster.
    ///
    /// Errors: ``SyncError``; `ReplicaError` with `wrongRoster` where it is another line's. Nothing was changed then.
    public func moveServer(to address: String) async throws {
        var membership = try membership()
        membership.server = address
        let start = UInt64(membership.roster.count) - 1
        let there = membership
        let answer = try await withKnownDevice(there) {
            try await rosterAnswer(line: there.line, after: start, at: address, as: .device(there.keys))
        }
        _ = try replica.take(answer.entries, boxes: answer.boxes)
        try replica.moveServer(to: address)
    }

    /// All entries from a number on, in as many answers as it takes, then what they mean.
    private func fetch(from start: UInt64, _ membership: Membership) async throws -> RosterChange {
        var entries: [SignedEntry] = []
        for _ in 0..<Self.answerLimit {
            let answer = try await rosterAnswer(
                line: membership.line, after: start + UInt64(entries.count), at: membership.server,
                as: .device(membership.keys))
            entries += answer.entries
            // It has less, and may have gone another way: that shows from the first entry on.
            if entries.isEmpty, answer.count < UInt64(membership.roster.count), start > 0 {
                return try await fetch(from: 0, membership)
            }
            if answer.entries.isEmpty || start + UInt64(entries.count) >= answer.count {
                let change = try replica.take(entries, boxes: answer.boxes)
                try await refuseUnopened(answer.boxes)
                try await fillIn(answer.lacking)
                return change
            }
        }
        throw Self.endless
    }

    /// A roster takes a few answers of a megabyte; a server that goes on for ever fills no memory.
    private static let answerLimit = 64
    private static var endless: SyncError {
        SyncError(
            .badAnswer,
            "the server's roster has no end; nothing of it was taken in, your work is safe here: tell the operator")
    }

    func rosterAnswer(
        line: LineID, after number: UInt64, at server: String, as signer: Endpoint.Signer
    ) async throws -> RosterAnswer {
        let answer = try await endpoint.get(
            "/v2/roster?line=\(line)&after=\(number)", at: server, as: signer,
            timeoutSeconds: configuration.timeoutSeconds)
        return try reading { () throws(ProtocolError) in try RosterAnswer(encoded: answer.body) }
    }

    /// The whole roster, verified, before the workstation belongs to the line.
    func wholeRoster(
        line: LineID, at server: String, as signer: Endpoint.Signer
    ) async throws -> (roster: Roster, last: RosterAnswer) {
        var roster: Roster?
        for _ in 0..<Self.answerLimit {
            let answer = try await rosterAnswer(
                line: line, after: UInt64(roster?.count ?? 0), at: server, as: signer)
            do throws(RosterError) {
                for entry in answer.entries {
                    if roster == nil {
                        roster = try Roster(founding: entry, line: line)
                    } else {
                        try roster?.append(entry)
                    }
                }
            } catch {
                throw ReplicaError(wrongRoster: error)
            }
            guard let roster else { break }
            if answer.entries.isEmpty || UInt64(roster.count) >= answer.count { return (roster, answer) }
        }
        throw Self.endless
    }

    /// Says so where none of the boxes of the newest key opens: whoever has the key fills it in again. Otherwise one bad box would
    /// keep everybody from filling in a good one.
    private func refuseUnopened(_ boxes: [EpochBox]) async throws {
        let membership = try membership()
        let epoch = membership.roster.state.epoch
        guard !membership.hasNewestKey, !membership.isRemoved, boxes.contains(where: { $0.epoch == epoch }) else {
            return
        }
        try await post(BoxRefusal(epoch: epoch).encoded(), to: "/v2/boxes/refuse", membership)
    }

    /// Seals the newest key to those who have none of it.
    private func fillIn(_ lacking: [DeviceID]) async throws {
        let membership = try membership()
        guard membership.hasNewestKey, let key = membership.keyring?.current else { return }
        let returned = membership.returned
        let boxes = membership.roster.state.boxes(of: key, for: lacking.filter { !returned.contains($0) })
        if boxes.isEmpty { return }
        try await post(BoxesRequest(boxes: boxes).encoded(), to: "/v2/boxes", membership)
    }

    // MARK: Handing over

    /// Gives the server the roster's entries from a number on, a message's worth at a time.
    ///
    /// - Returns: where the server's roster ends then.
    @discardableResult
    func handOver(from number: UInt64) async throws -> RosterPosition? {
        let membership = try membership()
        var rest = membership.roster.entries[Int(min(number, UInt64(membership.roster.count)))...]
        var position: RosterPosition?
        while !rest.isEmpty {
            var size = 100
            let part = rest.prefix { entry in
                size += entry.encoded().count + 4
                return size <= RosterExtension.limitBytes
            }
            let sent = part.isEmpty ? rest.prefix(1) : part
            position = try await hand(over: Array(sent), membership)
            rest = rest.dropFirst(sent.count)
        }
        return position
    }

    /// Unsigned: what is handed over proves itself.
    func hand(
        over entries: [SignedEntry], isNew: Bool = false, _ membership: Membership
    ) async throws -> RosterPosition {
        let answer = try await endpoint.post(
            RosterExtension(line: membership.line, entries: entries, isNew: isNew).encoded(), to: "/v2/roster",
            at: membership.server, as: nil, timeoutSeconds: configuration.timeoutSeconds)
        return try reading { () throws(ProtocolError) in try RosterPosition(encoded: answer.body) }
    }

    /// Runs a request of a device. Where the server does not know the device, it was put back to before its admission: it is
    /// given the roster that it lacks, and asked again. Where it says that the device was removed, its roster has to prove it.
    func withKnownDevice<Result>(
        _ membership: Membership, _ request: () async throws -> Result
    ) async throws -> Result {
        do {
            return try await request()
        } catch let error as SyncError where error.code == .unknownDevice {
            let end = try await hand(over: [], membership)
            guard end.count < UInt64(membership.roster.count) else { throw error }
            try await handOver(from: max(1, end.count) - 1)
            return try await request()
        } catch let error as SyncError where error.code == .removed {
            try await fetchRoster()
            if try self.membership().isRemoved { throw error }
            // The server's word alone takes nobody out of the line.
            throw SyncError(
                .refused,
                "the server says that this workstation was removed, and its roster does not; your work is safe here: tell a lead"
            )
        }
    }

    // MARK: Writing

    /// Writes an entry, as the next one of what the server has.
    ///
    /// An entry whose answer was lost is handed over again before anything else, in this call or a later one.
    ///
    /// - Parameter act: what to write, by the roster as it stands; nil: nothing any more. It is asked again where another
    ///   entry came first.
    ///
    /// Errors: `RosterError` where the entry would not be valid; nothing was changed then.
    @discardableResult
    func write(_ act: (Membership) throws -> RosterAct?) async throws -> SignedEntry? {
        var signed: SignedEntry?
        for _ in 0..<Self.writingAttempts {
            let membership = try membership()
            // What was signed for this place is sent again, and nothing else is signed for it.
            let known = try replica.signedEntry()
            if known == nil, let signed, membership.roster.entries.contains(signed) { return signed }
            let entry: SignedEntry
            if let known {
                entry = known
            } else {
                guard let act = try act(membership) else { return nil }
                let made = try membership.roster.next(act, by: membership.keys, now: replica.wallMilliseconds())
                entry = try replica.keepSigned(made)
                // Another process of this workstation may have been first.
                if entry == made { signed = made }
            }
            let position = try await hand(over: [entry], isNew: true, membership)
            if position.head == entry.entry.hash {
                _ = try replica.take([entry])
                if entry == signed { return entry }
            } else {
                try await exchangeRoster(nil)
            }
        }
        throw SyncError(.noProgress, "others change the line's roster all the time; nothing was changed: try again")
    }

    private static let writingAttempts = 8

    @discardableResult
    func post(_ body: [UInt8], to route: String, _ membership: Membership) async throws -> [UInt8] {
        try await withKnownDevice(membership) {
            try await endpoint.post(
                body, to: route, at: membership.server, as: .device(membership.keys),
                timeoutSeconds: configuration.timeoutSeconds
            ).body
        }
    }

    func get(_ route: String, _ membership: Membership) async throws -> [UInt8] {
        try await withKnownDevice(membership) {
            try await endpoint.get(
                route, at: membership.server, as: .device(membership.keys),
                timeoutSeconds: configuration.timeoutSeconds
            ).body
        }
    }

    func reading<Message>(_ body: () throws(ProtocolError) -> Message) throws(SyncError) -> Message {
        do throws(ProtocolError) {
            return try body()
        } catch {
            throw SyncError(unreadable: error)
        }
    }
}
