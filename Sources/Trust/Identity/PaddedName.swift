import SyncProtocol

/// A workstation's name before it is sealed.
enum PaddedName {
    /// - Parameter name: at most `Limits.nameBytes` long.
    static func bytes(_ name: String) -> [UInt8] {
        precondition(name.utf8.count <= Limits.nameBytes, "a name of more than \(Limits.nameBytes) bytes")
        return BlockPadding.padded(Array(name.utf8))
    }

    /// Nil for anything but a name that was filled up exactly so.
    static func text(_ bytes: [UInt8]) -> String? {
        guard let name = BlockPadding.unpadded(bytes), name.count <= Limits.nameBytes else { return nil }
        return String(validating: name, as: UTF8.self)
    }
}
