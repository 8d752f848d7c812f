/// Two columns for each month side by side, of the table's first two numbers.
struct MonthChart {
    let table: ReportTable
    let language: ReportLanguage

    private static let width = 760.0
    private static let height = 300.0
    private static let left = 34.0
    private static let top = 40.0
    private static let bottom = 34.0
    private static let classes = ["first", "second"]
    /// Numbers stand above the columns up to so many months.
    private static let numberedMonths = 18
    private static let labelledMonths = 14

    private var plotHeight: Double { Self.height - Self.top - Self.bottom }
    private var baseline: Double { Self.height - Self.bottom }
    private var step: Double { (Self.width - Self.left) / Double(max(1, table.rows.count)) }

    var svg: String {
        let largest = table.rows.flatMap { $0.cells.prefix(2) }.compactMap { $0.figure?.count }.max() ?? 0
        let scale = Self.scale(largest)
        return """
            <svg viewBox="0 0 \(HTMLText.number(Self.width)) \(HTMLText.number(Self.height))" role="img" \
            aria-labelledby="\(table.word)">
            \(legend)
            \(grid(scale))
            \(table.rows.indices.map { month($0, scale.top) }.joined(separator: "\n"))
            <line class="axis" x1="\(HTMLText.number(Self.left))" x2="\(HTMLText.number(Self.width))" \
            y1="\(HTMLText.number(baseline))" y2="\(HTMLText.number(baseline))"/>
            </svg>
            """
    }

    /// Round steps of 1, 2 or 5, at most five of them, and the first that is not below the largest number.
    static func scale(_ largest: Int) -> (step: Int, top: Int) {
        var step = 1
        var factors = [2, 5, 10].makeIterator()
        var power = 1
        while largest > step * 5 {
            if let factor = factors.next() {
                step = power * factor
            } else {
                power *= 10
                factors = [2, 5, 10].makeIterator()
            }
        }
        return (step, max(step, (largest + step - 1) / step * step))
    }

    private var legend: String {
        var place = Self.left
        return table.columns.prefix(2).enumerated().map { index, column in
            defer { place += 34 + Double(column.label.count) * 8 }
            return """
                <rect class="\(Self.classes[index])" x="\(HTMLText.number(place))" y="4" width="13" height="13"/>\
                <text class="label" x="\(HTMLText.number(place + 19))" y="15">\(HTMLText.escaped(column.label))</text>
                """
        }.joined(separator: "\n")
    }

    private func grid(_ scale: (step: Int, top: Int)) -> String {
        stride(from: 0, through: scale.top, by: scale.step).map { number in
            let y = baseline - Double(number) / Double(scale.top) * plotHeight
            let line =
                number == 0
                ? ""
                : """
                <line class="grid" x1="\(HTMLText.number(Self.left))" x2="\(HTMLText.number(Self.width))" \
                y1="\(HTMLText.number(y))" y2="\(HTMLText.number(y))"/>
                """
            return """
                \(line)<text class="tick" x="\(HTMLText.number(Self.left - 8))" y="\(HTMLText.number(y + 4))">\
                \(language.text(number))</text>
                """
        }.joined(separator: "\n")
    }

    private func month(_ index: Int, _ top: Int) -> String {
        let row = table.rows[index]
        let start = Self.left + Double(index) * step
        let column = min(26, step * 0.36)
        let gap = min(2.0, step * 0.04)
        var parts: [String] = []
        for (place, cell) in row.cells.prefix(2).enumerated() {
            let count = cell.figure?.count
            let height = Double(count ?? 0) / Double(top) * plotHeight
            let x = start + step / 2 + (place == 0 ? -column - gap / 2 : gap / 2)
            parts.append(
                """
                <rect class="\(Self.classes[place])" x="\(HTMLText.number(x))" y="\(HTMLText.number(baseline - height))" \
                width="\(HTMLText.number(column))" height="\(HTMLText.number(height))"/>
                """)
            if table.rows.count <= Self.numberedMonths {
                let text = count.map(language.text) ?? ReportCell.hiddenMark
                parts.append(
                    """
                    <text class="number" x="\(HTMLText.number(x + column / 2))" \
                    y="\(HTMLText.number(baseline - height - 5))">\(text)</text>
                    """)
            }
        }
        return parts.joined() + label(row, index, at: start + step / 2)
    }

    /// The month, and the year below the first month and each January.
    private func label(_ row: ReportTable.Row, _ index: Int, at x: Double) -> String {
        let year = String(row.word.prefix(4))
        let isFirst = index == 0 || row.word.hasSuffix("-01")
        var text = ""
        if table.rows.count <= Self.labelledMonths || table.rows.count <= 30 && index % 3 == 0 {
            text += """
                <text class="month" x="\(HTMLText.number(x))" y="\(HTMLText.number(baseline + 15))">\
                \(HTMLText.escaped(row.shortLabel ?? row.label))</text>
                """
        }
        if isFirst {
            text += """
                <text class="month year" x="\(HTMLText.number(x))" y="\(HTMLText.number(baseline + 30))">\(year)</text>
                """
        }
        return text
    }
}
