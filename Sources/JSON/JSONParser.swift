/// A strict parser of JSON in UTF-8 (RFC 8259).
///
/// Beyond the grammar it refuses a byte order mark, lone surrogates, invalid UTF-8, member names given twice, and
/// documents beyond its limits. Cost is linear in the size.
struct JSONParser {
    private let bytes: [UInt8]
    private let depthLimit: Int
    private var position = 0

    init(_ bytes: [UInt8], sizeLimitBytes: Int, depthLimit: Int) throws(JSONParseError) {
        precondition(depthLimit <= 512, "the parser recurses; deeper limits could exhaust a thread's stack")
        self.bytes = bytes
        self.depthLimit = depthLimit
        guard bytes.count <= sizeLimitBytes else { throw fault(.tooLarge, at: 0) }
    }

    mutating func parseDocument() throws(JSONParseError) -> JSONValue {
        let value = try parseValue(depth: 0)
        skipSpace()
        guard position == bytes.count else { throw fault(.trailingData) }
        return value
    }

    private mutating func parseValue(depth: Int) throws(JSONParseError) -> JSONValue {
        skipSpace()
        guard let byte = peek() else { throw fault(.unexpectedEnd) }
        switch byte {
        case UInt8(ascii: "{"): return try parseObject(depth: depth + 1)
        case UInt8(ascii: "["): return try parseArray(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        case UInt8(ascii: "t"): return try parseWord("true", .bool(true))
        case UInt8(ascii: "f"): return try parseWord("false", .bool(false))
        case UInt8(ascii: "n"): return try parseWord("null", .null)
        default: throw fault(.unexpectedByte)
        }
    }

    private mutating func parseObject(depth: Int) throws(JSONParseError) -> JSONValue {
        guard depth <= depthLimit else { throw fault(.tooDeep) }
        position += 1
        var members: [JSONMember] = []
        // By bytes: String equality would call two different spellings of an accented letter the same name.
        var names: Set<[UInt8]> = []
        skipSpace()
        if skip(UInt8(ascii: "}")) { return .object([]) }
        repeat {
            skipSpace()
            let start = position
            guard let byte = peek() else { throw fault(.unexpectedEnd) }
            guard byte == UInt8(ascii: "\"") else { throw fault(.unexpectedByte) }
            let name = try parseString()
            guard names.insert(Array(name.utf8)).inserted else { throw fault(.duplicateName, at: start) }
            skipSpace()
            try expect(UInt8(ascii: ":"))
            members.append(JSONMember(name, try parseValue(depth: depth)))
            skipSpace()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "}"))
        return .object(members)
    }

    private mutating func parseArray(depth: Int) throws(JSONParseError) -> JSONValue {
        guard depth <= depthLimit else { throw fault(.tooDeep) }
        position += 1
        var elements: [JSONValue] = []
        skipSpace()
        if skip(UInt8(ascii: "]")) { return .array([]) }
        repeat {
            elements.append(try parseValue(depth: depth))
            skipSpace()
        } while skip(UInt8(ascii: ","))
        try expect(UInt8(ascii: "]"))
        return .array(elements)
    }

    private mutating func parseWord(_ word: StaticString, _ value: JSONValue) throws(JSONParseError) -> JSONValue {
        for byte in word.description.utf8 { try expect(byte) }
        return value
    }

    private mutating func parseNumber() throws(JSONParseError) -> JSONValue {
        let start = position
        var isInteger = true
        _ = skip(UInt8(ascii: "-"))
        if !skip(UInt8(ascii: "0")) { try skipDigits() }
        if skip(UInt8(ascii: ".")) {
            isInteger = false
            try skipDigits()
        }
        if skip(UInt8(ascii: "e")) || skip(UInt8(ascii: "E")) {
            isInteger = false
            _ = skip(UInt8(ascii: "+")) || skip(UInt8(ascii: "-"))
            try skipDigits()
        }
        // A digit here follows a leading zero.
        if let byte = peek(), Self.isDigit(byte) { throw fault(.invalidNumber, at: start) }
        let text = String(decoding: bytes[start..<position], as: UTF8.self)
        if isInteger, text != "-0", let number = Int64(text) { return .integer(number) }
        return .decimal(JSONDecimal(checkedText: text))
    }

    private mutating func skipDigits() throws(JSONParseError) {
        guard let byte = peek() else { throw fault(.unexpectedEnd) }
        guard Self.isDigit(byte) else { throw fault(.invalidNumber) }
        while let byte = peek(), Self.isDigit(byte) { position += 1 }
    }
}

extension JSONParser {
    private mutating func parseString() throws(JSONParseError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while let byte = peek() {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw fault(.invalidUTF8, at: start)
                }
                return text
            case UInt8(ascii: "\\"): try parseEscape(into: &content)
            case 0..<0x20: throw fault(.controlCharacter, at: position - 1)
            default: content.append(byte)
            }
        }
        throw fault(.unexpectedEnd)
    }

    private mutating func parseEscape(into content: inout [UInt8]) throws(JSONParseError) {
        guard let byte = peek() else { throw fault(.unexpectedEnd) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(byte)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"): content += Array(String(try parseUnicodeEscape()).utf8)
        default: throw fault(.invalidEscape, at: position - 1)
        }
    }

    private mutating func parseUnicodeEscape() throws(JSONParseError) -> Unicode.Scalar {
        let start = position
        let first = try parseFourHexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        // What is no scalar in 16 bits is half of a surrogate pair; the high half must come first.
        guard first < 0xDC00, skip(UInt8(ascii: "\\")), skip(UInt8(ascii: "u")) else {
            throw fault(.invalidEscape, at: start)
        }
        let second = try parseFourHexDigits()
        guard 0xDC00...0xDFFF ~= second,
            let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        else { throw fault(.invalidEscape, at: start) }
        return scalar
    }

    private mutating func parseFourHexDigits() throws(JSONParseError) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek() else { throw fault(.unexpectedEnd) }
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue, byte < 0x80 else {
                throw fault(.invalidEscape)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    private func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    private mutating func skip(_ byte: UInt8) -> Bool {
        guard peek() == byte else { return false }
        position += 1
        return true
    }

    private mutating func expect(_ byte: UInt8) throws(JSONParseError) {
        guard let found = peek() else { throw fault(.unexpectedEnd) }
        guard found == byte else { throw fault(.unexpectedByte) }
        position += 1
    }

    private mutating func skipSpace() {
        while let byte = peek(), byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { position += 1 }
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
    }

    private func fault(_ code: JSONParseError.Code, at offset: Int? = nil) -> JSONParseError {
        let offset = offset ?? position
        let before = bytes[..<offset]
        let lineStart = before.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        let line = before.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
        return JSONParseError(code: code, offset: offset, line: line, column: offset - lineStart + 1)
    }
}
