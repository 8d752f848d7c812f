import CSodium
public import Merge
public import SyncProtocol

/// Seals and opens the values of changes with XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha), one by one, so that one
/// record can be erased without touching the others.
///
/// The nonce is 16 random bytes of the commit and the change's index in it; 2⁶⁴ commits would be needed for an even
/// chance of one repetition. What a reader relies on is authenticated with the values: line, stamp, kind, collection,
/// record, parent, fields and key epoch. Not in it: number and base, which only writer and server use, so that a
/// commit re-based after a server was restored need not be sealed again.
public struct Sealer: Sendable {
    public let line: LineID
    public let epoch: UInt32
    private let key: [UInt8]

    /// How much longer sealed values are than plain ones.
    public static let overheadBytes = 16

    public init(line: LineID, key: LineKey) {
        Sodium.prepare()
        self.line = line
        self.epoch = key.epoch
        self.key = key.derived(for: .sealing)
    }

    /// Appends the sealed form of `plain` to `output`.
    public func seal(
        _ plain: ArraySlice<UInt8>, header: ChangeHeader, stamp: Stamp, nonce: [UInt8], index: UInt64,
        to output: inout [UInt8]
    ) {
        let start = output.count
        let data = additionalData(header, stamp)
        let nonce = fullNonce(nonce, index)
        output.append(contentsOf: repeatElement(0, count: plain.count + Self.overheadBytes))
        var written: UInt64 = 0
        let result = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe plain.withUnsafeBufferPointer { plain in
                unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                    output.baseAddress! + start, &written, plain.baseAddress, UInt64(plain.count), data,
                    UInt64(data.count), nil, nonce, key)
            }
        }
        precondition(result == 0 && written == UInt64(plain.count + Self.overheadBytes))
    }

    /// Opens into `output`, replacing what it held; false if the bytes are not what was sealed under this header.
    public func open(
        _ sealed: ArraySlice<UInt8>, header: ChangeHeader, stamp: Stamp, nonce: [UInt8], index: UInt64,
        into output: inout [UInt8]
    ) -> Bool {
        output.removeAll(keepingCapacity: true)
        guard sealed.count >= Self.overheadBytes, header.epoch == epoch, nonce.count == SealedCommit.nonceBytes else {
            return false
        }
        let data = additionalData(header, stamp)
        let nonce = fullNonce(nonce, index)
        // libsodium writes through the pointer even where the plain text is empty: keep one byte for it.
        output.append(contentsOf: repeatElement(0, count: max(1, sealed.count - Self.overheadBytes)))
        var written: UInt64 = 0
        let result = unsafe output.withUnsafeMutableBufferPointer { output in
            unsafe sealed.withUnsafeBufferPointer { sealed in
                unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                    output.baseAddress!, &written, nil, sealed.baseAddress!, UInt64(sealed.count), data,
                    UInt64(data.count), nonce, key)
            }
        }
        guard result == 0 else {
            output.removeAll(keepingCapacity: true)
            return false
        }
        output.removeLast(output.count - Int(written))
        return true
    }

    private func fullNonce(_ commitNonce: [UInt8], _ index: UInt64) -> [UInt8] {
        var nonce = commitNonce
        nonce.reserveCapacity(24)
        appendBigEndian(index, to: &nonce)
        return nonce
    }

    /// The bytes authenticated with the values: "lugn change 1", line (16), replica (8), time (8), kind (1),
    /// collection (4), record (16), parent (1 and 16; or 0), fields (8), epoch (4); numbers big-endian.
    func additionalData(_ header: ChangeHeader, _ stamp: Stamp) -> [UInt8] {
        var data: [UInt8] = []
        data.reserveCapacity(96)
        data.append(contentsOf: "lugn change 1".utf8)
        data.append(contentsOf: line.bytes)
        appendBigEndian(stamp.replica.rawValue, to: &data)
        appendBigEndian(stamp.time.rawValue, to: &data)
        data.append(header.kind.rawValue)
        appendBigEndian(UInt64(header.collection), count: 4, to: &data)
        appendBigEndian(header.record.high, to: &data)
        appendBigEndian(header.record.low, to: &data)
        if let parent = header.parent {
            data.append(1)
            appendBigEndian(parent.high, to: &data)
            appendBigEndian(parent.low, to: &data)
        } else {
            data.append(0)
        }
        appendBigEndian(header.fields.rawValue, to: &data)
        appendBigEndian(UInt64(header.epoch), count: 4, to: &data)
        return data
    }
}

func appendBigEndian(_ value: UInt64, count: UInt64 = 8, to bytes: inout [UInt8]) {
    var shift = count * 8
    while shift > 0 {
        shift -= 8
        bytes.append(UInt8(truncatingIfNeeded: value >> shift))
    }
}
