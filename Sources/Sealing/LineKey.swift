import CSodium
import SyncProtocol

/// The key that seals a line's content. Every workstation of the line has it; the server never does.
///
/// It is not used itself: each purpose has a key derived from it (crypto_kdf, BLAKE2b), so that no two uses can
/// weaken each other.
public struct LineKey: Hashable, Sendable {
    public let epoch: UInt32
    let secret: [UInt8]

    public static let secretBytes = 32

    /// Nil unless the secret has 32 bytes.
    public init?(epoch: UInt32, secret: [UInt8]) {
        guard secret.count == Self.secretBytes else { return nil }
        self.epoch = epoch
        self.secret = secret
    }

    public static func random(epoch: UInt32 = 1) -> LineKey {
        LineKey(epoch: epoch, secret: randomBytes(secretBytes))!
    }

    /// The secret itself, for the replica that stores it.
    public var secretForStorage: [UInt8] { secret }

    public enum Purpose: UInt64, Sendable {
        case sealing = 1
        case digest = 2
        case check = 3
        case referenceNumbers = 4
    }

    /// 32 bytes for one purpose.
    public func derived(for purpose: Purpose) -> [UInt8] {
        Sodium.prepare()
        var output = [UInt8](repeating: 0, count: 32)
        let context: [CChar] = "lugnline".utf8.map { CChar($0) }
        let result = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe secret.withUnsafeBufferPointer { secret in
                unsafe context.withUnsafeBufferPointer { context in
                    unsafe crypto_kdf_derive_from_key(
                        output.baseAddress!, 32, purpose.rawValue, context.baseAddress!, secret.baseAddress!)
                }
            }
        }
        precondition(result == 0)
        return output
    }

    /// Tells the server whether two workstations have the same key, and nothing else.
    public var check: [UInt8] {
        Blake2b.hash(
            Array("lugn key check".utf8), count: JoinRequest.keyCheckBytes, key: derived(for: .check))
    }
}

extension LineKey {
    /// The key file's form: one line of text, `lugn-line-key-1 EPOCH HEX`.
    public var fileText: String { "lugn-line-key-1 \(epoch) \(hexadecimalText(secret))\n" }

    /// Reads a key file's text; nil if it is none.
    public init?(fileText: String) {
        let parts = fileText.split(whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\r" })
        guard parts.count == 3, parts[0] == "lugn-line-key-1", let epoch = UInt32(parts[1]),
            let secret = bytes(hexadecimal: String(parts[2]))
        else { return nil }
        self.init(epoch: epoch, secret: secret)
    }
}
