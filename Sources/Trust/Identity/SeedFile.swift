import Sealing
import SyncProtocol

/// A key's seed as a file: one line of text, what the file is and the seed in hexadecimal digits.
enum SeedFile {
    /// Overwrite it after use: `SecretBytes.wipe`.
    static func bytes(_ head: String, _ seed: SecretBytes) -> [UInt8] {
        var seed = seed.copied()
        defer { SecretBytes.wipe(&seed) }
        return Array(head.utf8) + Array(hexadecimalText(seed).utf8) + [10]
    }

    /// The seed of 32 bytes; nil if the file is none of this kind.
    static func seed(_ head: String, _ file: [UInt8]) -> SecretBytes? {
        let head = Array(head.utf8)
        guard file.count == head.count + 2 * SigningKey.seedBytes + 1, file.starts(with: head), file.last == 10,
            var seed = SyncProtocol.bytes(
                hexadecimal: String(decoding: file[head.count..<(file.count - 1)], as: UTF8.self))
        else { return nil }
        defer { SecretBytes.wipe(&seed) }
        return SecretBytes(copying: seed)
    }
}
