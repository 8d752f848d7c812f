extension ReportDocument {
    /// One page.
    public var html: String { "" }
}
