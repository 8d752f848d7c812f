import Casework

/// The import of a case log or a directory, as a dry run over a workstation's file: every row is taken or reported, the
/// line that is named is a line of the file, and no report holds what stands in a cell.
struct CSVHarness: Sendable {
    enum Content { case caseLog, directory }

    /// Nothing but a file's content says this.
    private static let marker = "ZQX7"

    private let folder: ScratchFolder
    private let casework: Casework
    private let author: AuthorCode
    private let content: Content

    init(_ content: Content) throws {
        self.content = content
        folder = try ScratchFolder()
        casework = try Casework(path: folder.path + "/replica.db")
        author = try AuthorCode("S9")
    }

    @Sendable func run(_ bytes: [UInt8]) throws {
        var bad: [ImportBadRow] = []
        var options = ImportOptions()
        options.isDryRun = true
        var listeners = ImportListeners()
        listeners.onBadRow = { bad.append($0) }
        let records = CSVReference.records(bytes)?.count
        let lines = bytes.reduce(1) { $0 + ($1 == UInt8(ascii: "\n") || $1 == UInt8(ascii: "\r") ? 1 : 0) }
        do {
            let report = try run(options, listeners, ImportBytes(bytes))
            try hold(report.bad == bad.count, "bad rows are counted differently than they are reported")
            if report.encoding == .utf8, !bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
                try hold(
                    report.added + report.known + report.bad == (records ?? 0) - 1,
                    "a row was neither taken nor reported")
            }
            // A directory may name one entry twice; each row of a case log is a contact of its own.
            let isKnown = report.known > 0 && (content == .caseLog || report.added == 0)
            try hold(!isKnown, "a row is known that was never imported")
        } catch let error as CaseworkError {
            try hold(error.code == .badFile, "a file is refused for another reason than being none")
        }
        for row in bad {
            try hold((2...max(2, lines)).contains(row.line), "a report names a line that the file does not have")
            try hold(!row.reason.contains(Self.marker), "a report holds what stands in a cell")
        }
    }

    private func run(
        _ options: ImportOptions, _ listeners: ImportListeners, _ bytes: ImportBytes
    ) throws -> ImportReport {
        switch content {
        case .caseLog: try CaseImport(casework, by: author, options).run(bytes, listeners: listeners)
        case .directory: try DirectoryImport(casework, by: author, options).run(bytes, listeners: listeners)
        }
    }
}
