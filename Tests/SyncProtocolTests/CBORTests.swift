import SyncProtocol
import Testing

@Suite("CBOR (RFC 8949)")
struct CBORTests {
    @Test(
        "integers of appendix A",
        arguments: [
            (0, "00"), (10, "0a"), (23, "17"), (24, "1818"), (100, "1864"), (1000, "1903e8"), (1_000_000, "1a000f4240"),
            (1_000_000_000_000, "1b000000e8d4a51000"), (-1, "20"), (-10, "29"), (-100, "3863"), (-1000, "3903e7"),
            (.max, "1b7fffffffffffffff"), (.min, "3b7fffffffffffffff"),
        ] as [(Int64, String)])
    func integers(value: Int64, text: String) throws {
        var writer = CBORWriter()
        writer.integer(value)
        #expect(hexadecimalText(writer.bytes) == text)
        var reader = CBORReader(try #require(bytes(hexadecimal: text)))
        #expect(try reader.integer() == value)
    }

    @Test(
        "floats of appendix A, each in its shortest form",
        arguments: [
            (0.0, "f90000"), (-0.0, "f98000"), (1.0, "f93c00"), (1.1, "fb3ff199999999999a"), (1.5, "f93e00"),
            (65504.0, "f97bff"), (100000.0, "fa47c35000"), (3.4028234663852886e+38, "fa7f7fffff"),
            (1.0e+300, "fb7e37e43c8800759c"), (5.960464477539063e-8, "f90001"), (0.00006103515625, "f90400"),
            (-4.0, "f9c400"), (-4.1, "fbc010666666666666"), (.infinity, "f97c00"), (-.infinity, "f9fc00"),
            (.nan, "f97e00"),
        ] as [(Double, String)])
    func floats(value: Double, text: String) throws {
        var writer = CBORWriter()
        writer.real(value)
        #expect(hexadecimalText(writer.bytes) == text)
        var reader = CBORReader(try #require(bytes(hexadecimal: text)))
        let read = try reader.real()
        #expect(read.isNaN ? value.isNaN : read == value && read.sign == value.sign)
    }

    @Test(
        "what is not deterministic is refused",
        arguments: [
            "1800", "1817", "190000", "1a00000000", "1b0000000000000000", "5f41004100ff", "9fff", "bfff", "7f6161ff",
            "fb3ff8000000000000", "fa3fc00000", "f97e01", "a201000100", "a202000100", "1c", "61ff", "62c328", "f8ff",
        ])
    func notDeterministic(text: String) throws {
        var reader = CBORReader(try #require(bytes(hexadecimal: text)))
        #expect(throws: ProtocolError.self) {
            guard text.hasPrefix("a") else { return try reader.skip() }
            try reader.map { _, reader throws(ProtocolError) in
                try reader.skip()
                return true
            }
        }
    }
}
