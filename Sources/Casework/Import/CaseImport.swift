import Replica
import SQLite

/// Imports a case log: 100 rows a transaction, bad rows reported and good ones kept, twice the same as once.
///
/// Memory does not grow with the file. An import that is stopped, at any moment, is taken up by running it again.
public struct CaseImport {
    public struct BadRow: Sendable {
        public var line: Int
        /// Names the column, never what stands in it.
        public var reason: String
    }

    public struct Report: Sendable {
        public var added = 0
        /// Rows that an earlier import has brought already.
        public var known = 0
        public var bad = 0
        /// Titles of columns that have no place in a case, and were not taken over.
        public var columnsLeftOut: [String] = []
    }

    let casework: Casework
    let author: AuthorCode
    let isDryRun: Bool

    /// - Parameter author: of rows that do not say by whom they were written.
    public init(_ casework: Casework, by author: AuthorCode, isDryRun: Bool = false) {
        self.casework = casework
        self.author = author
        self.isDryRun = isDryRun
    }

    static let rowsPerTransaction = 100

    /// Reads the file's bytes one by one from `next`.
    ///
    /// Errors: `badFile` for one without the columns that are needed, or where a quote never ends: what stood before it
    /// is kept.
    public func run(
        next: @escaping () throws -> UInt8?, onBadRow: (BadRow) -> Void = { _ in },
        onProgress: (Report) -> Void = { _ in }
    ) throws -> Report {
        var reader = CSVReader(next: next)
        let columns = try ImportColumns(try header(&reader))
        let key = try casework.replica.referenceNumberKey()
        let identity = try ImportIdentity(key: key)
        let watch = try casework.textGuard()
        let today = try casework.replica.read { StockholmTime.local(try casework.now($0)).date }
        var report = Report()
        report.columnsLeftOut = columns.leftOut
        var batch: [(ImportRow, [ImportIdentity.IDs])] = []
        var isAtEnd = false
        while !isAtEnd {
            do {
                if let cells = try reader.record() {
                    let row = try ImportRow(cells, columns)
                    if let note = row.note { try watch.check(MarkedText(note), by: row.author ?? author, on: today) }
                    batch.append((row, try identity.ids(row)))
                } else {
                    isAtEnd = true
                }
            } catch let error as CaseworkError where error.code != .badFile {
                report.bad += 1
                onBadRow(BadRow(line: reader.line, reason: error.message))
            } catch {
                try save(batch, key, &report)
                throw error
            }
            if batch.count == Self.rowsPerTransaction || isAtEnd {
                try save(batch, key, &report)
                batch.removeAll(keepingCapacity: true)
                onProgress(report)
            }
        }
        return report
    }

    private func header(_ reader: inout CSVReader) throws -> [String] {
        do {
            if let header = try reader.record() { return header }
        } catch let error as CaseworkError where error.code == .badText {
            throw CaseworkError(.badFile, "the file is not in UTF-8; nothing was changed: save it as UTF-8")
        }
        throw CaseworkError(.badFile, "the file is empty; nothing was changed")
    }

    private func save(_ batch: [(ImportRow, [ImportIdentity.IDs])], _ key: [UInt8]?, _ report: inout Report) throws {
        if batch.isEmpty { return }
        let added = try casework.replica.write { transaction in
            let numbers = NumberSource(transaction, key: key)
            let watch = try TextGuard(transaction.snapshot)
            var added = 0
            for (row, ids) in batch where try !ids.contains(where: { try isKnown($0, transaction) }) {
                added += 1
                if !isDryRun { try insert(row, ids[0], numbers, watch, transaction) }
            }
            return added
        }
        report.added += added
        report.known += batch.count - added
    }

    /// What was erased stays so: an import does not bring it back.
    private func isKnown(_ ids: ImportIdentity.IDs, _ transaction: WriteTransaction) throws -> Bool {
        try !transaction.snapshot.query(
            "SELECT 1 FROM cases WHERE id = ?1 UNION ALL SELECT 1 FROM lugn_tombstone WHERE id = ?1",
            [.reference(ids.record)]
        ) { _ in true }.isEmpty
    }

    private func insert(
        _ row: ImportRow, _ ids: ImportIdentity.IDs, _ numbers: NumberSource, _ watch: TextGuard,
        _ transaction: WriteTransaction
    ) throws {
        let writing = Writing(
            transaction, by: row.author ?? author, at: try casework.now(transaction), textGuard: watch)
        // Nobody knows the opening hours of that time.
        try casework.insert(
            row.fields, ids: (ids.record, ids.contact, ids.note), contact: ContactFields(channel: row.channel),
            note: row.note.map { MarkedText($0) }, at: row.date.moment, isTimeKnown: false, closedAt: row.closedAt,
            numbers, writing)
    }
}
