/// A record of a CSV file (RFC 4180), guarded against spreadsheets.
enum CSVLine {
    /// The cells with commas between them and CRLF at the end; quoted only where it is needed.
    static func text(_ cells: [String]) -> String {
        cells.map { cell in
            let guarded = CSVGuard.guarded(cell)
            let isPlain = guarded.utf8.allSatisfy { !"\",;\r\n\t".utf8.contains($0) }
            return isPlain ? guarded : "\"" + guarded.replacing("\"", with: "\"\"") + "\""
        }.joined(separator: ",") + "\r\n"
    }
}
