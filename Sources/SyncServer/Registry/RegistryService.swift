import ChangeLog
import Support
import SyncProtocol
import Trust

/// Rosters, boxes, invitations and joining, on the server's side.
struct RegistryService: Sendable {
    let registry: any LineRegistry
    let clock: WallClock
    let notifier: LineNotifier
    /// Anybody may hand over entries, and each costs a signature's check.
    let appends = Turns(atOnce: 1, waitingLimit: 256)

    // MARK: The roster

    func found(_ request: FoundRequest, by invited: Invited) async throws -> RosterAnswer {
        let line = try await registry.found(request, by: invited.id, now: clock.nowMilliseconds())
        return try answer(line, from: 0, boxesOf: request.entry.entry.author, showsLacking: true)
    }

    /// Entries from a number on.
    ///
    /// - Parameters:
    ///   - device: whose boxes are handed out.
    ///   - showsLacking: whether whoever asks can fill in boxes.
    func answer(
        _ line: LineID, from number: UInt64, boxesOf device: DeviceID?, showsLacking: Bool
    ) throws -> RosterAnswer {
        guard let roster = try registry.roster(of: line) else { throw Problem.unknownLine }
        return RosterAnswer(
            lineName: try registry.name(of: line) ?? "", count: UInt64(roster.count),
            entries: Self.entries(roster, from: number),
            boxes: try device.map { try registry.boxes(of: $0, line: line) } ?? [],
            lacking: showsLacking ? try registry.lackingBoxes(line: line) : [])
    }

    /// As many as fit into an answer, and at least one.
    private static func entries(_ roster: Roster, from number: UInt64) -> [SignedEntry] {
        var bytes = 0
        return Array(
            roster.entries.dropFirst(Int(clamping: number)).prefix { entry in
                defer { bytes += entry.encoded().count + 8 }
                return bytes == 0 || bytes + entry.encoded().count + 8 <= RosterAnswer.entriesBytes
            })
    }

    func extend(_ request: RosterExtension) async throws -> (position: RosterPosition, hasChanged: Bool) {
        let (hasChanged, roster) = try await appends.take {
            try await registry.append(
                request.entries, isNew: request.isNew, to: request.line, now: clock.nowMilliseconds())
        }
        // Who was removed waits for news no longer.
        if hasChanged { notifier.rightsChanged(in: request.line) }
        return (
            RosterPosition(
                count: UInt64(roster?.count ?? 0), head: roster?.state.head ?? [UInt8](repeating: 0, count: 32)),
            hasChanged
        )
    }

    func add(_ request: BoxesRequest, from device: Device) async throws {
        try await registry.add(request.boxes, by: device)
    }

    // MARK: Leads

    func invite(_ request: InvitationRequest, by lead: Device) async throws {
        try await registry.addInvitation(request, by: lead, now: clock.nowMilliseconds())
    }

    func invitations(for lead: Device, onlyWaiting: Bool) throws -> InvitationList {
        let now = clock.nowMilliseconds()
        let all = try registry.invitations(of: lead.line, sealedTo: lead.id)
        return InvitationList(
            serverTime: now,
            invitations: all.filter { !onlyWaiting || $0.invitation.isWaiting(now: now) }
                .map { $0.invitation.listed(secret: $0.secret) })
    }

    func end(_ request: InvitationReference, by lead: Device) async throws {
        _ = try await registry.take(
            .end, invitation: request.invitation, by: lead, now: clock.nowMilliseconds())
    }

    func answerJoin(_ request: JoinAnswer, by lead: Device) async throws {
        _ = try await registry.take(
            .answer(lead: lead.id, random: request.random), invitation: request.invitation, by: lead,
            now: clock.nowMilliseconds())
    }

    // MARK: Whoever is invited

    func join(_ step: JoinStep, by invited: Invited) async throws -> JoinStatus {
        let now = clock.nowMilliseconds()
        return try await registry.take(step, invitation: invited.id, by: nil, now: now).status(now: now)
    }

    func status(of invited: Invited) -> JoinStatus { invited.status(now: clock.nowMilliseconds()) }
}
