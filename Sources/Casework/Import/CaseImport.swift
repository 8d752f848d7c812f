import Replica

/// Imports a case log: 100 rows a transaction, bad rows reported and good ones kept, twice the same as once.
///
/// Each row is a contact. Without a column for the case, each opens a case of its own. With one, the rows of a case are its
/// contacts: the row that says so opens it, else the earliest, and says what it is. A row of the kind `withoutCase`
/// belongs to none. A case of which any row is refused waits as a whole, also for later imports, until all of it is there.
///
/// The file is looked at as a whole before anything is changed. Memory holds some tens of bytes for each row, and the rows
/// whose case is opened further down. An import that is stopped, at any moment, is taken up by running it again. Texts have
/// to pass the personal data guard.
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

    /// Errors: `badFile` for a file that cannot be read for sure, has not the columns that are needed, or is of a log that must
    /// be named: nothing was changed.
    public func run(_ bytes: ImportBytes, listeners: ImportListeners = ImportListeners()) throws -> ImportReport {
        let layout = try ImportLayout(bytes, options, CaseColumn.self, for: casework)
        let identity = try ImportIdentity(
            key: try casework.replica.referenceNumberKey(), log: options.log ?? ImportOptions.mainLog)
        let survey = try CaseLogSurvey(casework, author, options, layout, identity)
        try survey.run(bytes)
        try identity.startOver()
        let importer = try CaseLogImporter(casework, author, identity, survey, layout.days)
        var run = RowImport(importer, options, layout, listeners)
        var report = try run.run(bytes)
        report.warnedLines = survey.warnedLines
        if !options.isDryRun { try survey.settleWaiting() }
        return report
    }

    /// As above, of bytes that `next` gives one by one; they are held in memory.
    public func run(
        listeners: ImportListeners = ImportListeners(), next: @escaping () throws -> UInt8?
    ) throws -> ImportReport { try run(ImportBytes(all: next), listeners: listeners) }
}
