public import Merge
import Replica
import Sealing
import SyncProtocol
public import Trust

/// What a lead's workstation does with a line's rights. Each act is an entry of the roster; the server only keeps it.
///
/// Errors of all calls: ``SyncError``, among them `notLead`; `RosterError` where the entry would not be valid. Nothing has
/// changed then.
public struct Lead: Sendable {
    let client: SyncClient

    public init(_ client: SyncClient) { self.client = client }

    // MARK: Invitations

    /// An invitation that was just made. The text is shown once.
    public struct NewInvitation: Sendable {
        public var text: String
        public var id: InvitationID
        /// Milliseconds since 1970.
        public var expires: Int64
    }

    /// Makes an invitation for one workstation, good once and for 24 hours.
    public func invite(pin: [UInt8]? = nil) async throws -> NewInvitation {
        let membership = try await membership()
        let secret = SecretBytes(randomCount: Invitation.secretBytes)
        let invitation = Invitation(
            kind: .join, secret: secret, line: membership.line,
            pin: pin ?? membership.roster.state.server?.pins.first, address: membership.server)
        let secrets = membership.roster.state.leads.compactMap { lead -> InvitationRequest.SealedSecret? in
            guard let key = membership.roster.state.member(lead)?.keys.box, let box = BoxKey.seal(secret, to: key)
            else {
                return nil
            }
            return .init(device: lead, box: box)
        }
        let expires = client.replica.wallMilliseconds() + Invitation.hours * 3_600_000
        try await client.post(
            InvitationRequest(
                signingKey: invitation.keys.signing.publicKey, expires: expires, secrets: secrets,
                line: membership.line, by: membership.keys.signing
            ).encoded(), to: "/v2/invitations", membership)
        return NewInvitation(text: invitation.text, id: invitation.keys.id, expires: expires)
    }

    public func invitations() async throws -> InvitationList {
        let bytes = try await client.get("/v2/invitations", try await membership())
        return try client.reading { () throws(ProtocolError) in try InvitationList(encoded: bytes) }
    }

    public func withdraw(_ invitation: InvitationID) async throws {
        try await client.post(
            InvitationReference(invitation).encoded(), to: "/v2/invitations/withdraw", try await membership())
    }

    // MARK: Admissions

    /// A workstation that asks to be let in.
    public struct Applicant: Sendable {
        public var invitation: InvitationID
        /// What whoever sits there calls it; nil where the offer was not made by somebody who held the invitation.
        public var name: String?
        public var state: InvitationList.State
        /// A second computer has tried to use the same invitation: somebody else may have seen it.
        public var isContested: Bool
        public var isGenuine: Bool { name != nil }
    }

    /// Who asks to be let in. Genuine ones are answered at once, so that both sides get their digits.
    public func applicants() async throws -> [Applicant] {
        let membership = try await membership()
        let bytes = try await client.get("/v2/joins", membership)
        let list = try client.reading { () throws(ProtocolError) in try InvitationList(encoded: bytes) }
        var applicants: [Applicant] = []
        for listed in list.invitations {
            guard let offer = listed.offer else { continue }
            let name = keys(of: listed, membership).flatMap { keys in
                offer.isGenuine(line: membership.line, invitation: keys) ? offer.name(keys) : nil
            }
            if name != nil, listed.state == .asked, isGood(listed, list) {
                try await answer(listed.id, offer, membership)
            }
            applicants.append(
                Applicant(
                    invitation: listed.id, name: name, state: listed.state, isContested: listed.isContested))
        }
        return applicants
    }

    /// By the server's clock and by this one: a server that stands still must not prolong anything.
    private func isGood(_ listed: InvitationList.Listed, _ list: InvitationList) -> Bool {
        listed.expires > max(list.serverTime, client.replica.wallMilliseconds())
    }

    /// Nil for what no lead of the line made: a server could box secrets of its own.
    private func keys(of listed: InvitationList.Listed, _ membership: Membership) -> InvitationKeys? {
        guard listed.isGenuine(in: membership.roster.state),
            let secret = listed.secret.flatMap({ membership.keys.box.open($0) }),
            secret.count == Invitation.secretBytes
        else { return nil }
        let keys = InvitationKeys(secret: secret)
        return keys.id == listed.id ? keys : nil
    }

    private func answer(_ invitation: InvitationID, _ offer: JoinOffer, _ membership: Membership) async throws {
        let record = try client.replica.updateJoin(invitation) { known in
            if let known { return known }
            return JoinRecord(
                invitation: invitation, offer: offer.encoded(), random: randomBytes(JoinOffer.randomBytes))
        }
        guard let record, record.offer == offer.encoded() else { throw Self.tampered }
        do {
            try await client.post(
                JoinAnswer(invitation: invitation, random: record.random).encoded(), to: "/v2/joins/answer", membership)
        } catch let error as SyncError where error.code == .joinAnswered {
            // Another lead does it.
        }
    }

    private static let tampered = SyncError(
        .tampered,
        "the server has shown two different workstations for one invitation; nobody was let in: withdraw the invitation, and tell the operator"
    )

    /// What became of the digits that a lead typed.
    public enum Admittance: Sendable, Equatable {
        case admitted(DeviceID)
        /// How many tries are left; with none left the admission has ended.
        case wrongDigits(left: Int)
        /// The new workstation has not shown its digits yet, or another lead has answered it.
        case notReady
    }

    /// Lets a workstation in, if these are the digits that it shows.
    public func admit(
        _ invitation: InvitationID, digits: String, role: RosterAct.Role = .counsellor
    ) async throws -> Admittance {
        let membership = try await membership()
        let bytes = try await client.get("/v2/joins", membership)
        let list = try client.reading { () throws(ProtocolError) in try InvitationList(encoded: bytes) }
        guard let listed = list.invitations.first(where: { $0.id == invitation }) else {
            throw SyncError(.unknownInvitation, "nobody asks to be let in by this invitation; nothing was changed")
        }
        guard let record = try client.replica.joinRecord(invitation), !record.isOver, listed.state == .revealed,
            let offer = listed.offer, let random = listed.random
        else { return .notReady }
        guard offer.encoded() == record.offer, offer.isOpened(by: random) else { throw Self.tampered }
        guard isGood(listed, list) else {
            throw SyncError(.invitationExpired, "the invitation has expired; nobody was let in: make a new one")
        }
        let right = JoinDigits.text(
            line: membership.line, invitation: invitation, offer: offer, lead: membership.device, random: random,
            leadRandom: record.random)
        guard digits.filter({ $0.isNumber }) == right else { return try await miss(invitation, membership) }
        guard let keys = keys(of: listed, membership), offer.isGenuine(line: membership.line, invitation: keys),
            let name = offer.name(keys)
        else { throw Self.tampered }
        return .admitted(try await letIn(offer, name, invitation, role))
    }

    private func miss(_ invitation: InvitationID, _ membership: Membership) async throws -> Admittance {
        let record = try client.replica.updateJoin(invitation) { known in
            guard var known else { return nil }
            known.misses += 1
            known.isOver = known.misses >= JoinDigits.attempts
            return known
        }
        let left = JoinDigits.attempts - (record?.misses ?? 0)
        if left <= 0 {
            try await client.post(InvitationReference(invitation).encoded(), to: "/v2/joins/end", membership)
        }
        return .wrongDigits(left: max(0, left))
    }

    private func letIn(
        _ offer: JoinOffer, _ name: String, _ invitation: InvitationID, _ role: RosterAct.Role
    ) async throws -> DeviceID {
        try await client.write { membership in
            // Written before an answer was lost.
            if membership.roster.state.member(offer.keys.id) != nil { return nil }
            guard let keyring = membership.keyring else { throw ReplicaError.notJoined }
            return .admit(
                RosterAct.Admission(
                    member: RosterAct.NewMember(keys: offer.keys, sealedName: keyring.seal(name: name)), role: role,
                    invitation: invitation, consent: offer.consent))
        }
        let membership = try client.membership()
        if let key = membership.keyring?.current {
            try await client.post(
                BoxesRequest(boxes: membership.roster.state.boxes(of: key, for: [offer.keys.id])).encoded(),
                to: "/v2/boxes", membership)
        }
        return offer.keys.id
    }

    /// Gives an admission up.
    public func refuse(_ invitation: InvitationID) async throws {
        try await client.post(InvitationReference(invitation).encoded(), to: "/v2/joins/end", try await membership())
    }

    // MARK: Rights

    /// Removes workstations for good, and changes the line's key: what is written from now on they cannot read.
    public func remove(_ devices: [DeviceID]) async throws {
        _ = try await membership()
        try await changeKey { membership, next in
            let present = devices.filter { membership.roster.state.member($0) != nil }
            return present.isEmpty ? nil : .remove(present, next)
        }
    }

    /// Changes the line's key.
    public func rotate() async throws {
        _ = try await membership()
        try await changeKey { _, next in .rotate(next) }
    }

    public func setRole(_ role: RosterAct.Role, of device: DeviceID) async throws {
        _ = try await membership()
        try await client.write { membership in
            membership.roster.state.member(device)?.role == role ? nil : .role(device, role)
        }
    }

    public func rename(_ device: DeviceID, to name: String) async throws {
        _ = try await membership()
        try await client.write { membership in
            guard let keyring = membership.keyring else { throw ReplicaError.notJoined }
            return .name(device, keyring.seal(name: name))
        }
    }

    /// Says where the line's server is from now on, and which keys its certificate may have.
    public func setServer(_ address: String, pins: [[UInt8]] = []) async throws {
        _ = try await membership()
        try await client.write { _ in .server(address: address, pins: pins) }
    }

    /// Settles the line's rules about what is destroyed, for all workstations.
    ///
    /// - Parameter rules: at most `Keyring.rulesBytes` long.
    public func setRules(_ rules: [UInt8]) async throws {
        precondition(rules.count <= Keyring.rulesBytes, "rules of more than \(Keyring.rulesBytes) bytes")
        _ = try await membership()
        try await client.write { membership in
            guard let keyring = membership.keyring else { throw ReplicaError.notJoined }
            return membership.rules == rules ? nil : .rules(keyring.seal(rules: rules))
        }
    }

    /// Says that an erasure is not to be obeyed: every workstation that still has what it took away goes on holding it. Whoever has
    /// it writes it anew: `Replica.restoreHeld`.
    public func keep(_ record: RecordID) async throws {
        _ = try await membership()
        try await client.write { membership in
            membership.roster.state.kept.contains(record) ? nil : .keep(record)
        }
    }

    /// Writes again what this workstation wrote on a branch of the roster that does not count.
    func writeWanted() async throws {
        for wanted in try client.membership().wanted {
            do {
                if case .remove(let devices, _) = wanted.act {
                    let membership = try client.membership()
                    let isDone = devices.allSatisfy { membership.roster.state.member($0) == nil }
                    // Whoever is no lead waits for one.
                    if !isDone, !membership.isLead { continue }
                    try await changeKey { membership, next in
                        let present = devices.filter { membership.roster.state.member($0) != nil }
                        return present.isEmpty ? nil : .remove(present, next)
                    }
                } else {
                    try await client.write { membership in membership.isLead ? wanted.act : nil }
                }
            } catch is RosterError {
                // It may not be done any more: somebody else has done it, or has undone what it was about.
            }
            try client.replica.forgetWanted(wanted.ordinal)
        }
    }

    /// The new key is on disk here before any entry names it: nobody else has it yet.
    private func changeKey(
        _ act: (Membership, RosterAct.NextEpoch) -> RosterAct?
    ) async throws {
        var next: EpochKey?
        try await client.write { membership in
            guard membership.isLead, let keyring = membership.keyring, membership.hasNewestKey else { return nil }
            let key = EpochKey.random(epoch: keyring.current.epoch + 1)
            next = key
            for box in membership.roster.state.boxes(of: key, for: [membership.device]) {
                try client.replica.keepNextKey(box)
            }
            return act(membership, keyring.current.followed(by: key, line: membership.line))
        }
        let membership = try client.membership()
        guard let next else { return }
        try await client.post(
            BoxesRequest(
                boxes: membership.roster.state.boxes(of: next, for: membership.roster.state.keyHolders)
            ).encoded(), to: "/v2/boxes", membership)
    }

    /// The membership by the server's newest roster. Errors: `notLead`.
    func membership() async throws -> Membership {
        try await client.fetchRoster()
        let membership = try client.membership()
        guard membership.isLead else {
            throw SyncError(.notLead, "only a lead of the line may do that; nothing was changed: ask one")
        }
        return membership
    }
}
