import ChangeLog
import HTTPServer
import Support
import SyncProtocol
import Trust

/// Who asks, found out by the head of a request before any of its body is read.
enum Caller: Sendable {
    case device(Device)
    /// Whoever holds a line's recovery sheet.
    case recovery(RecoveryHolder)
    /// Whoever holds an invitation.
    case invited(Invited)
    case administrator(Administrator)
    /// Whoever hands over entries of a roster, which are signed themselves.
    case guest

    /// Whose share of the memory for bodies is used.
    var account: UInt64 {
        switch self {
        case .device(let device): UInt64(bitPattern: device.reference)
        case .administrator: .max
        case .invited, .recovery: .max - 1
        case .guest: .max - 2
        }
    }

    /// The line whose roster they should know the end of.
    var line: LineID? {
        switch self {
        case .device(let device): device.line
        case .recovery(let holder): holder.line
        case .invited(let invited): invited.line
        case .administrator, .guest: nil
        }
    }

    fileprivate var signingKey: [UInt8] {
        switch self {
        case .device(let device): device.signingKey
        case .recovery(let holder): holder.signingKey
        case .invited(let invited): invited.signingKey
        case .administrator(let administrator): administrator.signingKey
        case .guest: []
        }
    }
}

extension SyncServer {
    /// The caller of a request, or why they are not let in: the form, the key, the ticket, the signature, and then what they may.
    ///
    /// Runs on a polling thread: some reads by an index, and 50 µs for the signature.
    func identify(_ head: HTTPRequestHead, for route: Route) throws -> Caller {
        if route.audience == .everybody { return .guest }
        guard let request = SignedRequest(head) else { throw refusal(.unauthorized, "no-signature", route) }
        let caller = try find(request.signature, route)
        guard let ticket = Ticket(text: request.signature.ticket),
            ticket.isGood(generation: try registry.generation(), now: clock.nowMilliseconds())
        else {
            // Every workstation that was away comes with one: nothing to be logged.
            throw Problem.staleTicket
        }
        guard request.isSigned(by: caller.signingKey) else { throw refusal(.unauthorized, "wrong-signature", route) }
        do throws(Problem) {
            try admit(caller, to: route)
        } catch {
            throw refusal(error, "not-allowed", route)
        }
        return caller
    }

    /// The ticket for the next request.
    func ticket() throws -> String {
        Ticket(generation: try registry.generation(), milliseconds: clock.nowMilliseconds()).text
    }

    private func find(_ signature: RequestSignature, _ route: Route) throws -> Caller {
        switch signature.purpose {
        case .device:
            guard let id = DeviceID(signature.keyID) else { throw Problem.unauthorized }
            if let device = try registry.device(id) { return .device(device) }
            if let holder = try registry.recovery(id) { return .recovery(holder) }
            throw refusal(.unknownDevice, "unknown-device", route)
        case .invitation:
            guard let id = InvitationID(signature.keyID), let invited = try registry.invitation(id) else {
                throw refusal(.unknownInvitation, "unknown-invitation", route)
            }
            return .invited(invited)
        case .operators:
            guard let id = OperatorID(signature.keyID), let administrator = try registry.administrator(id) else {
                throw refusal(.unauthorized, "unknown-operator", route)
            }
            return .administrator(administrator)
        }
    }

    private func admit(_ caller: Caller, to route: Route) throws(Problem) {
        switch (caller, route.audience) {
        case (.device(let device), .devices), (.device(let device), .leads), (.device(let device), .rosterReaders),
            (.device(let device), .boxHolders), (.device(let device), .removed):
            if device.isBlocked { throw .revoked }
            // Whoever was removed may read so in the roster, hand over what they had not sent, and nothing else.
            if device.isRemoved, route.audience != .rosterReaders, route.audience != .removed { throw .removed }
            if !device.isRemoved, route.audience == .removed { throw .notRemoved }
            if route.audience == .leads, !device.isLead { throw .notLead }
        case (.recovery, .rosterReaders), (.recovery, .boxHolders): return
        case (.invited(let invited), .rosterReaders):
            guard invited.kind != .found else { throw .unauthorized }
            // A used one is good for whoever has it until it expires: from then on the workstation's own keys are.
            if invited.expires < clock.nowMilliseconds() {
                throw Problem(
                    ChangeLogError(.invitationExpired, "This invitation is good no more; nothing was changed"))
            }
            if let code = invited.standing(clock.nowMilliseconds()), code != .invitationUsed {
                throw Problem(ChangeLogError(code, "This invitation is good no more; nothing was changed"))
            }
        case (.invited(let invited), .founders): guard invited.kind == .found else { throw .unauthorized }
        case (.invited(let invited), .invited): guard invited.kind == .join else { throw .unauthorized }
        case (.administrator, .administrators): return
        default: throw .unauthorized
        }
    }

    /// Logs a failed attempt: what was asked for and why not, and nothing of who it was.
    private func refusal(_ problem: Problem, _ reason: StaticString, _ route: Route) -> Problem {
        attempts.note(reason, route.name, logger)
        return problem
    }
}
