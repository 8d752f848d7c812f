/// Bytes in UTF-8 out of bytes in whatever encoding, one by one.
///
/// What is no character is passed on as bytes that are no UTF-8, so that whoever reads a row finds out that it is damaged,
/// and its neighbours are not. A mark at the beginning of the file is left out.
struct DecodedBytes {
    private let source: () throws -> UInt8?
    private let encoding: TextEncoding
    private let table: SingleByteTable?
    /// For UTF-16.
    private var isBigEndian: Bool
    private var pending: [UInt8] = []
    private var pendingUnit: UInt16?
    private var isAtStart = true

    private static let noCharacter: UInt8 = 0xFF

    /// - Parameter isBigEndian: for UTF-16 without a mark.
    ///
    /// Errors: those of ``TextEncoding/table()``.
    init(_ encoding: TextEncoding, isBigEndian: Bool, _ source: @escaping () throws -> UInt8?) throws(CaseworkError) {
        self.source = source
        self.encoding = encoding
        self.isBigEndian = isBigEndian
        table = try encoding.table()
    }

    mutating func next() throws -> UInt8? {
        if !pending.isEmpty { return pending.removeFirst() }
        switch encoding {
        case .utf8:
            guard isAtStart else { return try source() }
            isAtStart = false
            return try nextBehindMark()
        case .utf16: return try nextOfUTF16()
        default: return try nextOfTable()
        }
    }

    private mutating func nextBehindMark() throws -> UInt8? {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        while pending.count < mark.count, let byte = try source() {
            pending.append(byte)
            if !mark.starts(with: pending) { break }
        }
        if pending == mark { pending = [] }
        return pending.isEmpty ? try source() : pending.removeFirst()
    }

    private mutating func nextOfTable() throws -> UInt8? {
        guard let byte = try source() else { return nil }
        guard byte >= 0x80, let scalar = table?.upper[Int(byte) - 0x80] else { return byte }
        return put(scalar)
    }

    private mutating func nextOfUTF16() throws -> UInt8? {
        guard var unit = try unit() else { return nil }
        if isAtStart {
            isAtStart = false
            if unit == 0xFEFF || unit == 0xFFFE {
                if unit == 0xFFFE { isBigEndian.toggle() }
                guard let following = try self.unit() else { return nil }
                unit = following
            }
        }
        if UTF16.isLeadSurrogate(unit) {
            guard let trail = try self.unit() else { return Self.noCharacter }
            guard UTF16.isTrailSurrogate(trail) else {
                pendingUnit = trail
                return Self.noCharacter
            }
            return put(UTF16.decode(UTF16.EncodedScalar([unit, trail])))
        }
        guard let scalar = Unicode.Scalar(unit) else { return Self.noCharacter }
        return put(scalar)
    }

    /// An odd byte at the end is a unit that is no character.
    private mutating func unit() throws -> UInt16? {
        if let unit = pendingUnit {
            pendingUnit = nil
            return unit
        }
        guard let first = try source() else { return nil }
        guard let second = try source() else { return 0xDC00 }
        return isBigEndian ? UInt16(first) << 8 | UInt16(second) : UInt16(second) << 8 | UInt16(first)
    }

    private mutating func put(_ scalar: Unicode.Scalar) -> UInt8? {
        pending = Array(UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
        return pending.removeFirst()
    }
}
