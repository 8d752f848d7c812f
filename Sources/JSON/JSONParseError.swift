/// Why a document is not JSON that we accept, and where. Holds nothing of the document itself.
public struct JSONParseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The kind of fault.
    public struct Code: Sendable, Equatable {
        let message: String

        public static let unexpectedEnd = Code(message: "the document ends too early")
        public static let unexpectedByte = Code(message: "unexpected character")
        public static let invalidNumber = Code(message: "invalid number")
        public static let invalidEscape = Code(message: "invalid escape in a string")
        public static let controlCharacter = Code(message: "unescaped control character in a string")
        public static let invalidUTF8 = Code(message: "invalid UTF-8 in a string")
        public static let duplicateName = Code(message: "the same member name twice in an object")
        public static let trailingData = Code(message: "data after the document")
        public static let tooDeep = Code(message: "nested too deeply")
        public static let tooLarge = Code(message: "the document is too large")
    }

    public let code: Code
    /// Bytes from the beginning of the document to the fault.
    public let offset: Int
    /// From 1.
    public let line: Int
    /// In bytes, from 1.
    public let column: Int

    public var description: String {
        "not valid JSON: \(code.message) at line \(line), column \(column)"
    }
}
