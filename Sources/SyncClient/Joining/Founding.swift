public import Replica
import Sealing
public import SyncProtocol
public import Trust

/// A line about to be founded: what the server is to be sent, and the recovery sheet, which is shown before anything is sent and
/// then forgotten.
public struct Founding: Sendable {
    public let sheet: RecoverySheet
    let invitation: Invitation
    let request: FoundRequest
    /// The line that is to be; it is no secret.
    public var line: LineID { request.entry.entry.foundedLine }
}

extension SyncClient {
    /// Makes a line's first entry: this workstation's keys, those of recovery, and the first of the line's keys.
    ///
    /// Errors: `SyncError` with `notAnInvitation`; `ReplicaError` with `otherLine`, `alreadyJoined`.
    public func prepareFounding(invitation text: String, name: String) throws -> Founding {
        let invitation = try parse(text, .found, name)
        try requireUnjoined()
        let keys = try replica.deviceKeys()
        let recovery = DeviceKeys.random()
        let key = EpochKey.random()
        // The line's id is the hash of its first entry, in which its name for the workstation stands already.
        let unnamed = LineID([UInt8](repeating: 0, count: 16))!
        let act = RosterAct.founding(
            by: keys, sealedName: Keyring(line: unnamed, keys: [key]).seal(name: name), recovery: recovery,
            commitment: key.commitment(line: unnamed))
        let entry = RosterEntry(
            number: 0, previous: [UInt8](repeating: 0, count: 32), author: keys.id,
            milliseconds: replica.wallMilliseconds(), act: act)
        let signed = SignedEntry(entry, line: entry.foundedLine, by: keys.signing)
        let state = try Roster(founding: signed).state
        return Founding(
            sheet: RecoverySheet(keys: recovery), invitation: invitation,
            request: FoundRequest(entry: signed, boxes: state.boxes(of: key, for: state.keyHolders)))
    }

    /// Founds the line, and ties this workstation to it. An answer that was lost is asked for again by ``resumeFounding(invitation:)``.
    ///
    /// Errors: ``SyncError`` with `unknownInvitation`, `invitationExpired`, `invitationUsed`, `unreachable`.
    @discardableResult
    public func found(_ founding: Founding) async throws -> Membership {
        try replica.updateJoin(founding.invitation.keys.id) { known in
            known ?? JoinRecord(invitation: founding.invitation.keys.id, offer: founding.request.encoded(), random: [])
        }
        return try await send(founding.request, founding.invitation)
    }

    /// Goes on with a founding whose answer was lost; nil if there was none with this invitation.
    public func resumeFounding(invitation text: String) async throws -> Membership? {
        guard let invitation = try? Invitation(text: text), invitation.kind == .found,
            let record = try replica.joinRecord(invitation.keys.id)
        else { return nil }
        return try await send(try FoundRequest(encoded: record.offer), invitation)
    }

    private func send(_ request: FoundRequest, _ invitation: Invitation) async throws -> Membership {
        let answer = try await endpoint.post(
            request.encoded(), to: "/v2/found", at: invitation.address, as: .invitation(invitation.keys),
            timeoutSeconds: configuration.timeoutSeconds)
        let made = try reading { () throws(ProtocolError) in try RosterAnswer(encoded: answer.body) }
        guard made.entries.first?.entry == request.entry.entry else {
            throw SyncError(
                .badAnswer, "the server founded something else than it was asked to; nothing was changed here")
        }
        try replica.enrol(
            try Roster(founding: request.entry), boxes: request.boxes, lineName: made.lineName,
            server: invitation.address)
        return try membership()
    }

    /// Looks whether an invitation, a name and this workstation go together; nobody is asked.
    ///
    /// Errors: ``SyncError`` with `notAnInvitation`, `unusable` for the name; `ReplicaError` with `alreadyJoined`.
    public func checkMayJoin(_ text: String, name: String) throws {
        _ = try parse(text, try Self.invitation(text).kind, name)
        try requireUnjoined()
    }

    func parse(_ text: String, _ kind: Invitation.Kind, _ name: String) throws -> Invitation {
        guard !name.isEmpty, name.utf8.count <= Limits.nameBytes else {
            throw SyncError(
                .unusable, "a workstation's name has 1 to \(Limits.nameBytes) bytes; nothing was changed")
        }
        let invitation = try Self.invitation(text)
        guard invitation.kind == kind else {
            throw SyncError(.notAnInvitation, "this invitation is for something else; nothing was changed")
        }
        return invitation
    }

    /// Reads an invitation. Errors: `notAnInvitation`.
    public static func invitation(_ text: String) throws(SyncError) -> Invitation {
        do throws(Invitation.Problem) {
            return try Invitation(text: text)
        } catch {
            switch error {
            case .mistyped:
                throw SyncError(
                    .notAnInvitation,
                    "this is no invitation: a character is wrong or missing; nothing was changed: copy it again, whole")
            case .unknownForm:
                throw SyncError(
                    .notAnInvitation,
                    "this invitation is of a form that this program does not know; nothing was changed: update this program"
                )
            }
        }
    }

    func requireUnjoined() throws {
        guard let membership = try replica.membership() else { return }
        if membership.isRemoved { return }
        throw ReplicaError(
            .alreadyJoined,
            "this workstation belongs to \(membership.lineName) already; nothing was changed: to move it to another address of the same line use lugn server set, to join another line use another data folder"
        )
    }
}
