import Replica

/// One row of a case log, understood.
struct ImportRow {
    struct Referral {
        var way: ReferralWay?
        var organisation: String?
        var outcome: ReferralOutcome?
        var county: County?
    }

    struct FollowUp {
        var due: CalendarDate
        var kind: FollowUpKind
        var status: FollowUpStatus
    }

    let date: ImportDate
    /// What the log calls the case by; nil where every row is a case of its own.
    let key: String?
    /// Nil where the row does not say.
    let contact: ContactKind?
    let fields: CaseFields
    /// Nil where the log does not say.
    let channel: Channel?
    let interpreting: Interpreting?
    let request: Request?
    let minutes: Int?
    let outsideHours: Bool?
    let author: AuthorCode?
    let note: String?
    /// Nil for an open case. A log that does not say when a case was closed gives it the row's date.
    let closedAt: Timestamp?
    let reason: ClosingReason?
    /// Reports of concern, assessments and reviews, with their days.
    let measures: [(kind: MeasureKind, on: CalendarDate)]
    let referral: Referral?
    let followUp: FollowUp?
    /// What the row says; what its ids are made from.
    var content: [UInt8] = []

    private typealias Cells = ([String], ImportColumns<CaseColumn>)

    /// Errors: `badValue`, `badText`, with the reason in words that name the column and never what stands in it.
    init(
        _ cells: [String], _ columns: ImportColumns<CaseColumn>, _ days: ImportDay, _ identity: ImportIdentity
    ) throws {
        try self.init(cells, columns, days)
        let copy = try columns.value(.copy, cells).map { cell throws(CaseworkError) in
            guard cell.utf8.count <= 4, let copy = Int(cell), copy >= 0 else {
                throw CaseworkError(.badValue, "import.copy")
            }
            return copy
        }
        content = try identity.content(cells, columns, occurrence: copy)
    }

    private init(
        _ cells: [String], _ columns: ImportColumns<CaseColumn>, _ days: ImportDay
    ) throws(CaseworkError) {
        func value(_ column: CaseColumn) -> String? { columns.value(column, cells) }
        func choice<Word: Choice>(_ column: CaseColumn, _ words: [String: Word]) throws(CaseworkError) -> Word? {
            if let cell = value(column) { try ImportWords.choice(cell, words) } else { nil }
        }
        guard let dateCell = value(.date) else { throw CaseworkError(.badValue, "import.dateMissing") }
        let date = try days.read(dateCell, time: value(.time), "date")
        self.date = date
        key = value(.key)
        contact = try choice(.contact, ImportWords.contacts)
        var fields = CaseFields()
        fields.caller = try choice(.caller, ImportWords.callers)
        if let cell = value(.concern) { fields.concerns = try ImportWords.concerns(cell) }
        if let cell = value(.age) { fields.age = try ImportWords.age(cell) }
        if let cell = value(.language) { fields.language = try LanguageTag(cell) }
        if let cell = value(.child) { fields.childMadeContact = try ImportWords.truth(cell, "child") }
        fields.heardOf = try choice(.heardOf, [:])
        if let offer: ResearchOffer = try choice(.research, [:]) { fields.research = ResearchAnswer(offer) }
        self.fields = fields
        channel = try choice(.channel, ImportWords.channels)
        interpreting = try value(.interpreting).flatMap { cell throws(CaseworkError) in try Self.interpreting(cell) }
        request = try choice(.request, ImportWords.requests)
        minutes = try value(.minutes).flatMap { cell throws(CaseworkError) in try Self.minutes(cell) }
        outsideHours = try value(.outsideHours).flatMap { cell throws(CaseworkError) in
            try ImportWords.truth(cell, "outside hours")
        }
        author = if let cell = value(.by) { try AuthorCode(cell) } else { nil }
        note = value(.note)
        if let note { try Casework.checkNote(note) }
        let status = try choice(.status, ImportWords.statuses)
        closedAt = try Self.closing(value(.closed), status, opened: date, days)
        reason = try choice(.reason, ImportWords.reasons)
        var measures: [(kind: MeasureKind, on: CalendarDate)] = []
        for (column, kind) in [
            (CaseColumn.concernReport, MeasureKind.concernReport), (.assessment, .assessment), (.review, .review),
        ] {
            if let cell = value(column) {
                measures.append((kind, try days.read(cell, column.name).day))
            }
        }
        self.measures = measures
        let referral = Referral(
            way: try choice(.referral, ImportWords.ways), organisation: value(.organisation),
            outcome: try choice(.outcome, ImportWords.outcomes), county: try Self.county(value(.county)))
        let isReferral = referral.way != nil || referral.organisation != nil || referral.outcome != nil
        self.referral = isReferral ? referral : nil
        if let cell = value(.followUp) {
            followUp = FollowUp(
                due: try days.read(cell, "followUp", daysAhead: 366).day,
                kind: try choice(.followUpKind, ImportWords.followUpKinds) ?? .call,
                status: try choice(.followUpStatus, ImportWords.followUpStatuses)
                    ?? (closedAt == nil ? .planned : .cancelled))
        } else {
            followUp = nil
        }
        try checkWithoutCase()
        guard reason == nil || closedAt != nil else {
            throw CaseworkError(.badValue, "import.reasonOpen")
        }
    }

    /// What a contact that opened no case cannot have: there is nothing that it could belong to.
    private func checkWithoutCase() throws(CaseworkError) {
        guard contact == .withoutCase else { return }
        guard
            key == nil, note == nil, closedAt == nil, measures.isEmpty, referral == nil, followUp == nil,
            fields.caller == nil, fields.heardOf == nil, fields.research == nil, fields.concerns == nil,
            fields.age == nil, fields.childMadeContact != true
        else {
            throw CaseworkError(
                .badValue,
                "import.withoutCase"
            )
        }
    }

    private static func interpreting(_ cell: String) throws(CaseworkError) -> Interpreting? {
        if ["nej", "no", "none", "ingen"].contains(ImportWords.plain(cell)) { return nil }
        return try ImportWords.choice(cell, ImportWords.interpreting)
    }

    private static func county(_ cell: String?) throws(CaseworkError) -> County? {
        guard let cell else { return nil }
        guard let county = County(named: cell) else { throw CaseworkError(.badValue, "import.county") }
        return county
    }

    private static func minutes(_ cell: String) throws(CaseworkError) -> Int {
        guard cell.utf8.count <= 4, cell.utf8.allSatisfy({ (48...57).contains($0) }), let minutes = Int(cell),
            minutes <= 1_440
        else { throw CaseworkError(.badValue, "import.minutes") }
        return minutes
    }

    private static func closing(
        _ cell: String?, _ status: CaseStatus?, opened: ImportDate, _ days: ImportDay
    ) throws(CaseworkError) -> Timestamp? {
        guard let cell else { return status == .closed ? opened.moment : nil }
        let closed = try days.read(cell, "closed")
        guard status != .open else {
            throw CaseworkError(.badValue, "import.closedOpen")
        }
        let areTimesKnown = closed.seconds != nil && opened.seconds != nil
        guard closed.day >= opened.day, !areTimesKnown || closed.moment >= opened.moment else {
            throw CaseworkError(.badValue, "import.closedBeforeOpened")
        }
        return closed.moment
    }
}
