public import Merge
import Sealing
import SyncProtocol

/// What the line knows a workstation by: the key that its signatures are checked with, and the one that secrets are sealed to.
public struct PublicKeys: Hashable, Sendable {
    /// Ed25519.
    public var signing: [UInt8]
    /// X25519.
    public var box: [UInt8]

    public init(signing: [UInt8], box: [UInt8]) {
        self.signing = signing
        self.box = box
    }

    /// Derived from both keys: nobody can take a key and not the other.
    public var id: DeviceID { DeviceID(KeyID.hash("lugn device 2", signing + box))! }
}

/// 16 bytes that name a public key in requests: a prefix of its hash (BLAKE2b-256, RFC 7693).
public enum KeyID {
    public static func hash(_ purpose: String, _ key: [UInt8]) -> [UInt8] {
        Array(Blake2b.hash(Array(purpose.utf8) + key, count: 32).prefix(16))
    }
}

/// A workstation, for as long as it belongs to the line. One that was removed never comes back under the same id.
public struct DeviceID: Hashable, Sendable, CustomStringConvertible {
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
    public var description: String { hexadecimalText(bytes) }
}

extension DeskTag {
    /// That of a workstation's writes. Two workstations in 65,536 share one.
    public init(_ device: DeviceID) { self.init(rawValue: UInt16(device.bytes[0]) << 8 | UInt16(device.bytes[1])) }
}
