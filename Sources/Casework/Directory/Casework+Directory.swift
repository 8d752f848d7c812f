public import Merge
public import Replica

extension Casework {
    /// Entries in the order of their names.
    ///
    /// Cost: a read of the directory, which has hundreds of entries; words are compared in Swift, where Å is a letter.
    public func directory(_ filter: DirectoryFilter = DirectoryFilter()) throws -> [DirectoryEntry] {
        try replica.read { snapshot in
            let months = try LineSettings(snapshot).verificationMonths
            let today = try today(snapshot)
            return try Self.entries(snapshot).filter { entry in
                filter.holds(for: entry) && (!filter.isDue || !entry.isVerified(on: today, months: months))
            }
        }
    }

    /// One entry. Errors: `unknownItem`, `ambiguousItem`.
    public func directoryEntry(_ item: ItemReference) throws -> DirectoryEntry {
        try replica.read { try Self.entry(item, $0) }
    }

    /// Adds an organisation. It is not verified yet: nobody is referred to it before somebody has been reached there.
    ///
    /// Errors: `badValue` without a name; those of ``TextGuard/check(_:named:by:on:)``.
    @discardableResult
    public func addToDirectory(_ fields: DirectoryFields, by author: AuthorCode) throws -> RecordID {
        typealias Directory = CaseworkSchema.Directory
        guard let name = fields.name, !name.text.allSatisfy(\.isWhitespace) else {
            throw CaseworkError(.badValue, "directory.nameMissing")
        }
        return try change(by: author) { writing in
            let watch = try watch(fields, nil, writing)
            return try writing.transaction.insert(Directory.collection) { row in
                try fields.write(to: &row, exemptions: nil, watch, by: author, on: writing.today)
                row[Directory.at] = writing.now
                row[Directory.by] = author.text
            }
        }
    }

    /// Changes what is given. Errors: `badValue`, `unknownItem`, and those of texts.
    ///
    /// - Parameter basis: the entry as it was looked at; nil for what stands now.
    public func editDirectory(
        _ item: ItemReference, _ fields: DirectoryFields, by author: AuthorCode, basedOn basis: EditBasis? = nil
    ) throws {
        typealias Directory = CaseworkSchema.Directory
        guard !fields.isEmpty, fields.name.map({ !$0.text.allSatisfy(\.isWhitespace) }) ?? true else {
            throw CaseworkError(.badValue, "directory.nothingGiven")
        }
        try change(by: author, basedOn: basis) { writing in
            let record = try Self.entryRecord(item, writing.transaction.snapshot)
            let watch = try watch(fields, record, writing)
            try writing.transaction.update(Directory.collection, record.id) { row in
                try fields.write(
                    to: &row, exemptions: record[Directory.exemptions], watch, by: author, on: writing.today)
            }
        }
    }

    /// Its own number and address may stand in what it offers.
    private func watch(_ fields: DirectoryFields, _ record: Record?, _ writing: Writing) throws -> TextGuard {
        typealias Directory = CaseworkSchema.Directory
        return try TextGuard(
            writing.transaction.snapshot,
            extraTelephoneNumbers: [fields.phone ?? record?[Directory.phone]].compactMap { $0 },
            extraAddresses: [fields.email ?? record?[Directory.email]].compactMap { $0 })
    }

    /// Takes an entry out of use, or back into it. It stays for the referrals that were made.
    ///
    /// Errors: `alreadyDone`, `unknownItem`, `ambiguousItem`.
    public func setRetired(_ item: ItemReference, _ isRetired: Bool) throws {
        typealias Directory = CaseworkSchema.Directory
        try replica.write { tx in
            let record = try Self.entryRecord(item, tx.snapshot)
            guard (record[Directory.isRetired] ?? false) != isRetired else {
                throw CaseworkError(
                    .alreadyDone, isRetired ? "directory.retiredAlready" : "directory.inUseAlready")
            }
            try tx.update(Directory.collection, record.id) { $0[Directory.isRetired] = isRetired }
        }
    }

    /// Records that somebody has called there.
    ///
    /// - Parameter day: nil for today; not later.
    ///
    /// Errors: `badValue`, `unknownItem`, `ambiguousItem`.
    public func verify(
        _ item: ItemReference, _ result: VerificationResult = .confirmed, on day: CalendarDate? = nil,
        by author: AuthorCode
    ) throws {
        typealias Verifications = CaseworkSchema.Verifications
        try change(by: author) { writing in
            let record = try Self.entryRecord(item, writing.transaction.snapshot)
            guard day ?? writing.today <= writing.today else {
                throw CaseworkError(.badValue, "directory.verifiedInFuture")
            }
            try writing.transaction.add(Verifications.collection, parent: record.id) { row in
                row[Verifications.on] = day ?? writing.today
                row[Verifications.result] = result.rawValue
                row[Verifications.by] = author.text
            }
        }
    }

    // MARK: Reading

    static func entryRecord(_ item: ItemReference, _ snapshot: borrowing Snapshot) throws -> Record {
        try ItemReference.pick(
            item, of: snapshot.records(CaseworkSchema.Directory.collection), "entry",
            named: CaseworkSchema.Directory.name)
    }

    static func entry(_ item: ItemReference, _ snapshot: borrowing Snapshot) throws -> DirectoryEntry {
        let record = try entryRecord(item, snapshot)
        return DirectoryEntry(
            record, try verifications(of: record.id, snapshot)[record.id] ?? [],
            try reminders(of: record.id, snapshot)[record.id] ?? [])
    }

    static func entries(_ snapshot: borrowing Snapshot) throws -> [DirectoryEntry] {
        let histories = try verifications(snapshot)
        let reminders = try reminders(snapshot)
        return try snapshot.records(CaseworkSchema.Directory.collection, where: "1 ORDER BY name, id")
            .map { DirectoryEntry($0, histories[$0.id] ?? [], reminders[$0.id] ?? []) }
            .sorted { SwedishOrder.isBefore($0.name, $1.name) }
    }

    /// By entry, the latest first; of two on one day, the one recorded later.
    private static func verifications(
        of entry: RecordID? = nil, _ snapshot: borrowing Snapshot
    ) throws -> [RecordID: [DirectoryEntry.Verification]] {
        typealias Verifications = CaseworkSchema.Verifications
        let condition = entry == nil ? "parent IS NOT NULL" : "parent = ?"
        var result: [RecordID: [DirectoryEntry.Verification]] = [:]
        for record in try snapshot.records(
            Verifications.collection, where: "\(condition) ORDER BY verified_on DESC, id DESC",
            entry.map { [.reference($0)] } ?? [])
        {
            guard let parent = record.parent, let on = record[Verifications.on] else { continue }
            result[parent, default: []].append(
                DirectoryEntry.Verification(
                    on: on, result: record[Verifications.result] ?? "", by: record[Verifications.by] ?? ""))
        }
        return result
    }

    /// By entry, the latest first.
    private static func reminders(
        of entry: RecordID? = nil, _ snapshot: borrowing Snapshot
    ) throws -> [RecordID: [DirectoryEntry.Reminder]] {
        typealias Reminders = CaseworkSchema.Reminders
        let condition = entry == nil ? "parent IS NOT NULL" : "parent = ?"
        var result: [RecordID: [DirectoryEntry.Reminder]] = [:]
        for record in try snapshot.records(
            Reminders.collection, where: "\(condition) ORDER BY sent_on DESC, id DESC",
            entry.map { [.reference($0)] } ?? [])
        {
            guard let parent = record.parent, let on = record[Reminders.on] else { continue }
            result[parent, default: []].append(
                .init(on: on, address: record[Reminders.address] ?? "", by: record[Reminders.by] ?? ""))
        }
        return result
    }
}
