import Merge
import Replica
import SQLite
import Support

/// Saves rows of a case log within one transaction.
struct CaseLogSaving {
    let importer: CaseLogImporter
    let transaction: WriteTransaction
    let numbers: NumberSource
    let isDryRun: Bool

    private typealias Cases = CaseworkSchema.Cases

    func save(_ understood: CaseLogRow) throws -> ImportRowOutcome {
        let row = understood.row
        let contacts = ids("contact", row)
        if try transaction.snapshot.isKnown(CaseworkSchema.Contacts.collection, contacts) { return .known }
        if row.contact == .withoutCase {
            if !isDryRun { try insertContact(row, .withoutCase, id: contacts[0], parent: nil) }
            return .contactWithoutCase
        }
        if let reason = try Self.reasonAgainst(row, transaction.snapshot) { return .bad(reason: reason) }
        guard let key = row.key else { return try saveCase(row, ids("case", row), contacts[0]) }
        let names = importer.identity.names(ofKey: key)
        switch try importer.identity.keyedCase(names, transaction.snapshot.connection) {
        case .here(let id): return try saveContact(row, contacts[0], of: id)
        case .erased: return .known
        case nil:
            // The one that opens it was refused since the file was looked at as a whole.
            guard understood.opensCase else {
                return .bad(reason: .words("import.openingRefused"))
            }
            let ids = names.map { $0.id(row.date.noonMilliseconds) }
            let outcome = try saveCase(row, ids, contacts[0])
            if outcome == .newCase { try importer.identity.remember(ids[0]) }
            return outcome
        }
    }

    // MARK: A case

    private func saveCase(_ row: ImportRow, _ ids: [RecordID], _ contact: RecordID) throws -> ImportRowOutcome {
        if try transaction.snapshot.isKnown(Cases.collection, ids) { return .known }
        if isDryRun { return .newCase }
        let author = author(row)
        try transaction.insert(Cases.collection, id: ids[0]) { new in
            new[Cases.status] = (row.closedAt == nil ? CaseStatus.open : .closed).rawValue
            new[Cases.openedAt] = row.date.moment
            new[Cases.openedBy] = author
            row.fields.write(to: &new)
            guard let closedAt = row.closedAt else { return }
            new[Cases.closedAt] = closedAt
            new[Cases.closedBy] = author
            if let reason = row.reason { new[Cases.closingReason] = reason.rawValue }
        }
        _ = try numbers.give(to: ids[0])
        try insertContact(row, .opening, id: contact, parent: ids[0])
        try insertRest(row, parent: ids[0])
        return .newCase
    }

    private func saveContact(_ row: ImportRow, _ contact: RecordID, of parent: RecordID) throws -> ImportRowOutcome {
        if isDryRun, try transaction.snapshot.fetch(Cases.collection, parent) == nil { return .contact(differing: []) }
        guard let record = try transaction.snapshot.fetch(Cases.collection, parent) else { return .known }
        let differing = differences(row, record)
        if !isDryRun {
            try insertContact(row, .repeat, id: contact, parent: parent)
            try insertRest(row, parent: parent)
        }
        return .contact(differing: differing)
    }

    /// What a further row of a case says differently of it. The case is left as it is: somebody may have corrected it.
    private func differences(_ row: ImportRow, _ record: Record) -> [String] {
        var titles: [String] = []
        if let caller = row.fields.caller, caller.rawValue != record[Cases.caller] { titles.append("caller") }
        if let concerns = row.fields.concerns,
            CaseFields.concernFields.contains(where: { concerns.contains($0.0) != (record[$0.1] ?? false) })
        {
            titles.append("concern")
        }
        if let age = row.fields.age, age.rawValue != record[Cases.age] { titles.append("age") }
        if let child = row.fields.childMadeContact, child != (record[Cases.childMadeContact] ?? false) {
            titles.append("child")
        }
        if let closedAt = row.closedAt, closedAt != record[Cases.closedAt] { titles.append("closed") }
        return titles
    }

    // MARK: What belongs to it

    private func insertContact(_ row: ImportRow, _ kind: ContactKind, id: RecordID, parent: RecordID?) throws {
        typealias Contacts = CaseworkSchema.Contacts
        try transaction.insert(Contacts.collection, id: id, parent: parent) { new in
            new[Contacts.kind] = kind.rawValue
            if let channel = row.channel { new[Contacts.channel] = channel.rawValue }
            new[Contacts.at] = row.date.moment
            new[Contacts.by] = author(row)
            if let language = row.fields.language { new[Contacts.language] = language.text }
            if let interpreting = row.interpreting { new[Contacts.interpreting] = interpreting.rawValue }
            if let request = row.request { new[Contacts.request] = request.rawValue }
            if let minutes = row.minutes { new[Contacts.minutes] = Int64(minutes) }
            if let outside = row.outsideHours { new[Contacts.outsideHours] = outside }
        }
    }

    private func insertRest(_ row: ImportRow, parent: RecordID) throws {
        if let note = row.note {
            typealias Notes = CaseworkSchema.Notes
            try transaction.add(Notes.collection, id: ids("note", row)[0], parent: parent) { new in
                new[Notes.text] = note
                new[Notes.by] = author(row)
                new[Notes.at] = row.date.moment
            }
        }
        for measure in row.measures {
            _ = try Writing.insertMeasure(
                measure.kind, .made, on: measure.on, id: ids(measure.kind.rawValue, row)[0], of: parent,
                at: row.date.moment, by: author(row), transaction)
        }
        if let followUp = row.followUp {
            typealias FollowUps = CaseworkSchema.FollowUps
            try transaction.insert(FollowUps.collection, id: ids("follow-up", row)[0], parent: parent) { new in
                new[FollowUps.kind] = followUp.kind.rawValue
                new[FollowUps.due] = followUp.due
                new[FollowUps.status] = followUp.status.rawValue
                new[FollowUps.at] = row.date.moment
                new[FollowUps.by] = author(row)
            }
        }
        if let referral = row.referral { try insertReferral(referral, row, parent: parent) }
    }

    private func insertReferral(_ referral: ImportRow.Referral, _ row: ImportRow, parent: RecordID) throws {
        typealias Referrals = CaseworkSchema.Referrals
        let entry = try referral.organisation.flatMap { try Self.entries(named: $0, transaction.snapshot).first }
        let verified = try entry.flatMap { entry in
            try transaction.snapshot.query(
                """
                SELECT max(verified_on) FROM verifications
                WHERE parent = ? AND result = 'confirmed' AND verified_on <= ?
                """, [.reference(entry), .text(row.date.day.description)]
            ) { $0.optionalText(0) }.first ?? nil
        }
        try transaction.insert(Referrals.collection, id: ids("referral", row)[0], parent: parent) { new in
            if let entry { new[Referrals.entry] = entry }
            if let way = referral.way { new[Referrals.way] = way.rawValue }
            if let verified { new[Referrals.verifiedOn] = CalendarDate(verified) }
            if let outcome = referral.outcome { new[Referrals.outcome] = outcome.rawValue }
            if let county = referral.county { new[Referrals.county] = county.rawValue }
            new[Referrals.at] = row.date.moment
            new[Referrals.by] = author(row)
        }
    }

    /// Why a row cannot be taken over, with what is here now; nil for nothing.
    static func reasonAgainst(_ row: ImportRow, _ snapshot: borrowing Snapshot) throws -> Message? {
        guard let name = row.referral?.organisation else { return nil }
        return switch try entries(named: name, snapshot).count {
        case 0: .words("import.noOrganisation")
        case 1: nil
        default: .words("import.manyOrganisations")
        }
    }

    private static func entries(named name: String, _ snapshot: borrowing Snapshot) throws -> [RecordID] {
        try snapshot.records(
            CaseworkSchema.Directory.collection, where: "name = ? ORDER BY id LIMIT 2", [.text(name)]
        ).map(\.id)
    }

    private func author(_ row: ImportRow) -> String { (row.author ?? importer.author).text }

    private func ids(_ purpose: String, _ row: ImportRow) -> [RecordID] { importer.identity.ids(purpose, row) }
}
