import Merge
import Replica

/// Imports a list of contacts into the referral directory, as ``CaseImport`` does a log.
///
/// Each row is an entry. One that says what an earlier import said is known, also if the entry has been corrected since;
/// one that says anything else is an entry of its own, and nothing is overwritten.
public struct DirectoryImport {
    let casework: Casework
    let author: AuthorCode
    let options: ImportOptions

    /// - Parameter author: of rows that do not say by whom they were written.
    public init(_ casework: Casework, by author: AuthorCode, _ options: ImportOptions = ImportOptions()) {
        self.casework = casework
        self.author = author
        self.options = options
    }

    /// Errors: as `CaseImport.run`.
    public func run(_ bytes: ImportBytes, listeners: ImportListeners = ImportListeners()) throws -> ImportReport {
        let layout = try ImportLayout(bytes, options, DirectoryColumn.self, for: casework)
        var run = RowImport(try DirectoryImporter(casework, author, layout.days), options, layout, listeners)
        return try run.run(bytes)
    }

    /// As above, of bytes that `next` gives one by one; they are held in memory.
    public func run(
        listeners: ImportListeners = ImportListeners(), next: @escaping () throws -> UInt8?
    ) throws -> ImportReport { try run(ImportBytes(all: next), listeners: listeners) }
}

/// Understands and saves the rows of a list of contacts.
struct DirectoryImporter: RowImporting {
    struct Row {
        var name: String
        var kind: OrganisationKind?
        var texts: [(Field<String>, String)]
        var area: Area?
        var ages: AgeRange?
        var hasPlan: Bool?
        var source: DirectorySource?
        var verifiedOn: CalendarDate?
        var author: AuthorCode
        var content: [UInt8]
    }

    private typealias Directory = CaseworkSchema.Directory

    let casework: Casework
    let author: AuthorCode
    let identity: ImportIdentity
    let watch: TextGuard
    let days: ImportDay
    /// What a trial run would have added, so far.
    private var tried: Set<RecordID> = []

    init(_ casework: Casework, _ author: AuthorCode, _ days: ImportDay) throws {
        self.days = days
        self.casework = casework
        self.author = author
        identity = try ImportIdentity(key: try casework.replica.referenceNumberKey())
        watch = try casework.textGuard()
    }

    mutating func understand(
        _ row: ImportSheet<DirectoryColumn>.Row, _ columns: ImportColumns<DirectoryColumn>
    ) throws -> [(ImportSheet<DirectoryColumn>.Row, Row)] {
        if let fault = row.fault { throw CaseworkError(.badText, fault) }
        return [(row, try understand(row.cells, columns))]
    }

    private func understand(_ cells: [String], _ columns: ImportColumns<DirectoryColumn>) throws -> Row {
        func value(_ column: DirectoryColumn) -> String? { columns.value(column, cells) }
        guard let name = value(.name) else { throw CaseworkError(.badValue, "import.nameMissing") }
        let places: [(DirectoryColumn, Field<String>)] = [
            (.offers, Directory.offers), (.contactName, Directory.contactName), (.phone, Directory.phone),
            (.email, Directory.email),
        ]
        let texts = places.compactMap { column, field in value(column).map { (field, $0) } }
        let author = try value(.by).map { try AuthorCode($0) } ?? author
        let area = try Self.area(value(.area), county: value(.county))
        let place = area?.municipality.map { [(Directory.municipality, $0)] } ?? []
        try check([(Directory.name, name)] + place + texts, own: (value(.phone), value(.email)), author)
        var verifiedOn: CalendarDate?
        if let cell = value(.verified) {
            verifiedOn = try days.read(cell, "verified").day
        }
        return Row(
            name: name, kind: try value(.kind).flatMap { try ImportWords.choice($0, ImportWords.organisations) },
            texts: texts, area: area, ages: try value(.ages).map { try AgeRange(typed: $0) },
            hasPlan: try value(.plan).flatMap { try ImportWords.truth($0, "plan") },
            source: try value(.source).flatMap { try ImportWords.choice($0, ImportWords.sources) },
            verifiedOn: verifiedOn, author: author,
            content: ImportIdentity.content(cells, columns))
    }

    /// A place that is no municipality or county of Sweden, such as a part of a town, is taken as it stands.
    private static func area(_ cell: String?, county: String?) throws(CaseworkError) -> Area? {
        var area = cell.map { Area(known: $0) ?? Area(municipality: $0) }
        guard let county else { return area }
        guard let named = County(named: county) else {
            throw CaseworkError(.badValue, "import.county")
        }
        guard area?.county.map({ $0 == named }) ?? true else {
            throw CaseworkError(.badValue, "import.notInCounty")
        }
        area = Area(municipality: area?.municipality, county: named)
        return area
    }

    /// As when an entry is written by hand: its own number and address may stand in its texts.
    private func check(
        _ texts: [(Field<String>, String)], own: (phone: String?, email: String?), _ author: AuthorCode
    ) throws {
        for (field, text) in texts {
            guard field.definition == Directory.offers.definition || text.utf8.count <= DirectoryFields.lineBytes else {
                throw CaseworkError(
                    .badText, "import.tooLong", ["limit": "\(DirectoryFields.lineBytes)"])
            }
        }
        let contact = [Directory.contactName, Directory.phone, Directory.email].map(\.definition)
        for (field, text) in texts where !contact.contains(field.definition) {
            if try isClean(text, watch, author) { continue }
            try ownGuard(own).check(MarkedText(text), by: author, on: days.today)
        }
    }

    private func isClean(_ text: String, _ watch: TextGuard, _ author: AuthorCode) throws -> Bool {
        do {
            try watch.check(MarkedText(text), by: author, on: days.today)
            return true
        } catch {
            if error.code == .personalData { return false }
            throw error
        }
    }

    private func ownGuard(_ own: (phone: String?, email: String?)) throws -> TextGuard {
        let numbers = own.phone.map { [$0] } ?? []
        let addresses = own.email.map { [$0] } ?? []
        return try casework.replica.read {
            try TextGuard($0, extraTelephoneNumbers: numbers, extraAddresses: addresses)
        }
    }

    mutating func save(_ rows: [Row], isDryRun: Bool) throws -> [ImportRowOutcome] {
        let known = tried
        let outcomes = try casework.replica.write { transaction in
            var new: [RecordID] = []
            let outcomes = try rows.map { row -> ImportRowOutcome in
                // In no time: an entry has no day of its own.
                let ids = identity.names("directory", row.content).map { $0.id(0) }
                let isHere = try transaction.snapshot.isKnown(Directory.collection, ids)
                if isHere || ids.contains(where: { known.contains($0) || new.contains($0) }) { return .known }
                new.append(ids[0])
                if !isDryRun { try insert(row, ids[0], transaction) }
                return .newEntry
            }
            return (outcomes, new)
        }
        if isDryRun { tried.formUnion(outcomes.1) }
        return outcomes.0
    }

    private func insert(_ row: Row, _ id: RecordID, _ transaction: WriteTransaction) throws {
        let now = try casework.now(transaction)
        try transaction.insert(Directory.collection, id: id) { new in
            new[Directory.name] = row.name
            if let kind = row.kind { new[Directory.kind] = kind.rawValue }
            for (field, text) in row.texts { new[field] = text }
            if let area = row.area {
                new[Directory.municipality] = area.municipality
                new[Directory.county] = area.county?.rawValue
            }
            if let ages = row.ages {
                new[Directory.ageFrom] = ages.from.map { Int64($0) }
                new[Directory.ageTo] = ages.to.map { Int64($0) }
            }
            if let hasPlan = row.hasPlan { new[Directory.hasPlan] = hasPlan }
            if let source = row.source { new[Directory.source] = source.rawValue }
            new[Directory.at] = now
            new[Directory.by] = row.author.text
        }
        guard let day = row.verifiedOn else { return }
        typealias Verifications = CaseworkSchema.Verifications
        let verification = identity.names("verification", row.content)[0].id(Int64(day.dayNumber) * 86_400_000)
        try transaction.add(Verifications.collection, id: verification, parent: id) { new in
            new[Verifications.on] = day
            new[Verifications.result] = VerificationResult.confirmed.rawValue
            new[Verifications.by] = row.author.text
        }
    }
}
