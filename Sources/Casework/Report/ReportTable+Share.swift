extension ReportTable {
    /// What the column of shares is called; nil where there is none.
    public func shareHeading(_ language: ReportLanguage) -> String? {
        whole == nil ? nil : ReportWords(language: language).label("share", "column")
    }

    /// The row's part of the whole; nil where it is not shown.
    public func share(_ row: Row, _ language: ReportLanguage) -> String? {
        guard let whole, let count = row.cells.first?.figure?.count else { return nil }
        return language.percentage(count, of: whole)
    }
}
