import CSodium

/// BLAKE2b (RFC 7693), from libsodium.
public enum Blake2b {
    /// A hash of 16 to 64 bytes, keyed if a key of 16 to 64 bytes is given.
    public static func hash(_ bytes: [UInt8], count: Int, key: [UInt8] = []) -> [UInt8] {
        Sodium.prepare()
        var output = [UInt8](repeating: 0, count: count)
        let result = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe key.withUnsafeBufferPointer { key in
                    unsafe crypto_generichash(
                        output.baseAddress!, output.count, bytes.baseAddress, UInt64(bytes.count), key.baseAddress,
                        key.count)
                }
            }
        }
        precondition(result == 0, "BLAKE2b was given a length outside 16...64")
        return output
    }

    /// The hash of two byte strings, one after the other, without putting them together.
    static func hash(_ first: [UInt8], _ second: [UInt8], count: Int, key: [UInt8]) -> [UInt8] {
        Sodium.prepare()
        var output = [UInt8](repeating: 0, count: count)
        // libsodium's state wants to be aligned so.
        unsafe withUnsafeTemporaryAllocation(byteCount: crypto_generichash_statebytes(), alignment: 64) { memory in
            let state = OpaquePointer(memory.baseAddress!)
            var result = unsafe crypto_generichash_init(state, key, key.count, count)
            for part in [first, second] where result == 0 {
                result = unsafe crypto_generichash_update(state, part, UInt64(part.count))
            }
            precondition(result == 0, "BLAKE2b was given a length outside 16...64")
            unsafe crypto_generichash_final(state, &output, count)
        }
        return output
    }

    /// The unkeyed 128-bit hash, as a big-endian number; what fingerprints are summed from. About 150 ns.
    public static func hash128(_ bytes: Span<UInt8>) -> UInt128 { hash128(bytes, key: []) }

    /// The same under a key of 16 to 64 bytes, for checkpoints. About 250 ns.
    public static func hash128(_ bytes: Span<UInt8>, key: [UInt8]) -> UInt128 {
        Sodium.prepare()
        var output: (UInt64, UInt64) = (0, 0)
        let result = unsafe withUnsafeMutableBytes(of: &output) { output in
            unsafe bytes.withUnsafeBufferPointer { bytes in
                unsafe crypto_generichash(
                    output.baseAddress!.assumingMemoryBound(to: UInt8.self), 16, bytes.baseAddress,
                    UInt64(bytes.count), key.isEmpty ? nil : key, key.count)
            }
        }
        precondition(result == 0)
        return UInt128(UInt64(bigEndian: output.0)) << 64 | UInt128(UInt64(bigEndian: output.1))
    }
}
