import Sealing
import SyncProtocol
import Testing

@testable import Trust

@Suite("Keys and secret bytes")
struct KeysTests {
    @Test("a device's keys come from its seed, and its id from both public keys")
    func derivation() {
        let keys = TestLine.device(1)
        #expect(keys.publicKeys == TestLine.device(1).publicKeys && keys.id != TestLine.device(2).id)
        #expect(keys.publicKeys.signing != keys.publicKeys.box)
        var other = keys.publicKeys
        other.box = TestLine.device(2).publicKeys.box
        #expect(other.id != keys.id)
        other = keys.publicKeys
        other.signing = TestLine.device(2).publicKeys.signing
        #expect(other.id != keys.id)
        #expect(DeviceKeys.random().id != DeviceKeys.random().id)
        for count in [0, 16, 31, 33, 64] { #expect(DeviceKeys(seed: SecretBytes(randomCount: count)) == nil) }
    }

    @Test("a keys' file reads what it writes, and nothing else")
    func file() {
        let keys = TestLine.device(1)
        let bytes = keys.fileBytes()
        #expect(DeviceKeys(fileBytes: bytes)?.publicKeys == keys.publicKeys)
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("lugn-device-keys-2 "))
        for end in bytes.indices { #expect(DeviceKeys(fileBytes: Array(bytes[..<end])) == nil) }
        #expect(DeviceKeys(fileBytes: bytes + [10]) == nil)
        for place in bytes.indices {
            var changed = bytes
            changed[place] = 0x7A
            #expect(DeviceKeys(fileBytes: changed) == nil)
            changed[place] = 0xC3
            #expect(DeviceKeys(fileBytes: changed) == nil)
        }
    }

    @Test("a signature is of these bytes, by this key, in this form")
    func signatures() {
        let keys = TestLine.device(1)
        let message = Array("message".utf8)
        let signature = keys.signing.sign(message)
        func isValid(_ signature: [UInt8], _ message: [UInt8], _ key: [UInt8]) -> Bool {
            SigningKey.isValid(signature, of: message, by: key)
        }
        #expect(isValid(signature, message, keys.publicKeys.signing))
        for changed in flips(signature) { #expect(!isValid(changed, message, keys.publicKeys.signing)) }
        for changed in flips(message) { #expect(!isValid(signature, changed, keys.publicKeys.signing)) }
        for changed in flips(keys.publicKeys.signing) { #expect(!isValid(signature, message, changed)) }
        for bad in [[], Array(signature.dropLast()), signature + [0]] {
            #expect(!isValid(bad, message, keys.publicKeys.signing))
        }
        // A key of small order, under which one signature would fit every message (RFC 8032 leaves it to the verifier).
        let small: [UInt8] = [1] + [UInt8](repeating: 0, count: 31)
        #expect(!isValid(small + [UInt8](repeating: 0, count: 32), message, small))
        // S plus the group's order: the same signature in another form.
        let order: [UInt8] = [
            0xED, 0xD3, 0xF5, 0x5C, 0x1A, 0x63, 0x12, 0x58, 0xD6, 0x9C, 0xF7, 0xA2, 0xDE, 0xF9, 0xDE, 0x14, 0, 0, 0, 0,
            0, 0,
            0, 0, 0, 0, 0, 0, 0, 0, 0, 0x10,
        ]
        var other = signature
        var carry = 0
        for index in 0..<32 {
            let sum = Int(other[32 + index]) + Int(order[index]) + carry
            other[32 + index] = UInt8(sum & 255)
            carry = sum >> 8
        }
        #expect(!isValid(other, message, keys.publicKeys.signing))
    }

    @Test("secret bytes compare, copy and wipe")
    func secretBytes() {
        let bytes: [UInt8] = [1, 2, 3]
        let secret = SecretBytes(copying: bytes)
        #expect(secret.count == 3 && secret.copied() == bytes)
        #expect(secret.isEqual(to: SecretBytes(copying: bytes)) && !secret.isEqual(to: SecretBytes(copying: [1, 2])))
        #expect(!secret.isEqual(to: SecretBytes(copying: [1, 2, 4])))
        #expect(SecretBytes(randomCount: 32).copied() != SecretBytes(randomCount: 32).copied())
        #expect(
            SecretBytes(copying: []).copied() == [] && SecretBytes(copying: []).isEqual(to: SecretBytes(randomCount: 0))
        )
        var copy = secret.copied()
        SecretBytes.wipe(&copy)
        #expect(copy.isEmpty)
        // Nothing of it in what might be printed or logged.
        for text in ["\(secret)", String(reflecting: secret), "\(TestLine.device(1))", "\(EpochKey.random())"] {
            #expect(!text.contains("1, 2, 3") && !text.contains("0101"), "\(text)")
        }
    }

    @Test("base 32 is Crockford's, and has one form of some bytes")
    func base32() {
        #expect(Base32.text([]) == "" && Base32.text([255]) == "ZW" && Base32.text([0, 1, 2, 3, 4]) == "000G40R4")
        for count in 0...40 {
            let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + count) }
            let text = Base32.text(bytes)
            #expect(Base32.bytes(text) == bytes && Base32.bytes(text.lowercased()) == bytes)
            #expect(Base32.bytes(text + "0") == nil || (count * 8 % 5 == 0) == false || count == 0)
        }
        for text in ["ZX", "U", "0U", "Å", "*", "0=", "\u{FF10}0", "0"] {
            #expect(Base32.bytes(text) == nil, "\(text)")
        }
    }
}
