extension ReportDocument {
    /// A table each, and the numbers by themselves, as CSV files (RFC 4180, UTF-8): name without ending, and content.
    ///
    /// The first column has English words for programs, the second the same in the report's language. Where a number is
    /// hidden stands `..`.
    public var csvFiles: [(name: String, content: String)] {
        var files: [(String, String)] = []
        var lines = [CSVLine.text(["figure", "label", "count"])]
        for headline in headlines {
            lines.append(
                CSVLine.text([headline.word, headline.label, ReportCell.figure(headline.figure).plainText]))
        }
        if let notice { lines.append(CSVLine.text(["publication", notice, ""])) }
        files.append(("summary", lines.joined()))
        for table in tables {
            var lines = [CSVLine.text([table.rowHeading.word, "label"] + table.columns.map(\.word))]
            for row in table.rows { lines.append(CSVLine.text([row.word, row.label] + row.cells.map(\.plainText))) }
            files.append((table.word, lines.joined()))
        }
        return files
    }
}
