import JSON

/// The JSON reader: what is accepted reads the same when it is written, on one line or for people; a refusal names a
/// place inside the document.
enum JSONHarness {
    static func run(_ bytes: [UInt8]) throws {
        let value: JSONValue
        do throws(JSONParseError) {
            value = try JSONValue(parsing: bytes)
        } catch {
            try hold((0...bytes.count).contains(error.offset), "an error's place lies outside the document")
            let lines = bytes.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") ? 1 : 0) }
            try hold((1...lines).contains(error.line), "an error's line lies outside the document")
            try hold((1...bytes.count + 1).contains(error.column), "an error's column lies outside the document")
            return
        }
        try same(value, value.text)
        try same(value, value.indentedText)
        try hold(!value.text.utf8.contains { $0 < 0x20 || $0 == 0x7F }, "a control character was written in clear")
    }

    private static func same(_ value: JSONValue, _ text: String) throws {
        let again: JSONValue
        do throws(JSONParseError) { again = try JSONValue(parsing: text) } catch {
            throw Violation("what was accepted is refused when it is written again: \(error)")
        }
        // By its bytes: equality of strings would take two spellings of a letter for one.
        try hold(again == value && again.text.utf8.elementsEqual(value.text.utf8), "a value reads differently")
    }
}
