/// What hides how long a short text is: a byte 80 behind it, and zeros up to a multiple of 64 bytes.
enum BlockPadding {
    private static let block = 64

    static func padded(_ plain: [UInt8]) -> [UInt8] {
        let bytes = plain + [0x80]
        return bytes + [UInt8](repeating: 0, count: (block - bytes.count % block) % block)
    }

    /// Nil for anything but bytes that were filled up exactly so.
    static func unpadded(_ bytes: [UInt8]) -> [UInt8]? {
        guard let end = bytes.lastIndex(where: { $0 != 0 }), bytes[end] == 0x80 else { return nil }
        let plain = Array(bytes[..<end])
        return padded(plain) == bytes ? plain : nil
    }
}
