import Support

/// What is imported row by row: how a row is understood, and how a batch of them is saved.
protocol RowImporting {
    associatedtype Column: ImportRole
    associatedtype Row

    /// - Returns: rows that can be saved now: this one, none where it has to wait for another, or those that waited for it.
    ///
    /// Errors: `badValue`, `badText`, `personalData`: the row is bad; ``KnownRow``.
    mutating func understand(
        _ row: ImportSheet<Column>.Row, _ columns: ImportColumns<Column>
    ) throws -> [(ImportSheet<Column>.Row, Row)]
    /// Saves rows in one transaction; what became of each, in their order.
    mutating func save(_ rows: [Row], isDryRun: Bool) throws -> [ImportRowOutcome]
}

/// A row that was taken over before, of a case that waits: it goes to the refused ones, which hold the case as a whole.
struct KnownRow: Error {
    let reason: Message
}

/// Saves a file row by row: 100 rows a transaction, bad rows reported and good ones kept.
struct RowImport<Importer: RowImporting> {
    private typealias Sheet = ImportSheet<Importer.Column>

    var importer: Importer
    private let options: ImportOptions
    private let layout: ImportLayout
    private let listeners: ImportListeners
    private var report = ImportReport()
    private var batch: [(row: ImportSheet<Importer.Column>.Row, understood: Importer.Row)] = []
    private var batchBytes = 0
    private var rejects = RejectedRows()

    static var rowsPerTransaction: Int { 100 }
    /// Less than a commit may have, also where every row has a long text.
    static var bytesPerTransaction: Int { 256 << 10 }

    init(_ importer: Importer, _ options: ImportOptions, _ layout: ImportLayout, _ listeners: ImportListeners) {
        self.importer = importer
        self.options = options
        self.layout = layout
        self.listeners = listeners
    }

    /// Errors: those of ``ImportSheet``. What was saved until then is kept.
    mutating func run(_ bytes: ImportBytes) throws -> ImportReport {
        var sheet = try Sheet(bytes, layout, options.mapping)
        let columns = sheet.columns
        report.columnsLeftOut = columns.leftOut
        report.encoding = layout.encoding
        report.dateFormat = layout.dateFormat.description
        rejects = RejectedRows(columns, header: sheet.header, separator: sheet.separator)
        do {
            while let row = try sheet.next() {
                do {
                    for (row, understood) in try importer.understand(row, columns) {
                        batch.append((row, understood))
                        batchBytes += row.fields.reduce(0) { $0 + $1.count }
                    }
                } catch let known as KnownRow {
                    try saveBatch(columns)
                    try refuse(row, known.reason, isKnown: true)
                } catch let error as CaseworkError where error.code != .badFile {
                    // What comes before it is saved first, so that everything is told in the order of the file.
                    try saveBatch(columns)
                    try refuse(row, error.told)
                }
                if batch.count >= Self.rowsPerTransaction || batchBytes >= Self.bytesPerTransaction {
                    try saveBatch(columns)
                    listeners.onProgress(report)
                }
            }
        } catch {
            try saveBatch(columns)
            throw error
        }
        try saveBatch(columns)
        listeners.onProgress(report)
        return report
    }

    private mutating func saveBatch(_ columns: ImportColumns<Importer.Column>) throws {
        if batch.isEmpty { return }
        let rows = batch
        batch.removeAll(keepingCapacity: true)
        batchBytes = 0
        let outcomes = try importer.save(rows.map(\.understood), isDryRun: options.isDryRun)
        for ((row, _), outcome) in zip(rows, outcomes) {
            switch outcome {
            case .bad(let reason):
                try refuse(row, reason)
                continue
            case .known:
                report.known += 1
                if columns.isMending { report.knownMended += 1 }
            case .newCase:
                report.added += 1
                report.cases += 1
            case .contact(let differing):
                report.added += 1
                if !differing.isEmpty { report.differing += 1 }
            case .contactWithoutCase, .newEntry: report.added += 1
            }
            listeners.onRow(ImportRowNotice(line: row.line, outcome: outcome))
        }
    }

    private mutating func refuse(_ row: Sheet.Row, _ told: Message, isKnown: Bool = false) throws {
        let reason = options.words(told)
        if isKnown { report.known += 1 } else { report.bad += 1 }
        try listeners.onBadRow(
            ImportBadRow(
                line: row.line, reason: reason, isKnown: isKnown,
                bytes: rejects.line(row.fields, line: row.line, reason: reason), header: rejects.header))
        listeners.onRow(ImportRowNotice(line: row.line, outcome: isKnown ? .known : .bad(reason: told)))
    }
}
