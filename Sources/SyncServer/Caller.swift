import ChangeLog
import HTTPServer

/// Who asks, found out by the head of a request before any of its body is read.
enum Caller: Sendable {
    case device(Device)
    case administrator
    /// Whoever shows an invitation, which stands in the body.
    case guest

    /// Whose share of the memory for bodies is used.
    var account: UInt64 {
        switch self {
        case .device(let device): UInt64(bitPattern: device.reference)
        case .administrator: .max
        case .guest: .max - 1
        }
    }
}

extension SyncServer {
    /// The caller of a request, or why they are not let in. Runs on a polling thread: one read by an index.
    func identify(_ head: HTTPRequestHead, for route: Route) throws -> Caller {
        switch route.audience {
        case .everybody: return .guest
        case .devices:
            guard let token = head.bearerToken, let device = try log.device(tokenHash: Secrets.hash(token)) else {
                throw Problem.unauthorized
            }
            if device.isRevoked { throw Problem.revoked }
            return .device(device)
        case .administrators:
            guard let token = head.bearerToken, try log.isOperator(tokenHash: Secrets.hash(token)) else {
                throw Problem.unauthorized
            }
            return .administrator
        }
    }
}

extension HTTPRequestHead {
    /// RFC 6750; the scheme's name in any case.
    var bearerToken: String? {
        guard let header = header("Authorization"), header.utf8.count > 7 else { return nil }
        let scheme = header.prefix(7)
        guard scheme.lowercased() == "bearer " else { return nil }
        return String(header.dropFirst(7))
    }
}
