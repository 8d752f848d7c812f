import Replica

/// Imports a case log: 100 rows a transaction, bad rows reported and good ones kept, twice the same as once.
///
/// Each row is a contact. Without a column for the case, each opens a case of its own. With one, the first row of a case
/// opens it and says what it is, and the rows that follow are further contacts of it. A row of the kind `withoutCase`
/// belongs to none.
///
/// Memory does not grow with the file. An import that is stopped, at any moment, is taken up by running it again. Texts
/// have to pass the personal data guard.
public struct CaseImport {
    let casework: Casework
    let author: AuthorCode
    let options: ImportOptions

    /// - Parameter author: of rows that do not say by whom they were written.
    public init(_ casework: Casework, by author: AuthorCode, _ options: ImportOptions = ImportOptions()) {
        self.casework = casework
        self.author = author
        self.options = options
    }

    /// Reads the file's bytes one by one from `next`.
    ///
    /// Errors: `badFile` for one without the columns that are needed, or where a quote never ends: what stood before it
    /// is kept.
    public func run(
        listeners: ImportListeners = ImportListeners(), next: @escaping () throws -> UInt8?
    ) throws -> ImportReport {
        var run = RowImport(try CaseLogImporter(casework, author), options, listeners)
        return try run.run(next: next)
    }
}
