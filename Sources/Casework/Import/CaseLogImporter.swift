import Merge
import Replica

/// Understands and saves the rows of a case log.
struct CaseLogImporter: RowImporting {
    let casework: Casework
    let author: AuthorCode
    let key: [UInt8]?
    let identity: ImportIdentity
    let watch: TextGuard
    /// On which texts are judged.
    let today: CalendarDate

    init(_ casework: Casework, _ author: AuthorCode) throws {
        self.casework = casework
        self.author = author
        key = try casework.replica.referenceNumberKey()
        identity = try ImportIdentity(key: key)
        watch = try casework.textGuard()
        today = try casework.currentDay()
    }

    mutating func understand(_ cells: [String], _ columns: ImportColumns<CaseColumn>) throws -> ImportRow {
        var row = try ImportRow(cells, columns)
        if let note = row.note { try watch.check(MarkedText(note), by: row.author ?? author, on: today) }
        row.content = try identity.content(cells, columns)
        return row
    }

    mutating func refuse(_ cells: [String], _ columns: ImportColumns<CaseColumn>) throws {
        guard let key = columns.value(.key, cells) else { return }
        let names = names(ofKey: key)
        // The rows that follow must not take its place.
        let found = try casework.replica.read { try identity.keyedCase(names, $0.connection) }
        if found == nil { try identity.rememberRefusal(names[0]) }
    }

    mutating func save(_ rows: [ImportRow], isDryRun: Bool) throws -> [ImportRowOutcome] {
        try casework.replica.write { transaction in
            let saving = CaseLogSaving(
                importer: self, transaction: transaction, numbers: NumberSource(transaction, key: key),
                isDryRun: isDryRun)
            return try rows.map { try saving.save($0) }
        }
    }

    func names(ofKey key: String) -> [ImportIdentity.Name] { identity.names("case of", Array(key.utf8)) }
}
