public import Sealing
import SyncProtocol

/// Names an operator: a prefix of the hash of the key that signs their requests.
public struct OperatorID: Hashable, Sendable, CustomStringConvertible {
    public let bytes: [UInt8]
    /// Nil unless given 16 bytes.
    public init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count == 16 else { return nil }
        self.bytes = Array(bytes)
    }
    public init?(hexadecimal text: String) {
        guard let bytes = SyncProtocol.bytes(hexadecimal: text) else { return nil }
        self.init(bytes)
    }
    public init(signingKey: [UInt8]) { bytes = KeyID.hash("lugn operator 2", signingKey) }
    public var description: String { hexadecimalText(bytes) }
}

/// An operator's key: it signs requests to a server, and can read nothing of a line.
public struct OperatorKeys: Sendable {
    private let seed: SecretBytes
    public let signing: SigningKey
    public var id: OperatorID { OperatorID(signingKey: signing.publicKey) }

    public static func random() -> OperatorKeys { OperatorKeys(seed: SecretBytes(randomCount: SigningKey.seedBytes)) }

    private init(seed: SecretBytes) {
        self.seed = seed
        signing = SigningKey(seed: seed)
    }

    // MARK: In a file

    /// The key's file: one line of text, `lugn-operator-key-2` and the seed in hexadecimal digits.
    /// Overwrite it after use: `SecretBytes.wipe`.
    public func fileBytes() -> [UInt8] { SeedFile.bytes(Self.fileHead, seed) }

    /// Reads a key's file; nil if it is none.
    public init?(fileBytes: [UInt8]) {
        guard let seed = SeedFile.seed(Self.fileHead, fileBytes) else { return nil }
        self.init(seed: seed)
    }

    private static let fileHead = "lugn-operator-key-2 "

    // MARK: The public key as a text

    private static let checkBytes = 4

    /// The public key as a text of 58 characters, to be given to whoever runs the server. A mistyped one is noticed.
    public var publicText: String { Self.text(publicKey: signing.publicKey) }

    public static func text(publicKey: [UInt8]) -> String { Base32.text(publicKey + check(publicKey)) }

    /// Nil for a text that is no public key, or is mistyped.
    public static func publicKey(text: String) -> [UInt8]? {
        guard text.utf8.count < 200, let bytes = Base32.bytes(text),
            bytes.count == SigningKey.publicBytes + checkBytes
        else { return nil }
        let key = Array(bytes.prefix(SigningKey.publicBytes))
        return Array(bytes.suffix(checkBytes)) == check(key) ? key : nil
    }

    private static func check(_ key: [UInt8]) -> [UInt8] {
        Array(KeyID.hash("lugn operator check 2", key).prefix(checkBytes))
    }
}
