import Merge
import Replica
import SQLite
import Support

/// Looks at a case log as a whole before any of it is saved: which rows are refused, and which cases wait because of one.
final class CaseLogSurvey {
    enum Verdict {
        /// - Parameters:
        ///   - opensCase: whether the case is made of this row.
        ///   - openedOn: the line of the row that its case is made of, where that is in this file.
        case taken(opensCase: Bool, openedOn: Int?)
        case refused(reason: Message)
        case waits(reason: Message, isKnown: Bool)
    }

    private let casework: Casework
    private let author: AuthorCode
    private let options: ImportOptions
    private let layout: ImportLayout
    private let identity: ImportIdentity
    private let watch: TextGuard
    private let waiting: WaitingCases

    /// By the lines that rows begin on.
    private var refusals: [Int: Message] = [:]
    private var cases: [ImportIdentity.Name: SurveyedCase] = [:]
    private var caseOfLine: [Int: ImportIdentity.Name] = [:]
    private var naming: LogNaming
    private var warned: [Int] = []
    private var known: Set<Int> = []
    private var isMending = false

    private static let rowsPerRead = 100

    init(
        _ casework: Casework, _ author: AuthorCode, _ options: ImportOptions, _ layout: ImportLayout,
        _ identity: ImportIdentity
    ) throws {
        self.casework = casework
        self.author = author
        self.options = options
        self.layout = layout
        self.identity = identity
        watch = try casework.textGuard()
        waiting = try WaitingCases(beside: casework.replica.path)
        naming = try LogNaming(options.log, key: try casework.replica.referenceNumberKey())
    }

    func verdict(line: Int) -> Verdict {
        if let reason = refusals[line] { return .refused(reason: reason) }
        guard let name = caseOfLine[line], let found = cases[name] else {
            return .taken(opensCase: true, openedOn: nil)
        }
        if let reason = found.waitsBecause {
            return .waits(reason: reason, isKnown: found.rows.contains { $0.line == line && $0.isKnown })
        }
        return .taken(opensCase: found.opening == line, openedOn: found.opening)
    }

    /// Of new rows that can be taken: those whose text has what looks like personal data.
    var warnedLines: [Int] {
        warned.filter { line in
            guard case .taken = verdict(line: line) else { return false }
            return !known.contains(line)
        }
    }

    /// Errors: `badFile`.
    func run(_ bytes: ImportBytes) throws {
        var sheet = try ImportSheet<CaseColumn>(bytes, layout, options.mapping)
        isMending = sheet.columns.isMending
        var batch: [(line: Int, row: ImportRow)] = []
        while let row = try sheet.next() {
            do {
                batch.append((row.line, try understand(row, sheet.columns)))
            } catch let error as CaseworkError where error.code != .badFile {
                refuse(row, sheet.columns, error.told)
            }
            if batch.count == Self.rowsPerRead { try look(&batch) }
        }
        try look(&batch)
        try casework.replica.read { snapshot in
            for name in cases.keys { try judge(name, snapshot) }
        }
        try naming.check()
    }

    private func understand(
        _ row: ImportSheet<CaseColumn>.Row, _ columns: ImportColumns<CaseColumn>
    ) throws -> ImportRow {
        if let fault = row.fault { throw CaseworkError(.badText, fault) }
        let understood = try ImportRow(row.cells, columns, layout.days, identity)
        if let note = understood.note {
            let found = try watch.check(MarkedText(note), by: understood.author ?? author, on: layout.today)
            if !found.warnings.isEmpty { warned.append(row.line) }
        }
        return understood
    }

    /// The case of a refused row waits. Where it is not sure which cell is which, any cell may be its key.
    private func refuse(
        _ row: ImportSheet<CaseColumn>.Row, _ columns: ImportColumns<CaseColumn>, _ reason: Message
    ) {
        refusals[row.line] = reason
        let keys = row.isAligned ? [columns.value(.key, row.cells)].compactMap { $0 } : Set(row.cells).sorted()
        let day = columns.value(.date, row.cells).flatMap { ImportDate($0, format: layout.dateFormat) }?.day
        for key in keys {
            let name = identity.names(ofKey: ImportMapping.trimmed(key))[0]
            var found = cases[name] ?? SurveyedCase(key: ImportMapping.trimmed(key))
            if found.refusedLine == nil { found.refusedLine = row.line }
            if row.isAligned { found.add(day: day) }
            cases[name] = found
            if row.isAligned { caseOfLine[row.line] = name }
        }
    }

    /// What the rows say is held against what is here.
    private func look(_ batch: inout [(line: Int, row: ImportRow)]) throws {
        if batch.isEmpty { return }
        let rows = batch
        batch.removeAll(keepingCapacity: true)
        try casework.replica.read { snapshot in
            for (line, row) in rows {
                let isKnown = try snapshot.isKnown(
                    CaseworkSchema.Contacts.collection, identity.ids("contact", row))
                try naming.look(row, isKnown: isKnown, snapshot)
                if isKnown { known.insert(line) }
                var reason: Message?
                if !isKnown { reason = try CaseLogSaving.reasonAgainst(row, snapshot) }
                refusals[line] = reason
                guard let key = row.key else { continue }
                let name = identity.names(ofKey: key)[0]
                caseOfLine[line] = name
                var found = cases[name] ?? SurveyedCase(key: key)
                found.add(day: row.date.day)
                if reason != nil, found.refusedLine == nil { found.refusedLine = line }
                found.rows.append(SurveyedCase.Row(row, line: line, isKnown: isKnown))
                cases[name] = found
            }
        }
    }

    // MARK: A case as a whole

    private func judge(_ name: ImportIdentity.Name, _ snapshot: borrowing Snapshot) throws {
        guard var found = cases[name], found.rowCount > 0 else { return }
        let here = try identity.keyedCase(identity.names(ofKey: found.key), snapshot.connection)
        naming.meet(here, hasKnownRow: found.rows.contains(where: \.isKnown), line: found.rows.first?.line)
        let refusal: (line: Int, reason: Message)?
        if case .here(let id) = here {
            refusal = try found.contradiction(
                openedOn: Self.openedAt(id, snapshot).map { layout.clock.day($0) },
                isShredded: Self.isShredded(id, snapshot))
        } else if here == nil {
            refusal = found.settleOpening()
        } else {
            refusal = nil
        }
        if let refusal {
            refusals[refusal.line] = refusal.reason
            if found.refusedLine == nil { found.refusedLine = refusal.line }
        }
        if let line = found.refusedLine {
            found.waitsBecause = .words("import.waits", ["line": "\(line)"])
        } else if here == nil, !options.leavesOutWaitingRows,
            try !waiting.isWhole(identity.names(ofKey: found.key), found, isMending: isMending)
        {
            found.waitsBecause = .words("import.waitsSince")
        }
        cases[name] = found
    }

    private static func openedAt(_ id: RecordID, _ snapshot: borrowing Snapshot) throws -> Timestamp? {
        typealias Contacts = CaseworkSchema.Contacts
        return try snapshot.records(
            Contacts.collection, where: "parent = ? AND kind = 'opening' ORDER BY at, id LIMIT 1", [.reference(id)]
        ).first?[Contacts.at]
    }

    private static func isShredded(_ id: RecordID, _ snapshot: borrowing Snapshot) throws -> Bool {
        try snapshot.fetch(CaseworkSchema.Cases.collection, id)?[CaseworkSchema.Cases.shreddedAt] != nil
    }

    /// Remembers which cases wait, and that others do no longer.
    func settleWaiting() throws {
        try waiting.change {
            for (name, found) in cases where found.rowCount > 0 {
                if found.waitsBecause == nil { try waiting.forget(name) } else { try waiting.remember(name, found) }
            }
        }
    }
}
