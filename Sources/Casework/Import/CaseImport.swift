import Merge
import Replica
import Sealing
import SyncProtocol

/// Imports a case log, row by row: 100 rows a transaction, bad rows reported and good ones kept, twice the same as once.
public struct CaseImport {
    public struct BadRow: Sendable {
        public var line: Int
        public var reason: String
    }

    public struct Report: Sendable {
        public var added = 0
        /// Rows that an earlier import has brought already.
        public var known = 0
        public var bad: [BadRow] = []
    }

    let casework: Casework
    let author: AuthorCode
    let isDryRun: Bool

    public init(_ casework: Casework, by author: AuthorCode, isDryRun: Bool = false) {
        self.casework = casework
        self.author = author
        self.isDryRun = isDryRun
    }

    static let rowsPerTransaction = 100

    /// Reads the file's bytes one by one from `next`. Errors: `badFile` for one without the columns that are needed.
    public func run(next: @escaping () throws -> UInt8?, progress: (Report) -> Void = { _ in }) throws -> Report {
        var reader = CSVReader(next: next)
        guard let header = try reader.record() else {
            throw CaseworkError(.badFile, "the file is empty; nothing was changed")
        }
        let columns = try Columns(header)
        var report = Report()
        var batch: [Row] = []
        while let fields = try reader.record() {
            do {
                batch.append(try Row(fields, columns, line: reader.line))
            } catch let error as CaseworkError {
                report.bad.append(BadRow(line: reader.line, reason: error.message))
            }
            if batch.count == Self.rowsPerTransaction {
                try save(batch, &report)
                batch.removeAll(keepingCapacity: true)
                progress(report)
            }
        }
        try save(batch, &report)
        return report
    }

    private func save(_ rows: [Row], _ report: inout Report) throws {
        if rows.isEmpty { return }
        let key = try casework.replica.referenceNumberKey()
        var outcome = (added: 0, known: 0)
        func body(_ tx: WriteTransaction) throws {
            outcome = (0, 0)
            let numbers = NumberSource(tx, key: key)
            for row in rows {
                let gone = try tx.snapshot.query("SELECT 1 FROM lugn_tombstone WHERE id = ?", [.reference(row.id)]) {
                    _ in true
                }
                if try !gone.isEmpty || tx.snapshot.fetch(CaseworkSchema.Cases.collection, row.id) != nil {
                    outcome.known += 1
                    continue
                }
                outcome.added += 1
                if isDryRun { continue }
                let (id, _) = try casework.insert(
                    row.fields, id: row.id, channel: row.channel, by: row.author ?? author, note: row.note, at: row.at,
                    numbers, tx)
                if row.isClosed {
                    try tx.update(CaseworkSchema.Cases.collection, id) { fields in
                        fields[CaseworkSchema.Cases.status] = CaseStatus.closed.rawValue
                        fields[CaseworkSchema.Cases.closedAt] = row.at
                        fields[CaseworkSchema.Cases.closedBy] = (row.author ?? author).text
                        fields[CaseworkSchema.Cases.closingReason] = ClosingReason.finished.rawValue
                    }
                }
            }
        }
        try casework.replica.write { try body($0) }
        report.added += outcome.added
        report.known += outcome.known
    }
}

/// Which column of the file holds what, by header names in Swedish or English.
struct Columns {
    enum Name: String, CaseIterable { case date, caller, concern, age, channel, language, status, note, by }

    private static let names: [String: Name] = [
        "date": .date, "datum": .date, "caller": .caller, "uppringare": .caller, "concern": .concern, "oro": .concern,
        "age": .age, "ålder": .age, "channel": .channel, "kanal": .channel, "language": .language, "språk": .language,
        "status": .status, "note": .note, "anteckning": .note, "by": .by, "av": .by,
    ]

    let index: [Name: Int]

    init(_ header: [String]) throws {
        var index: [Name: Int] = [:]
        for (place, title) in header.enumerated() {
            let plain = title.replacing("\u{FEFF}", with: "").lowercased().filter { !$0.isWhitespace }
            if let name = Self.names[plain] { index[name] = place }
        }
        guard index[.date] != nil else {
            throw CaseworkError(
                .badFile, "the file's first line names no column for the date (date or datum); nothing was changed")
        }
        self.index = index
    }

    func value(_ name: Name, _ fields: [String]) -> String? {
        guard let place = index[name], place < fields.count, !fields[place].isEmpty else { return nil }
        return fields[place]
    }
}

/// One row, understood.
struct Row {
    let id: RecordID
    let at: Timestamp
    let fields: CaseFields
    let channel: Channel
    let author: AuthorCode?
    let note: String?
    let isClosed: Bool

    init(_ values: [String], _ columns: Columns, line: Int) throws {
        guard let text = columns.value(.date, values), let date = CalendarDate(text) else {
            throw CaseworkError(.badValue, "the date is missing or not of the form 2017-02-01")
        }
        at = Timestamp(milliseconds: Self.noon(date))
        let concerns = try columns.value(.concern, values)?.split(whereSeparator: { ",+/ ".contains($0) }).map {
            try Concern(word: String($0))
        }
        fields = CaseFields(
            caller: try columns.value(.caller, values).map { try Caller(word: $0) }, concerns: concerns.map { Set($0) },
            age: try columns.value(.age, values).map { try AgeBand(word: $0) },
            language: try columns.value(.language, values).map { try LanguageTag($0) })
        channel = try columns.value(.channel, values).map { try Channel(word: $0) } ?? .phone
        author = try columns.value(.by, values).map { try AuthorCode($0) }
        note = columns.value(.note, values)
        if let note, note.utf8.count > Casework.noteBytes { throw CaseworkError(.badText, "the note is too long") }
        isClosed = try columns.value(.status, values).map { try CaseStatus(word: $0) } == .closed
        // The same row gives the same id, at every desk and every time: importing it again changes nothing.
        let content = "\(line)\u{0}" + values.joined(separator: "\u{0}")
        let hash = Blake2b.hash(Array(content.utf8), count: 16)
        func word(_ start: Int) -> UInt64 { hash[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) } }
        id = RecordID(milliseconds: at.milliseconds, randomHigh: word(0), randomLow: word(8))
    }

    /// Noon in UTC: a day without a time is the same day in every time zone of Europe.
    private static func noon(_ date: CalendarDate) -> Int64 {
        let shifted = date.month <= 2 ? date.year - 1 : date.year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1
        let days = era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
        return Int64(days) * 86_400_000 + 43_200_000
    }
}
