import Support

/// The words that inherited logs use, in Swedish and English, besides those of the command line.
///
/// Compared without regard to case, spaces, hyphens and dashes: "Right-wing" is `rightWing`.
enum ImportWords {
    static let callers: [String: Caller] = [
        "externalactor": .external, "extern": .external, "externaktör": .external, "yrkesverksam": .external,
        "anhörig": .relative, "närstående": .relative, "anhörignärstående": .relative, "closeperson": .relative,
        "involvedpersonally": .involved, "involverad": .involved, "självinvolverad": .involved,
        "personligtinvolverad": .involved,
    ]

    static let concerns: [String: Concern] = [
        "extremism": .general, "allmän": .general, "allmänt": .general, "generell": .general,
        "extremismiallmänhet": .general, "religiös": .religious, "religiöst": .religious,
        "religiöstprofilerad": .religious, "höger": .rightWing, "högerextrem": .rightWing,
        "högerextremism": .rightWing, "vänster": .leftWing, "vänsterextrem": .leftWing, "vänsterextremism": .leftWing,
    ]

    static let ages: [String: AgeBand] = [
        "<18": .under18, "017": .under18, "yngreän18": .under18, "över25": .over25, ">25": .over25,
        "äldreän25": .over25,
    ]

    static let channels: [String: Channel] = [
        "telefon": .phone, "tel": .phone, "samtal": .phone, "call": .phone, "chatt": .chat, "oroschatten": .chat,
        "utgående": .outbound, "uppföljningssamtal": .outbound, "followup": .outbound,
    ]

    static let statuses: [String: CaseStatus] = [
        "öppen": .open, "öppet": .open, "pågående": .open, "stängd": .closed, "stängt": .closed, "avslutad": .closed,
        "avslutat": .closed,
    ]

    static let reasons: [String: ClosingReason] = [
        "klar": .finished, "klart": .finished, "avslutatisamtal": .finished, "oanträffbar": .unreachable,
        "ejnådd": .unreachable, "inteanträffbar": .unreachable, "hänvisad": .referred, "vidarehänvisad": .referred,
        "misstag": .mistake, "felregistrering": .mistake, "avmisstag": .mistake,
    ]

    static let contacts: [String: ContactKind] = [
        "first": .opening, "new": .opening, "inledande": .opening, "öppnande": .opening, "första": .opening,
        "ny": .opening, "nytt": .opening, "repeated": .repeat, "again": .repeat, "återkommande": .repeat,
        "upprepad": .repeat, "igen": .repeat, "nocase": .withoutCase, "utanärende": .withoutCase,
        "ingetärende": .withoutCase,
    ]

    static let interpreting: [String: Interpreting] = [
        "tolk": .interpreter, "telefontolk": .interpreter, "kollega": .colleague,
    ]

    static let requests: [String: Request] = [
        "talk": .conversation, "samtal": .conversation, "samtalsstöd": .conversation, "prata": .conversation,
        "råd": .advice, "rådgivning": .advice, "kunskap": .knowledge, "information": .knowledge,
        "hänvisning": .referral, "annat": .other, "övrigt": .other,
    ]

    static let ways: [String: ReferralWay] = [
        "undersöker": .research, "efterforskning": .research, "förmedladkontakt": .firstContact,
        "förmedlarkontakt": .firstContact, "tip": .tips,
    ]

    static let outcomes: [String: ReferralOutcome] = [
        "kontakttagen": .contactMade, "fickkontakt": .contactMade, "fickstöd": .supportReceived,
        "fåttstöd": .supportReceived, "avböjde": .declined, "tackadenej": .declined, "hjälpteinte": .didNotHelp,
        "ingenatthänvisatill": .nobodyToReferTo, "ingen": .nobodyToReferTo, "okänt": .notKnown, "unknown": .notKnown,
    ]

    static let followUpKinds: [String: FollowUpKind] = [
        "viringer": .call, "uppringning": .call, "ringertillbaka": .ringBack, "återkommer": .ringBack,
    ]

    static let followUpStatuses: [String: FollowUpStatus] = [
        "planerad": .planned, "nådd": .reached, "ejnådd": .unreachable, "oanträffbar": .unreachable,
        "inställd": .cancelled,
    ]

    static let organisations: [String: OrganisationKind] = [
        "kommun": .municipality, "myndighet": .authority, "civilsamhälle": .civilSociety, "förening": .civilSociety,
        "ideell": .civilSociety, "trossamfund": .faithCommunity, "församling": .faithCommunity,
        "hjälplinje": .helpline, "stödlinje": .helpline, "annat": .other, "annan": .other, "övrigt": .other,
    ]

    static let sources: [String: DirectorySource] = [
        "uppdragsgivare": .commissioner, "uppdragsgivaren": .commissioner, "egenkontakt": .ownContact, "tips": .tip,
    ]

    private static let truths: [String: Bool] = [
        "yes": true, "ja": true, "true": true, "x": true, "1": true, "no": false, "nej": false, "false": false,
        "0": false,
    ]

    private static let notRecorded: Set<String> = [
        "", "notrecorded", "unknown", "okänd", "okänt", "ejregistrerad", "ejregistrerat", "vetej", "ingenuppgift",
    ]

    static func plain(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "<" || $0 == ">" }
    }

    /// The choice that a cell names; nil where it says that nothing was recorded. Errors: `badValue`.
    static func choice<Word: Choice>(_ cell: String, _ synonyms: [String: Word]) throws(CaseworkError) -> Word? {
        let word = plain(cell)
        if let topic = (Word.self as? any WordedChoice.Type)?.wordsTopic,
            let typed = TypedWords.word(cell, topic: topic, of: Word.allCases.map(\.rawValue)), synonyms[word] == nil
        {
            return Word(rawValue: typed)
        }
        if let found = synonyms[word] ?? Word.allCases.first(where: { plain($0.rawValue) == word }) { return found }
        if notRecorded.contains(word) { return nil }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw CaseworkError(.badValue, "import.word", ["what": .words("topic." + Word.topic), "words": "\(words)"])
    }

    /// Yes or no; nil where nothing was recorded. Errors: `badValue`.
    static func truth(_ cell: String, _ topic: String) throws(CaseworkError) -> Bool? {
        let word = plain(cell)
        if let truth = truths[word] { return truth }
        if notRecorded.contains(word) { return nil }
        throw CaseworkError(.badValue, "import.truth", ["what": .words("topic." + topic)])
    }

    /// A band by its name, or by an age in whole years: 0 to 120. Errors: `badValue`.
    static func age(_ cell: String) throws(CaseworkError) -> AgeBand? {
        var text = ImportMapping.trimmed(cell).lowercased()
        for unit in ["years", "year", "år"] where text.hasSuffix(unit) {
            text = ImportMapping.trimmed(text.dropLast(unit.count))
        }
        if text.utf8.allSatisfy({ (48...57).contains($0) }), let years = Int(text), (0...120).contains(years) {
            return AgeBand(years: years)
        }
        // `-3` and `2,5` are no ages, and not 3 and 25.
        let isNumber = text.contains(where: \.isNumber) && !text.contains { $0.isLetter || $0 == "<" || $0 == ">" }
        let hasRange = text.dropFirst().contains { "-–—".contains($0) } && text.first?.isNumber == true
        guard !isNumber || hasRange else {
            throw CaseworkError(.badValue, "import.age")
        }
        return try choice(text, ages)
    }

    /// Several concerns in one cell, however they are separated. Nil where nothing was recorded.
    static func concerns(_ cell: String) throws(CaseworkError) -> Set<Concern>? {
        if let one = try? choice(cell, concerns) { return [one] }
        if notRecorded.contains(plain(cell)) { return nil }
        var found: Set<Concern> = []
        for part in parts(cell) { if let concern = try choice(part, concerns) { found.insert(concern) } }
        return found
    }

    /// The words of a cell with several, however they are separated.
    static func parts(_ cell: String) -> [String] {
        let separated = cell.lowercased().replacing(" och ", with: ",").replacing(" and ", with: ",")
        return separated.split { ",;+/&|".contains($0) }.map(String.init)
    }
}
