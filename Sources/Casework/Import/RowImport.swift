/// What is imported row by row: how a row is understood, and how a batch of them is saved.
protocol RowImporting {
    associatedtype Column: ImportRole
    associatedtype Row

    /// Errors: `badValue`, `badText`, `personalData`: the row is bad.
    mutating func understand(_ cells: [String], _ columns: ImportColumns<Column>) throws -> Row
    /// A row could not be understood.
    mutating func refuse(_ cells: [String], _ columns: ImportColumns<Column>) throws
    /// Saves rows in one transaction; what became of each, in their order.
    mutating func save(_ rows: [Row], isDryRun: Bool) throws -> [ImportRowOutcome]
}

/// Reads a file row by row: 100 rows a transaction, bad rows reported and good ones kept.
///
/// Memory does not grow with the file.
struct RowImport<Importer: RowImporting> {
    var importer: Importer
    let options: ImportOptions
    let listeners: ImportListeners
    private var report = ImportReport()
    private var batch: [(line: Int, bytes: [UInt8], row: Importer.Row)] = []
    private var header: [UInt8] = []
    private var separator = UInt8(ascii: ",")

    private var batchBytes = 0

    static var rowsPerTransaction: Int { 100 }
    /// Less than a commit may have, also where every row has a long text.
    static var bytesPerTransaction: Int { 1 << 20 }

    init(_ importer: Importer, _ options: ImportOptions, _ listeners: ImportListeners) {
        self.importer = importer
        self.options = options
        self.listeners = listeners
    }

    /// Errors: `badFile` for a file without the columns that are needed, or where a quote never ends: what stood before it
    /// is kept.
    mutating func run(next: @escaping () throws -> UInt8?) throws -> ImportReport {
        var reader = CSVReader(encoding: options.encoding, next: next)
        let columns = try ImportColumns<Importer.Column>(try readHeader(&reader), options.mapping)
        report.columnsLeftOut = columns.leftOut
        var isAtEnd = false
        while !isAtEnd {
            var cells: [String]?
            do {
                cells = try reader.record()
                if let cells {
                    batch.append((reader.line, reader.bytes, try importer.understand(cells, columns)))
                    batchBytes += reader.bytes.count
                } else {
                    isAtEnd = true
                }
            } catch let error as CaseworkError where error.code != .badFile {
                // What comes before it is saved first, so that everything is told in the order of the file.
                try saveBatch()
                if let cells { try importer.refuse(cells, columns) }
                try refuse(reader.line, reader.bytes, error.message)
            } catch {
                try saveBatch()
                throw error
            }
            if batch.count == Self.rowsPerTransaction || batchBytes >= Self.bytesPerTransaction || isAtEnd {
                try saveBatch()
                listeners.onProgress(report)
            }
        }
        return report
    }

    private mutating func readHeader(_ reader: inout CSVReader) throws -> [String] {
        do {
            if var titles = try reader.record() {
                header = reader.bytes
                separator = reader.separator ?? separator
                if titles[0].unicodeScalars.first == "\u{FEFF}" { titles[0].unicodeScalars.removeFirst() }
                return titles
            }
        } catch let error as CaseworkError where error.code == .badText {
            throw CaseworkError(
                .badFile,
                "the file is not in \(options.encoding.rawValue); nothing was changed: say which encoding it is in")
        }
        throw CaseworkError(.badFile, "the file is empty; nothing was changed")
    }

    private mutating func saveBatch() throws {
        if batch.isEmpty { return }
        let rows = batch
        batch.removeAll(keepingCapacity: true)
        batchBytes = 0
        let outcomes = try importer.save(rows.map(\.row), isDryRun: options.isDryRun)
        for (row, outcome) in zip(rows, outcomes) {
            switch outcome {
            case .bad(let reason):
                try refuse(row.line, row.bytes, reason)
                continue
            case .known: report.known += 1
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

    private mutating func refuse(_ line: Int, _ bytes: [UInt8], _ reason: String) throws {
        report.bad += 1
        let quoted = "\"" + reason.replacing("\"", with: "\"\"") + "\""
        let prefix = options.encoding.bytes(String(line)) + [separator] + options.encoding.bytes(quoted) + [separator]
        let titles = Array("line".utf8) + [separator] + Array("refused because".utf8) + [separator]
        try listeners.onBadRow(
            ImportBadRow(line: line, reason: reason, bytes: prefix + bytes, header: titles + header))
        listeners.onRow(ImportRowNotice(line: line, outcome: .bad(reason: reason)))
    }
}
