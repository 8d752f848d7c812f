/// A table of text whose columns line up on a terminal.
public struct Table: Sendable {
    /// The side of its column at which a cell stands.
    public enum Alignment: Sendable {
        case left, right
    }

    /// The heading of a column, and how its cells stand.
    public struct Column: Sendable {
        let heading: String
        let alignment: Alignment

        public init(_ heading: String, _ alignment: Alignment = .left) {
            self.heading = heading
            self.alignment = alignment
        }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    public init(_ columns: [Column]) {
        precondition(!columns.isEmpty, "a table needs a column")
        self.columns = columns
    }

    /// A table of left-aligned columns.
    public init(_ headings: String...) {
        self.init(headings.map { Column($0) })
    }

    /// Adds a row with one cell for each column; control characters in the cells are replaced.
    public mutating func addRow(_ cells: [String]) {
        precondition(cells.count == columns.count, "a row must have \(columns.count) cells")
        rows.append(cells.map(TerminalText.oneLine))
    }

    /// The heading and the rows as lines, two spaces between columns and none at the ends of lines.
    /// - Parameter limit: the width at which the last column is cut; nil to cut nothing.
    public func lines(widthColumns limit: Int? = nil) -> [String] {
        let all = [columns.map(\.heading)] + rows
        let widths = columns.indices.map { column in
            all.map { TerminalText.widthColumns($0[column]) }.max() ?? 0
        }
        return all.map { cells in
            let line = columns.indices.map { padded(cells[$0], $0, widths[$0]) }.joined(separator: "  ")
            let end = line.lastIndex { $0 != " " }
            let trimmed = end.map { String(line[...$0]) } ?? ""
            return limit.map { TerminalText.cut(trimmed, toColumns: $0) } ?? trimmed
        }
    }

    private func padded(_ cell: String, _ column: Int, _ width: Int) -> String {
        let padding = String(repeating: " ", count: width - TerminalText.widthColumns(cell))
        return columns[column].alignment == .left ? cell + padding : padding + cell
    }
}
