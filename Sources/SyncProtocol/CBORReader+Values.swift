extension CBORReader {
    /// A floating-point number in any of its three lengths, checked to be the shortest that holds it.
    public mutating func real() throws(ProtocolError) -> Double {
        let start = offset
        let first = try peek()
        guard first >= 0xF9, first <= 0xFB else { throw ProtocolError(.wrongType, offset: start) }
        let argument = try head().argument
        let value: Double
        switch first {
        case 0xF9: value = Self.double(half: UInt16(argument))
        case 0xFA: value = Double(Float(bitPattern: UInt32(argument)))
        default: value = Double(bitPattern: argument)
        }
        var writer = CBORWriter()
        writer.real(value)
        guard writer.bytes.elementsEqual(bytes[start..<offset]) else {
            throw ProtocolError(.notDeterministic, offset: start)
        }
        return value
    }

    static func double(half bits: UInt16) -> Double {
        let exponent = Int(bits >> 10) & 0x1F
        let fraction = Double(bits & 0x3FF)
        let sign: Double = bits & 0x8000 == 0 ? 1 : -1
        switch exponent {
        case 0: return sign * fraction * 0x1p-24
        case 31: return fraction == 0 ? sign * .infinity : .nan
        default: return sign * (1 + fraction * 0x1p-10) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
        }
    }

    /// Passes over one item of any type, at most ``maximumDepth`` deep, checking that it is well formed.
    public mutating func skip() throws(ProtocolError) { try skip(depth: 0) }

    private mutating func skip(depth: Int) throws(ProtocolError) {
        guard depth <= Self.maximumDepth else { throw ProtocolError(.limit, offset: offset) }
        let start = offset
        let first = try peek()
        switch first >> 5 {
        case 0, 1: _ = try head()
        case 2: _ = try dataRange(limit: .max)
        case 3: _ = try textRange(limit: .max)
        case 4:
            for _ in 0..<(try array(limit: .max)) { try skip(depth: depth + 1) }
        case 5:
            let count = try head().argument
            guard count <= UInt64((end - offset) / 2) else { throw ProtocolError(.truncated, offset: start) }
            for _ in 0..<count {
                try skip(depth: depth + 1)
                try skip(depth: depth + 1)
            }
        case 6:
            _ = try head()
            try skip(depth: depth + 1)
        default:
            if first >= 0xF9, first <= 0xFB {
                _ = try real()
            } else if first >= 0xF4, first <= 0xF6 {
                _ = try head()
            } else {
                throw ProtocolError(.wrongType, offset: start)
            }
        }
    }
}
