extension ReportTable {
    /// Whether what it has is texts rather than numbers, and needs the width of the page.
    var isText: Bool { chart == nil && columns.count > 1 }

    func html(_ language: ReportLanguage) -> String {
        let remark = remark.map { "\n<p class=\"remark\">\(HTMLText.escaped($0))</p>" } ?? ""
        guard !rows.isEmpty else { return "<p class=\"nothing\">–</p>\(remark)" }
        let share = shareHeading(language)
        let headings = columns.map(\.label) + (share.map { [$0] } ?? [])
        let head = headings.map { "<th scope=\"col\">\(HTMLText.escaped($0))</th>" }.joined()
        let lines = rows.map { row in
            let cells = row.cells.map { cell in
                "<td\(cell.figure == nil ? " class=\"text\"" : "")>\(Self.text(cell, language))</td>"
            }
            let part = share == nil ? "" : "<td>\(self.share(row, language) ?? "")</td>"
            return "<tr><th scope=\"row\">\(HTMLText.escaped(row.label))</th>\(cells.joined())\(part)</tr>"
        }
        return """
            <div><table aria-labelledby="\(word)">
            <thead><tr><td>\(HTMLText.escaped(rowHeading.label))</td>\(head)</tr></thead>
            <tbody>
            \(lines.joined(separator: "\n"))
            </tbody>
            </table>\(remark)</div>
            """
    }

    static func text(_ cell: ReportCell, _ language: ReportLanguage) -> String {
        switch cell {
        case .figure(let figure): figure.count.map(language.text) ?? hidden(language)
        case .text(let text): HTMLText.escaped(text).replacing("\n", with: "<br>")
        }
    }

    /// Two dots say nothing to whoever has the page read aloud.
    private static func hidden(_ language: ReportLanguage) -> String {
        let words = ReportWords(language: language).choose("visas inte", "not shown")
        return "<abbr title=\"\(words)\" aria-label=\"\(words)\">\(ReportCell.hiddenMark)</abbr>"
    }

    func svg(_ language: ReportLanguage) -> String {
        switch chart {
        case .bars: BarChart(table: self, language: language).svg
        case .months: MonthChart(table: self, language: language).svg
        case nil: ""
        }
    }
}
