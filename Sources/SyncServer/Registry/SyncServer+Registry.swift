import ChangeLog
import HTTPServer
import Support
import SyncProtocol
import Trust

/// The endpoints of rosters, boxes, invitations and joining.
extension SyncServer {
    /// Nil where the route is not one of these.
    func serveRegistry(_ caller: Caller, _ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse? {
        switch (route, caller) {
        case (.found, .invited(let invited)):
            defer { overviews.forget() }
            let answer = try await registryService.found(try FoundRequest(encoded: request.body), by: invited)
            logger.info("founded", ["line": .identifier(answer.entries.first?.entry.foundedLine.bytes ?? [])])
            return .cbor(answer.encoded())
        case (.roster, _): return .cbor(try roster(for: caller, request.head).encoded())
        case (.extendRoster, .guest):
            let message = try RosterExtension(encoded: request.body)
            let (position, hasChanged) = try await registryService.extend(message)
            if hasChanged {
                overviews.forget()
                logger.info(
                    "roster-extended", ["line": .identifier(message.line.bytes), "count": .int(position.count)])
            }
            return .cbor(position.encoded())
        case (.boxes, .device(let device)):
            try await registryService.add(try BoxesRequest(encoded: request.body), from: device)
            return .done
        case (.refuseBoxes, _):
            try await refuseBoxes(of: caller, epoch: try BoxRefusal(encoded: request.body).epoch)
            return .done
        case (.checkpoints, .device(let device)):
            return .cbor(CheckpointList(try registry.checkpoints(of: device.line)).encoded())
        case (.addCheckpoint, .device(let device)):
            try await registry.add(try CheckpointList(encoded: request.body), by: device)
            return .done
        case (.handOver, .device(let device)):
            try await registry.keep(try UnsentPart(encoded: request.body), of: device, now: clock.nowMilliseconds())
            logger.info(
                "unsent-part", ["line": .identifier(device.line.bytes), "device": .identifier(device.id.bytes)])
            return .done
        case (_, .device(let lead)): return try await serveLead(lead, route, request)
        case (_, .invited(let invited)): return try await serveInvited(invited, route, request)
        default: return nil
        }
    }

    private func refuseBoxes(of caller: Caller, epoch: UInt32) async throws {
        let (holder, line) =
            switch caller {
            case .device(let device): (device.id, device.line)
            case .recovery(let holder): (holder.id, holder.line)
            case .invited, .administrator, .guest: throw Problem.unauthorized
            }
        try await registry.refuseBoxes(of: holder, epoch: epoch, line: line)
        logger.warning("boxes-refused", ["line": .identifier(line.bytes), "device": .identifier(holder.bytes)])
    }

    private func roster(for caller: Caller, _ head: HTTPRequestHead) throws -> RosterAnswer {
        guard let line = caller.line, head.query("line") == line.description else { throw Problem.wrongLine }
        guard let number = head.query("after").map({ UInt64($0) }) ?? 0, number < 1 << 32 else {
            throw Problem.malformed("after is the number of the first entry that is wanted")
        }
        switch caller {
        case .device(let device):
            return try registryService.answer(
                line, from: number, boxesOf: device.id, showsLacking: !device.isRemoved)
        case .recovery(let holder):
            return try registryService.answer(line, from: number, boxesOf: holder.id, showsLacking: false)
        case .invited:
            return try registryService.answer(line, from: number, boxesOf: nil, showsLacking: false)
        case .administrator, .guest: throw Problem.unauthorized
        }
    }

    private func serveLead(_ lead: Device, _ route: Route, _ request: HTTPRequest) async throws -> HTTPResponse? {
        switch route {
        case .invite:
            try await registryService.invite(try InvitationRequest(encoded: request.body), by: lead)
            logger.info("invited", ["line": .identifier(lead.line.bytes)])
            return .done
        case .invitations:
            return .cbor(try registryService.invitations(for: lead, onlyWaiting: false).encoded())
        case .joins: return .cbor(try registryService.invitations(for: lead, onlyWaiting: true).encoded())
        case .withdraw, .endJoin:
            try await registryService.end(try InvitationReference(encoded: request.body), by: lead)
            return .done
        case .answerJoin:
            try await registryService.answerJoin(try JoinAnswer(encoded: request.body), by: lead)
            return .done
        case .unsent: return .cbor(try unsent(for: lead, request.head))
        case .discardUnsent:
            let message = try UnsentReference(encoded: request.body)
            try await registry.discardUnsent(of: message.device, attempt: message.attempt, by: lead)
            return .done
        default: return nil
        }
    }

    /// Without a device in the query: what there is.
    private func unsent(for lead: Device, _ head: HTTPRequestHead) throws -> [UInt8] {
        guard let text = head.query("device") else { return UnsentList(try registry.unsent(of: lead.line)).encoded() }
        guard let device = DeviceID(hexadecimal: text), let number = head.query("part").flatMap({ UInt64($0) }) else {
            throw Problem.malformed("device is an id, and part a number")
        }
        guard let part = try registry.unsentPart(number, of: device, line: lead.line) else { throw Problem.notFound }
        return part.encoded()
    }

    private func serveInvited(
        _ invited: Invited, _ route: Route, _ request: HTTPRequest
    ) async throws -> HTTPResponse? {
        switch route {
        case .join:
            let offer = try JoinRequest(encoded: request.body).offer
            return .cbor(try await registryService.join(.ask(offer), by: invited).encoded())
        case .joinStatus: return .cbor(registryService.status(of: invited).encoded())
        case .reveal:
            let random = try RevealRequest(encoded: request.body).random
            return .cbor(try await registryService.join(.reveal(random), by: invited).encoded())
        default: return nil
        }
    }
}

extension HTTPResponse {
    /// Done, and nothing to tell.
    static var done: HTTPResponse { HTTPResponse(status: 204, headers: [HTTPHeader("Cache-Control", "no-store")]) }
}
