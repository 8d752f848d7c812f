import Replica
import Support
public import SyncClient
import SyncProtocol
public import Trust

/// One of the line's workstations, as the roster here has it.
public struct LineDesk: Sendable {
    public var id: DeviceID
    /// Nil where the key that the name was sealed with is not here.
    public var name: String?
    public var isLead: Bool
    /// It is this computer.
    public var isHere: Bool
    /// Milliseconds since 1970, as all times here.
    public var admittedAt: Int64
    public var removedAt: Int64?
    /// From when on it could have handed out a checkpoint that opens here: its admission, or the newest key.
    public var countedFrom: Int64
}

extension Workstation {
    /// The line's workstations, those that were taken out too, in the order of their admission. Cost: none but memory.
    ///
    /// Errors: `ReplicaError` with `notJoined`.
    public func lineDesks() throws -> [LineDesk] {
        let membership = try joined()
        let state = membership.roster.state
        let entries = membership.roster.entries
        let keyBegan = state.epochs.last.map { entries[Int($0.begun)].entry.milliseconds } ?? 0
        return state.members.sorted { $0.value.admitted < $1.value.admitted }.map { id, member in
            LineDesk(
                id: id, name: membership.name(of: id), isLead: member.role == .lead, isHere: id == membership.device,
                admittedAt: member.admittedAt, removedAt: member.removedAt,
                countedFrom: max(member.admittedAt, keyBegan))
        }
    }

    /// When each of the others last said that it had all there is and was equal with the server, by its own clock. One that
    /// is missing has not said so since the newest key began.
    ///
    /// Errors: `SyncError`.
    public func lastHeard() async throws -> [DeviceID: Int64] { try await client.lastCheckpoints() }

    /// Whether this computer may change what holds for the whole line: it belongs to none, or is a lead of it.
    public func isLeadDesk() throws -> Bool {
        guard let membership = try replica.membership() else { return true }
        return membership.isLead && !membership.isRemoved
    }

    private func joined() throws -> Membership {
        guard let membership = try replica.membership() else {
            throw ReplicaError(
                .notJoined, "this workstation belongs to no line yet; nothing was changed: join one first")
        }
        return membership
    }

    // MARK: Letting in

    private var lead: Lead { Lead(client) }

    /// Makes an invitation for one workstation, good once and for 24 hours. Its text is shown once.
    ///
    /// Errors of this and all that follow: `SyncError`, among them `notLead`; `RosterError`. Nothing has changed then.
    public func invite() async throws -> Lead.NewInvitation {
        // Where the certificate is a private one, the new workstation cannot know it otherwise.
        try await lead.invite(pin: ServerAccess(folder: folder).pin)
    }

    public func invitations() async throws -> InvitationList { try await lead.invitations() }

    public func withdraw(_ invitation: InvitationID) async throws { try await lead.withdraw(invitation) }

    /// Who asks to be let in and is not yet; genuine ones get their digits by this.
    public func applicants() async throws -> [Lead.Applicant] {
        try await lead.applicants().filter { $0.state != .done && $0.state != .ended }
    }

    /// Lets a workstation in, if these are the digits that it shows.
    public func admit(_ invitation: InvitationID, digits: String, asLead: Bool) async throws -> Lead.Admittance {
        let admittance = try await lead.admit(invitation, digits: digits, role: asLead ? .lead : .counsellor)
        changes.tell([])
        return admittance
    }

    /// Lets a workstation not in.
    public func refuse(_ invitation: InvitationID) async throws { try await lead.refuse(invitation) }

    // MARK: Rights

    public func rename(_ desk: DeviceID, to name: String) async throws {
        guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else {
            throw WorkstationError(
                .badForm, "a workstation's name has 1 to \(Limits.nameBytes) bytes; nothing was changed")
        }
        try await lead.rename(desk, to: name)
        changes.tell([])
    }

    public func setRole(ofDesk desk: DeviceID, isLead: Bool) async throws {
        try await lead.setRole(isLead ? .lead : .counsellor, of: desk)
        changes.tell([])
    }

    /// Takes a workstation out of the line for good: what is written from now on it can neither read nor send.
    public func remove(_ desk: DeviceID) async throws {
        try await lead.remove([desk])
        changes.tell([])
    }

    // MARK: The recovery sheet

    /// Says what a sheet that was typed opens, and changes nothing. Errors: `mistypedSheet`; `SyncError`.
    public func rehearse(_ typed: String) async throws -> Rehearsal {
        try await client.rehearse(RecoverySheet(checking: typed))
    }
}
