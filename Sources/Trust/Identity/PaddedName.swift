import SyncProtocol

/// A workstation's name before it is sealed: its text, a byte 80, and zeros up to a multiple of 64 bytes.
enum PaddedName {
    private static let block = 64

    /// - Parameter name: at most `Limits.nameBytes` long.
    static func bytes(_ name: String) -> [UInt8] {
        precondition(name.utf8.count <= Limits.nameBytes, "a name of more than \(Limits.nameBytes) bytes")
        let bytes = Array(name.utf8) + [0x80]
        return bytes + [UInt8](repeating: 0, count: (block - bytes.count % block) % block)
    }

    /// Nil for anything but a name that was filled up exactly so.
    static func text(_ bytes: [UInt8]) -> String? {
        guard let end = bytes.lastIndex(where: { $0 != 0 }), bytes[end] == 0x80, end <= Limits.nameBytes,
            let name = String(validating: bytes[..<end], as: UTF8.self), Self.bytes(name) == bytes
        else { return nil }
        return name
    }
}
