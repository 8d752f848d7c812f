/// Keeps spreadsheets from running what stands in a cell as a formula (CWE-1236).
///
/// A formula begins with `=`, `+`, `-`, `@`, a tab or a carriage return, or one of the first four in full width. A cell may be
/// cut in another place than it ends: a Swedish Excel takes `;` for the separator where the file has commas, and a line
/// break in a quoted cell for the end of a row. So an apostrophe goes before what looks like a formula at the
/// beginning of the text, behind every separator and behind every line break, with quotes and apostrophes between or not.
enum CSVGuard {
    static func guarded(_ text: String) -> String {
        String(decoding: guarded(Array(text.utf8)), as: UTF8.self)
    }

    /// Takes the guard off again: the text as it was before ``guarded(_:)``.
    static func unguarded(_ text: String) -> String {
        guard text.utf8.contains(apostrophe) else { return text }
        return String(decoding: unguarded(Array(text.utf8)), as: UTF8.self)
    }

    static func guarded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for place in bytes.indices {
            if isBoundary(bytes, place), isFormula(bytes[place...]) { result.append(apostrophe) }
            result.append(bytes[place])
        }
        return result
    }

    static func unguarded(_ bytes: [UInt8]) -> [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for place in bytes.indices {
            let isGuard =
                bytes[place] == apostrophe && isBoundary(bytes, place) && isFormula(bytes[(place + 1)...])
            if !isGuard { result.append(bytes[place]) }
        }
        return result
    }

    private static let apostrophe = UInt8(ascii: "'")

    /// Whether a spreadsheet may begin a cell here.
    private static func isBoundary(_ bytes: [UInt8], _ place: Int) -> Bool {
        place == 0 || ",;\t\n\r|".utf8.contains(bytes[place - 1])
    }

    private static func isFormula(_ rest: ArraySlice<UInt8>) -> Bool {
        let rest = rest.drop { $0 == apostrophe || $0 == UInt8(ascii: "\"") }
        guard let first = rest.first else { return false }
        if "=+-@\t\r".utf8.contains(first) { return true }
        // ＝ ＋ － ＠
        return fullWidth.contains { rest.starts(with: $0) }
    }

    private static let fullWidth: [[UInt8]] = ["\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"].map { Array($0.utf8) }
}
