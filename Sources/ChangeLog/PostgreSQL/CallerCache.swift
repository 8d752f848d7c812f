import Support

/// Who was let in lately: asked before a request's body is read, on the thread that all requests share.
///
/// A revoked device is let in for as long as this remembers it, and refused by the store itself.
final class CallerCache: Sendable {
    private let devices = Lock<[[UInt8]: Device]>([:])
    private let operators = Lock<Set<[UInt8]>>([])
    private static let most = 100_000

    func device(_ tokenHash: [UInt8], _ find: () throws -> Device?) rethrows -> Device? {
        if let known = devices.withLock({ $0[tokenHash] }) { return known }
        guard let found = try find() else { return nil }
        if !found.isRevoked {
            devices.withLock { devices in
                if devices.count >= Self.most { devices.removeAll() }
                devices[tokenHash] = found
            }
        }
        return found
    }

    func isOperator(_ tokenHash: [UInt8], _ find: () throws -> Bool) rethrows -> Bool {
        if operators.withLock({ $0.contains(tokenHash) }) { return true }
        guard try find() else { return false }
        operators.withLock { _ = $0.insert(tokenHash) }
        return true
    }

    func forgetAll() {
        devices.withLock { $0.removeAll() }
        operators.withLock { $0.removeAll() }
    }
}
