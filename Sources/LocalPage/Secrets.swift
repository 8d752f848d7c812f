import Sealing
import Support

/// 256 random bits as hexadecimal text.
public func newSecret() -> String { hexadecimal(randomBytes(32)) }

private func hexadecimal(_ bytes: [UInt8]) -> String {
    let digits = Array("0123456789abcdef".utf8)
    var text: [UInt8] = []
    for byte in bytes {
        text.append(digits[Int(byte >> 4)])
        text.append(digits[Int(byte & 15)])
    }
    return String(decoding: text, as: UTF8.self)
}

/// Takes as long whatever differs.
public func areEqual(_ left: String, _ right: String) -> Bool {
    constantTimeEqual(Array(left.utf8), Array(right.utf8))
}

/// Secrets that open a page once, within a minute.
public final class Launches: Sendable {
    static let lifetimeMilliseconds: Int64 = 60_000

    private let open = Lock<[(secret: String, until: Int64)]>([])

    public init() {}

    public func make(now: Int64) -> String {
        let secret = newSecret()
        open.withLock { open in
            open.removeAll { $0.until <= now }
            open.append((secret, now + Self.lifetimeMilliseconds))
        }
        return secret
    }

    /// Whether the secret opens the page; it never does again.
    public func use(_ secret: String, now: Int64) -> Bool {
        open.withLock { open in
            open.removeAll { $0.until <= now }
            guard let index = open.firstIndex(where: { areEqual($0.secret, secret) }) else { return false }
            open.remove(at: index)
            return true
        }
    }
}
