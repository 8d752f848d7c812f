/// A bar for each row of a table, one below the other, with its name above and its number at the end.
struct BarChart {
    let table: ReportTable
    let language: ReportLanguage

    private static let width = 380.0
    private static let rowHeight = 47.0
    /// Room behind the longest bar for its number.
    private static let numberWidth = 52.0

    var svg: String {
        // Records without a word are in the table; where there are none, they need no bar.
        let rows = table.rows.filter { $0.word != Tally.notRecorded || $0.cells.first?.figure?.isZero != true }
        let figures = rows.map { $0.cells.first?.figure ?? .hidden }
        let largest = Double(max(1, figures.compactMap(\.count).max() ?? 1))
        let height = Self.rowHeight * Double(rows.count)
        let bars = zip(rows, figures).enumerated().map { index, row in
            bar(row.0.label, row.1, top: Self.rowHeight * Double(index), largest)
        }
        return """
            <svg viewBox="0 0 \(HTMLText.number(Self.width)) \(HTMLText.number(height))" role="img" \
            aria-labelledby="\(table.word)">
            \(bars.joined(separator: "\n"))
            <line class="axis" x1="0.5" x2="0.5" y1="0" y2="\(HTMLText.number(height))"/>
            </svg>
            """
    }

    private func bar(_ label: String, _ figure: Figure, top: Double, _ largest: Double) -> String {
        let length = Double(figure.count ?? 0) / largest * (Self.width - Self.numberWidth)
        let text = figure.count.map(language.text) ?? ReportCell.hiddenMark
        let middle = top + 29
        return """
            <text class="label" x="7" y="\(HTMLText.number(top + 15))">\(HTMLText.escaped(label))</text>\
            <rect class="first" x="0" y="\(HTMLText.number(middle - 7))" width="\(HTMLText.number(length))" height="14"/>\
            <text class="value" x="\(HTMLText.number(length + 7))" y="\(HTMLText.number(middle + 5))">\(text)</text>
            """
    }
}
