public import ChangeLog
public import Replica
public import Sealing
import Support
public import SyncProtocol
public import Trust

/// A line's first workstation in memory, a lead: founds the line in a server's store and lets replicas in, without the exchange of
/// messages that people go through. For tests, simulations and benchmarks only.
public final class SimulatedLead: Sendable {
    private struct State {
        var roster: Roster
        var keys: [EpochKey]
    }
    public let device: DeviceKeys
    public let recovery: DeviceKeys
    public let founding: FoundRequest
    private let state: Lock<State>

    public var line: LineID { state.withLock { $0.roster.line } }
    public var roster: Roster { state.withLock { $0.roster } }
    public var keyring: Keyring { state.withLock { Keyring(line: $0.roster.line, keys: $0.keys) } }

    /// - Parameter key: the line's first key, where a test must know it.
    public init(name: String = "Lead", now: Int64, key: EpochKey = .random()) throws {
        device = .random()
        recovery = .random()
        let unnamed = LineID([UInt8](repeating: 0, count: 16))!
        let act = RosterAct.founding(
            by: device, sealedName: Keyring(line: unnamed, keys: [key]).seal(name: name), recovery: recovery,
            commitment: key.commitment(line: unnamed))
        let entry = RosterEntry(
            number: 0, previous: [UInt8](repeating: 0, count: 32), author: device.id, milliseconds: now, act: act)
        let signed = SignedEntry(entry, line: entry.foundedLine, by: device.signing)
        let roster = try Roster(founding: signed)
        founding = FoundRequest(
            entry: signed, boxes: roster.state.boxes(of: key, for: roster.state.keyHolders))
        state = Lock(State(roster: roster, keys: [key]))
    }

    /// Founds the line in a store.
    public func found(in registry: any LineRegistry, lineName: String, now: Int64) async throws {
        let invitation = InvitationKeys(secret: SecretBytes(randomCount: Invitation.secretBytes))
        try await registry.perform(
            .inviteFounder(signingKey: invitation.signing.publicKey, name: lineName, expires: now + 3_600_000), by: nil,
            request: randomBytes(16), now: now)
        _ = try await registry.found(founding, by: invitation.id, now: now)
    }

    /// Lets a workstation in: in the roster of the store, with a box of the newest key.
    @discardableResult
    public func admit(
        _ keys: DeviceKeys, name: String, role: RosterAct.Role = .counsellor, in registry: any LineRegistry, now: Int64
    ) async throws -> [EpochBox] {
        let boxes = try letIn(keys, name, role, now)
        _ = try await registry.append(roster.entries, isNew: false, to: line, now: now)
        try await give(boxes, in: registry)
        return boxes
    }

    /// Lets a replica in, and ties it to the line.
    public func admit(
        _ replica: Replica, name: String, role: RosterAct.Role = .counsellor, in registry: any LineRegistry,
        lineName: String = "Test", server: String, now: Int64
    ) async throws {
        let boxes = try await admit(try replica.deviceKeys(), name: name, role: role, in: registry, now: now)
        try replica.enrol(roster, boxes: boxes, lineName: lineName, server: server)
    }

    /// The same where there is no server.
    public func admit(_ replica: Replica, name: String, lineName: String = "Test", server: String, now: Int64) throws {
        let boxes = try letIn(try replica.deviceKeys(), name, .counsellor, now)
        try replica.enrol(roster, boxes: boxes, lineName: lineName, server: server)
    }

    private func letIn(
        _ keys: DeviceKeys, _ name: String, _ role: RosterAct.Role, _ now: Int64
    ) throws -> [EpochBox] {
        let invitation = InvitationKeys(secret: SecretBytes(randomCount: Invitation.secretBytes)).id
        return try state.withLock { state throws(any Error) in
            let keyring = Keyring(line: state.roster.line, keys: state.keys)
            let admission = RosterAct.Admission(
                member: RosterAct.NewMember(keys: keys.publicKeys, sealedName: keyring.seal(name: name)), role: role,
                invitation: invitation,
                consent: Consent.sign(line: state.roster.line, invitation: invitation, keys: keys))
            let entry = try state.roster.next(.admit(admission), by: device, now: now)
            try state.roster.append(entry)
            return state.roster.state.boxes(of: keyring.current, for: [keys.id])
        }
    }

    /// Changes the line's key, with or without removing workstations.
    ///
    /// - Parameter givingBoxes: false for a workstation that goes down in between.
    public func changeKey(
        removing devices: [DeviceID] = [], in registry: any LineRegistry, now: Int64, givingBoxes: Bool = true
    ) async throws {
        let boxes = try state.withLock { state throws(any Error) in
            let keyring = Keyring(line: state.roster.line, keys: state.keys)
            let key = EpochKey.random(epoch: keyring.current.epoch + 1)
            let next = keyring.current.followed(by: key, line: state.roster.line)
            let entry = try state.roster.next(
                devices.isEmpty ? .rotate(next) : .remove(devices, next), by: device, now: now)
            try state.roster.append(entry)
            state.keys.append(key)
            return state.roster.state.boxes(of: key, for: state.roster.state.keyHolders)
        }
        _ = try await registry.append(roster.entries, isNew: false, to: line, now: now)
        if givingBoxes { try await give(boxes, in: registry) }
    }

    /// What the lead's workstation does when it syncs: hands over entries that the store lacks, and fills in boxes.
    public func sync(with registry: any LineRegistry, now: Int64) async throws {
        let roster = roster
        _ = try await registry.append(roster.entries, isNew: false, to: line, now: now)
        let lacking = try registry.lackingBoxes(line: line)
        if !lacking.isEmpty { try await give(roster.state.boxes(of: keyring.current, for: lacking), in: registry) }
    }

    /// Writes an entry of the roster as the lead, and gives it to a replica where there is no server.
    public func write(_ act: RosterAct, for replica: Replica, now: Int64) throws {
        let entry = try state.withLock { state in
            let entry = try state.roster.next(act, by: device, now: now)
            try state.roster.append(entry)
            return entry
        }
        _ = try replica.take([entry])
    }

    private func give(_ boxes: [EpochBox], in registry: any LineRegistry) async throws {
        guard let me = try registry.device(device.id) else { return }
        try await registry.add(boxes, by: me)
    }
}
