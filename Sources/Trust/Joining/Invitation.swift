public import Sealing
public import SyncProtocol

/// Names an invitation: a prefix of the hash of the key that signs with it.
public struct InvitationID: Hashable, Sendable, CustomStringConvertible {
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
    public init(signingKey: [UInt8]) { bytes = KeyID.hash("lugn invitation 2", signingKey) }
    public var description: String { hexadecimalText(bytes) }
}

/// What lets one workstation ask to be let into a line, as a text to hand over: 100 to 200 characters of base 32, and up to 304
/// with a pin and a long address.
///
/// No token travels: from the secret comes a key that signs the request to join, and a key K that only the invited and the
/// leads have.
public struct Invitation: Sendable {
    public enum Kind: UInt8, Sendable {
        /// From the operator: founds a line, and can do nothing else.
        case found = 0
        /// From a lead.
        case join = 1
        /// From the operator, good only together with a recovery sheet.
        case recover = 2
    }

    public var kind: Kind
    public var secret: SecretBytes
    /// Nil where it founds one.
    public var line: LineID?
    /// SHA-256 of the key of the server's certificate, where that is a private one.
    public var pin: [UInt8]?
    /// The server's address, `https://…`. Whoever makes an invitation looks first whether it is one: ``isAddress(_:)``.
    public var address: String

    public static let secretBytes = 16
    public static let addressBytes = 120
    /// How long an invitation is good.
    public static let hours: Int64 = 24
    private static let checkBytes = 4

    public init(
        kind: Kind, secret: SecretBytes = SecretBytes(randomCount: secretBytes), line: LineID?, pin: [UInt8]? = nil,
        address: String
    ) {
        precondition((kind == .found) == (line == nil), "only what founds a line names none")
        self.kind = kind
        self.secret = secret
        self.line = line
        self.pin = pin
        self.address = address
    }

    /// Why a text is no invitation.
    public enum Problem: Error, Sendable {
        /// Characters, length or check are wrong: something was left out or mistyped.
        case mistyped
        /// A form that this program does not know.
        case unknownForm
    }

    /// `kind (1) ‖ parts (1) ‖ secret (16) ‖ line (16)? ‖ pin (32)? ‖ address ‖ check (4)` in base 32.
    public var text: String {
        var bytes: [UInt8] = [kind.rawValue, (line == nil ? 0 : 1) | (pin == nil ? 0 : 2)]
        var secret = secret.copied()
        bytes += secret
        SecretBytes.wipe(&secret)
        bytes += line?.bytes ?? []
        bytes += pin ?? []
        bytes += Array(address.utf8)
        bytes += Self.check(bytes)
        defer { SecretBytes.wipe(&bytes) }
        return Base32.text(bytes)
    }

    public init(text: some StringProtocol) throws(Problem) {
        guard text.utf8.count <= 600, var bytes = Base32.bytes(text),
            bytes.count > 2 + Self.secretBytes + Self.checkBytes
        else { throw .mistyped }
        defer { SecretBytes.wipe(&bytes) }
        let end = bytes.count - Self.checkBytes
        guard Array(bytes[end...]) == Self.check(Array(bytes[..<end])) else { throw .mistyped }
        guard let kind = Kind(rawValue: bytes[0]), bytes[1] & ~3 == 0, (kind == .found) == (bytes[1] & 1 == 0) else {
            throw .unknownForm
        }
        var place = 2
        func take(_ count: Int) throws(Problem) -> [UInt8] {
            guard place + count <= end else { throw .unknownForm }
            defer { place += count }
            return Array(bytes[place..<(place + count)])
        }
        let secret = SecretBytes(copying: try take(Self.secretBytes))
        let line = bytes[1] & 1 == 0 ? nil : LineID(try take(16))
        let pin = bytes[1] & 2 == 0 ? nil : try take(32)
        guard end - place <= Self.addressBytes, let address = String(validating: bytes[place..<end], as: UTF8.self),
            Self.isAddress(address)
        else { throw .unknownForm }
        self.init(kind: kind, secret: secret, line: line, pin: pin, address: address)
    }

    /// Whether a text can be a server's address: `http://` or `https://`, and at most 120 visible ASCII characters.
    public static func isAddress(_ text: String) -> Bool {
        (text.utf8.starts(with: "https://".utf8) || text.utf8.starts(with: "http://".utf8))
            && text.utf8.count <= addressBytes && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
    }

    private static func check(_ bytes: [UInt8]) -> [UInt8] {
        Array(Blake2b.hash(Array("lugn invitation check 2".utf8) + bytes, count: 16).prefix(checkBytes))
    }

    public var keys: InvitationKeys { InvitationKeys(secret: secret) }
}

/// What comes from an invitation's secret.
public struct InvitationKeys: Sendable {
    /// Signs the requests of whoever holds the invitation.
    public let signing: SigningKey
    /// K, in two halves, neither of which the server sees: one hides the new workstation's name, the other authenticates what
    /// it says of itself to the leads.
    let name: SecretBytes
    let tag: SecretBytes
    public var id: InvitationID { InvitationID(signingKey: signing.publicKey) }

    public init(secret: SecretBytes) {
        var bytes = secret.copied()
        var seed = Blake2b.hash(Array("lugn invitation seed 2".utf8) + bytes, count: 32)
        defer {
            SecretBytes.wipe(&bytes)
            SecretBytes.wipe(&seed)
        }
        // 32 bytes always make a key.
        let source = EpochKey(epoch: 0, secret: SecretBytes(copying: seed))!
        signing = SigningKey(seed: source.derived(context: "lugninvi", 1))
        name = source.derived(context: "lugninvi", 2)
        tag = source.derived(context: "lugninvi", 3)
    }
}
