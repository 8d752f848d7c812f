import Commands
import JSON
import Testing

@Suite struct JSONTests {
    @Test("members keep their order and integers are exact")
    func writing() {
        let value: JSONValue = [
            "z": 1, "a": .integer(.min), "m": [nil, true, false, "x"], "big": JSONValue(UInt64.max), "e": [], "o": [:],
        ]
        let beginning = #"{"z":1,"a":-9223372036854775808,"m":[null,true,false,"x"],"#
        #expect(value.text == beginning + #""big":18446744073709551615,"e":[],"o":{}}"#)
    }

    @Test("every control character and both line separators are escaped, other letters are not")
    func escaping() {
        let value = JSONValue.string("\"\\/\u{8}\u{C}\n\r\t\u{0}\u{1F}\u{7F}\u{9B}\u{2028}\u{2029}åäö😀")
        #expect(value.text == #""\"\\/\b\f\n\r\t\u0000\u001f\u007f\u009b\u2028\u2029åäö😀""#)
    }

    @Test(
        "what is written is read back the same",
        arguments: [
            #"{"a":{"b":[1,-2,9223372036854775807]},"":""}"#, "[[],{},null]", "0", "-0", "0.10", "1e400", "-1.5E-07",
            "9223372036854775808", #""\u0000\u2028åäö😀\\""#,
        ])
    func roundTrips(_ text: String) throws {
        let value = try JSONValue(parsing: text)
        #expect(value.text == text)
        #expect(try JSONValue(parsing: value.indentedText) == value)
    }

    @Test("every Unicode scalar survives a round trip")
    func allScalars() throws {
        var scalars = String.UnicodeScalarView()
        for number in UInt32(0)...0x10FFFF {
            if let scalar = Unicode.Scalar(number) { scalars.append(scalar) }
        }
        let text = String(scalars)
        let read = try JSONValue(parsing: Array(JSONValue.string(text).text.utf8))
        #expect(read.string.map { Array($0.utf8) } == Array(text.utf8))
    }

    @Test("escapes of every kind are read")
    func escapes() throws {
        #expect(try JSONValue(parsing: #"  "\u00e5\uD83D\uDE00\/\b\f\n\r\t" "#).string == "å😀/\u{8}\u{C}\n\r\t")
    }

    @Test("values are reached by name and type")
    func access() throws {
        let value = try JSONValue(parsing: #"{"n":3,"s":"x","b":true,"a":[1]}"#)
        #expect(value["n"]?.integer == 3)
        #expect(value["s"]?.string == "x")
        #expect(value["b"]?.bool == true)
        #expect(value["a"]?.array == [1])
        #expect(value["s"]?.integer == nil)
        #expect(value["none"] == nil)
        #expect(value["n"]?["x"] == nil)
    }

    struct Malformed: Sendable, CustomTestStringConvertible {
        let bytes: [UInt8]
        let code: JSONParseError.Code
        let offset: Int
        var testDescription: String { String(decoding: bytes, as: UTF8.self) }

        init(_ text: String, _ code: JSONParseError.Code, _ offset: Int) {
            self.init(bytes: Array(text.utf8), code, offset)
        }

        init(bytes: [UInt8], _ code: JSONParseError.Code, _ offset: Int) {
            self.bytes = bytes
            self.code = code
            self.offset = offset
        }
    }

    @Test(
        "a malformed document is refused at the byte of its fault",
        arguments: [
            Malformed("", .unexpectedEnd, 0),
            Malformed("  ", .unexpectedEnd, 2),
            Malformed("[1,]", .unexpectedByte, 3),
            Malformed("[1 2]", .unexpectedByte, 3),
            Malformed("[1", .unexpectedEnd, 2),
            Malformed("]", .unexpectedByte, 0),
            Malformed("{\"a\":1,}", .unexpectedByte, 7),
            Malformed("{a:1}", .unexpectedByte, 1),
            Malformed("{\"a\" 1}", .unexpectedByte, 5),
            Malformed("{\"a\":}", .unexpectedByte, 5),
            Malformed("{", .unexpectedEnd, 1),
            Malformed("{\"a\":1,\"\\u0061\":2}", .duplicateName, 7),
            Malformed("1 2", .trailingData, 2),
            Malformed("null\0", .trailingData, 4),
            Malformed("nul", .unexpectedEnd, 3),
            Malformed("True", .unexpectedByte, 0),
            Malformed("NaN", .unexpectedByte, 0),
            Malformed("'a'", .unexpectedByte, 0),
            Malformed("01", .invalidNumber, 0),
            Malformed("-01", .invalidNumber, 0),
            Malformed("-", .unexpectedEnd, 1),
            Malformed("+1", .unexpectedByte, 0),
            Malformed(".5", .unexpectedByte, 0),
            Malformed("1.", .unexpectedEnd, 2),
            Malformed("[1.]", .invalidNumber, 3),
            Malformed("1e", .unexpectedEnd, 2),
            Malformed("1ex", .invalidNumber, 2),
            Malformed("-x", .invalidNumber, 1),
            Malformed("0x1", .trailingData, 1),
            Malformed("\"a", .unexpectedEnd, 2),
            Malformed("\"\n\"", .controlCharacter, 1),
            Malformed("\"\\x\"", .invalidEscape, 2),
            Malformed("\"\\u12g4\"", .invalidEscape, 5),
            Malformed("\"\\u12", .unexpectedEnd, 5),
            Malformed("\"\\ud800\"", .invalidEscape, 3),
            Malformed("\"\\udc00\\ud800\"", .invalidEscape, 3),
            Malformed("\"\\ud800\\u0041\"", .invalidEscape, 3),
            Malformed("\"\\", .unexpectedEnd, 2),
            Malformed("\u{FEFF}1", .unexpectedByte, 0),
            Malformed("// c\n1", .unexpectedByte, 0),
            Malformed(bytes: [0x22, 0xFF, 0x22], .invalidUTF8, 0),
            Malformed(bytes: [0x22, 0xC0, 0x80, 0x22], .invalidUTF8, 0),
            Malformed(bytes: [0x22, 0xED, 0xA0, 0x80, 0x22], .invalidUTF8, 0),
        ])
    func malformed(_ malformed: Malformed) throws {
        let error = try #require(throws: JSONParseError.self) { try JSONValue(parsing: malformed.bytes) }
        #expect(error.code == malformed.code)
        #expect(error.offset == malformed.offset)
    }

    @Test("an error tells line and column, and nothing of the document")
    func position() throws {
        let error = try #require(throws: JSONParseError.self) { try JSONValue(parsing: "{\n  \"secret\": x\n}") }
        #expect(error.description == "not valid JSON: unexpected character at line 2, column 13")
    }

    @Test("depth and size are limited, exactly")
    func limits() throws {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(64)) }
        #expect(throws: Never.self) { try JSONValue(parsing: nested(512), depthLimit: 512) }
        let deep = try #require(throws: JSONParseError.self) { try JSONValue(parsing: nested(65)) }
        #expect(deep.code == .tooDeep && deep.offset == 64)
        let veryDeep = [UInt8](repeating: UInt8(ascii: "["), count: 1_000_000)
        #expect(throws: JSONParseError.self) { try JSONValue(parsing: veryDeep) }
        #expect(throws: Never.self) { try JSONValue(parsing: Array("123".utf8), sizeLimitBytes: 3) }
        let large = try #require(throws: JSONParseError.self) {
            try JSONValue(parsing: Array("1234".utf8), sizeLimitBytes: 3)
        }
        #expect(large.code == .tooLarge)
    }
}
