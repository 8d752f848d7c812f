/// Reads a large JSON document (RFC 8259) piece by piece, in the memory of one element.
///
/// The caller knows the outline and goes through it: names and openings in their order, elements of arrays one by one.
/// Elements are parsed strictly; between them, what is not expected is an error.
public struct JSONStream {
    private let next: () throws -> UInt8?
    private let elementLimitBytes: Int
    private var pushedBack: UInt8?
    private var offset = 0
    private var line = 1
    private var column = 0

    /// - Parameter elementLimitBytes: the longest element.
    public init(elementLimitBytes: Int = 8 << 20, next: @escaping () throws -> UInt8?) {
        self.next = next
        self.elementLimitBytes = elementLimitBytes
    }

    private mutating func read() throws -> UInt8? {
        if let byte = pushedBack {
            pushedBack = nil
            return byte
        }
        guard let byte = try next() else { return nil }
        offset += 1
        column += 1
        if byte == UInt8(ascii: "\n") {
            line += 1
            column = 0
        }
        return byte
    }

    private mutating func readVisible() throws -> UInt8 {
        while let byte = try read() {
            if byte != 0x20 && byte != 0x0A && byte != 0x0D && byte != 0x09 { return byte }
        }
        throw fault(.unexpectedEnd)
    }

    private func fault(_ code: JSONParseError.Code) -> JSONParseError {
        JSONParseError(code: code, offset: max(0, offset - 1), line: line, column: max(1, column))
    }

    /// Takes one of `{`, `}`, `[`, `]`, `,` and `:`. Errors: ``JSONParseError``.
    public mutating func expect(_ mark: Character) throws {
        guard try readVisible() == mark.asciiValue else { throw fault(.unexpectedByte) }
    }

    /// Takes the mark if it is the next; whether it was.
    public mutating func take(_ mark: Character) throws -> Bool {
        let byte = try readVisible()
        if byte == mark.asciiValue { return true }
        pushedBack = byte
        return false
    }

    /// Takes a name and the colon behind it.
    public mutating func name() throws -> String {
        guard case .string(let name) = try element() else { throw fault(.unexpectedByte) }
        try expect(":")
        return name
    }

    /// Takes a whole value. Errors: ``JSONParseError``, whose place is that of the value's fault from the value's start.
    public mutating func element() throws -> JSONValue {
        var bytes = [try readVisible()]
        var depth = 0
        var isInString = false
        var isEscaped = false
        // A number or word ends before what cannot be a part of it.
        let isOpen = bytes[0] == UInt8(ascii: "{") || bytes[0] == UInt8(ascii: "[")
        let isText = bytes[0] == UInt8(ascii: "\"")
        if isOpen { depth = 1 }
        if isText { isInString = true }
        while isOpen ? depth > 0 : isText ? isInString : true {
            guard let byte = try read() else {
                if isOpen || isText { throw fault(.unexpectedEnd) }
                break
            }
            if !isOpen, !isText, !Self.isPartOfWord(byte) {
                pushedBack = byte
                break
            }
            bytes.append(byte)
            guard bytes.count <= elementLimitBytes else { throw fault(.tooLarge) }
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == UInt8(ascii: "\\") {
                    isEscaped = true
                } else if byte == UInt8(ascii: "\"") {
                    isInString = false
                }
                continue
            }
            switch byte {
            case UInt8(ascii: "\""): isInString = true
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"): depth -= 1
            default: break
            }
        }
        return try JSONValue(parsing: bytes, sizeLimitBytes: elementLimitBytes)
    }

    /// Takes the end: nothing but space may follow.
    public mutating func end() throws {
        while let byte = try read() {
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { throw fault(.trailingData) }
        }
    }

    private static func isPartOfWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "E"),
            UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."):
            true
        default: false
        }
    }
}
