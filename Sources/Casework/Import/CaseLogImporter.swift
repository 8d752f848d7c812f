import Merge
import Replica
import Support

/// Understands and saves the rows of a case log, as its survey has judged them.
struct CaseLogImporter: RowImporting {
    typealias SheetRow = ImportSheet<CaseColumn>.Row

    let casework: Casework
    let author: AuthorCode
    let key: [UInt8]?
    let identity: ImportIdentity
    private let survey: CaseLogSurvey
    private let days: ImportDay
    /// Rows that stand before the one that opens their case, by its line.
    private var held: [Int: [(SheetRow, CaseLogRow)]] = [:]

    init(
        _ casework: Casework, _ author: AuthorCode, _ identity: ImportIdentity, _ survey: CaseLogSurvey,
        _ days: ImportDay
    ) throws {
        self.casework = casework
        self.author = author
        self.identity = identity
        self.survey = survey
        self.days = days
        key = try casework.replica.referenceNumberKey()
    }

    mutating func understand(
        _ row: SheetRow, _ columns: ImportColumns<CaseColumn>
    ) throws -> [(SheetRow, CaseLogRow)] {
        switch survey.verdict(line: row.line) {
        case .refused(let reason): throw CaseworkError(.badValue, reason)
        case .waits(let reason, let isKnown):
            if isKnown { throw KnownRow(reason: .words("import.knownWaits", ["reason": reason])) }
            throw CaseworkError(.badValue, reason)
        case .taken(let opensCase, let openedOn):
            let understood = CaseLogRow(
                row: try ImportRow(row.cells, columns, days, identity), opensCase: opensCase)
            if let openedOn, row.line < openedOn {
                held[openedOn, default: []].append((row, understood))
                return []
            }
            return [(row, understood)] + (held.removeValue(forKey: row.line) ?? [])
        }
    }

    mutating func save(_ rows: [CaseLogRow], isDryRun: Bool) throws -> [ImportRowOutcome] {
        try casework.replica.write { transaction in
            let saving = CaseLogSaving(
                importer: self, transaction: transaction, numbers: NumberSource(transaction, key: key),
                isDryRun: isDryRun)
            return try rows.map { try saving.save($0) }
        }
    }
}

/// A row, and whether its case is made of it.
struct CaseLogRow {
    let row: ImportRow
    let opensCase: Bool
}
