/// Fills up what is sealed, so that its length tells little: the values, a byte 80, and zeros up to 64 bytes or a length of Padmé.
///
/// Padmé leaves of a length about as many significant bits as its logarithm has, and adds at most an eighth (Nikitin et al.,
/// "Reducing metadata leakage from encrypted files and communication with PURBs", PETS 2019).
public enum Padding {
    public static let shortestBytes = 64

    /// How long `count` bytes are when they are filled up, the mark included. Nothing stays nothing.
    public static func paddedCount(_ count: Int) -> Int {
        if count == 0 { return 0 }
        let length = count + 1
        if length <= shortestBytes { return shortestBytes }
        let exponent = Int.bitWidth - 1 - length.leadingZeroBitCount
        let exponentBits = Int.bitWidth - exponent.leadingZeroBitCount
        let mask = 1 << (exponent - exponentBits) - 1
        return (length + mask) & ~mask
    }

    /// Where the values end in bytes that were filled up; nil if they were not.
    static func end(of bytes: some BidirectionalCollection<UInt8>) -> Int? {
        if bytes.isEmpty { return 0 }
        var count = bytes.count
        for byte in bytes.reversed() {
            count -= 1
            if byte == 0x80 { return paddedCount(count) == bytes.count ? count : nil }
            if byte != 0 { return nil }
        }
        return nil
    }
}
