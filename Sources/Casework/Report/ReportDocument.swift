/// A report in one language, ready to be set as text, tables or a page.
public struct ReportDocument: Sendable {
    public var language: ReportLanguage
    /// Of whom it is: the line's name; nil where none is known.
    public var lineName: String?
    public var title: String
    public var period: String
    /// That it is for internal use, where it is: stands on every page.
    public var notice: String?
    public var headlines: [ReportHeadline]
    public var tables: [ReportTable]
    /// What has to be known to read the numbers, a sentence or a few each.
    public var notes: [String]
    /// Which data are not in it.
    public var desks: String
    public var generated: String
}

/// A number by itself.
public struct ReportHeadline: Sendable {
    /// The English word for programs.
    public var word: String
    public var label: String
    public var figure: Figure
}

/// A table, and how it is drawn.
public struct ReportTable: Sendable {
    public enum Chart: Sendable {
        /// A bar for each row, of its first number.
        case bars
        /// Two columns for each row, of its first two numbers.
        case months
    }

    public struct Row: Sendable {
        /// The English word for programs.
        public var word: String
        public var label: String
        /// Below a chart, where there is little room.
        public var shortLabel: String?
        public var cells: [ReportCell]
    }

    public struct Column: Sendable {
        public var word: String
        public var label: String
    }

    /// The English name for programs, and of its CSV file.
    public var word: String
    public var title: String
    public var rowHeading: Column
    public var columns: [Column]
    public var rows: [Row]
    public var chart: Chart?
    /// What the parts are parts of, where each is in one of the rows and no more: shares are shown then.
    public var whole: Int?
    /// A sentence below the table.
    public var remark: String?
}

/// What stands in a table.
public enum ReportCell: Hashable, Sendable {
    case figure(Figure)
    case text(String)

    /// What stands where a number is not published, in every language.
    public static let hiddenMark = ".."

    var figure: Figure? { if case .figure(let figure) = self { figure } else { nil } }

    /// The number without grouping, or the text.
    public var plainText: String {
        switch self {
        case .figure(let figure): figure.count.map(String.init) ?? Self.hiddenMark
        case .text(let text): text
        }
    }
}
