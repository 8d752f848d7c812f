import Sealing
import Trust

/// A workstation's keys' file: what is read as keys is written as a file that reads the same; nothing else is taken for one.
enum DeviceKeysHarness {
    static func run(_ bytes: [UInt8]) throws {
        guard let keys = DeviceKeys(fileBytes: bytes) else { return }
        let written = keys.fileBytes()
        try hold(
            DeviceKeys(fileBytes: written)?.publicKeys == keys.publicKeys, "keys read differently when written again")
        try hold(keys.seed.count == DeviceKeys.seedBytes, "a seed has another length")
        // Digits may be capitals; all else is one form.
        try hold(
            written.elementsEqual(bytes.map { 0x41...0x46 ~= $0 ? $0 + 0x20 : $0 }), "keys were read from another form")
    }
}
