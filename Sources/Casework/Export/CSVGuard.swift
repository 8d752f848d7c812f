/// Keeps spreadsheets from running what stands in a cell as a formula (CWE-1236).
///
/// A text that begins with `=`, `+`, `-`, `@`, a tab or a carriage return gets an apostrophe before it, and so does one
/// that begins with an apostrophe and one of these, so that the guard can be taken off again.
enum CSVGuard {
    static func guarded(_ text: String) -> String { needsGuard(text) ? "'" + text : text }

    static func unguarded(_ text: String) -> String {
        text.hasPrefix("'") && needsGuard(text.dropFirst()) ? String(text.dropFirst()) : text
    }

    private static func needsGuard(_ text: some StringProtocol) -> Bool {
        let rest = text.utf8.drop { $0 == UInt8(ascii: "'") }
        return rest.first.map { "=+-@\t\r".utf8.contains($0) } ?? false
    }
}
