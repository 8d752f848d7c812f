import Sealing

/// A line key's file: what is read as a key is written as one that reads the same, and has an epoch and a secret.
enum LineKeyHarness {
    static func run(_ bytes: [UInt8]) throws {
        guard let key = LineKey(fileText: String(decoding: bytes, as: UTF8.self)) else { return }
        try hold(LineKey(fileText: key.fileText) == key, "a key reads differently when it is written again")
        try hold(key.secretForStorage.count == LineKey.secretBytes, "a key has another length")
        try hold(key.fileText.hasPrefix("lugn-line-key-1 \(key.epoch) "), "a key file begins differently")
    }
}
