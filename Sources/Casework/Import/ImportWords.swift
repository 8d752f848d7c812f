/// The words that inherited logs use, in Swedish and English, besides those of the command line.
///
/// Compared without regard to case, spaces, hyphens and dashes: "Right-wing" is `rightWing`.
enum ImportWords {
    static let columns: [String: ImportColumns.Role] = [
        "date": .date, "datum": .date, "opened": .date, "öppnad": .date, "caller": .caller, "uppringare": .caller,
        "vem": .caller, "concern": .concern, "concerns": .concern, "oro": .concern, "age": .age, "ålder": .age,
        "channel": .channel, "kanal": .channel, "language": .language, "språk": .language, "status": .status,
        "closed": .closed, "closedat": .closed, "avslutad": .closed, "stängd": .closed, "note": .note, "notes": .note,
        "anteckning": .note, "anteckningar": .note, "by": .by, "av": .by, "code": .by, "kod": .by,
        "samtalsstödjare": .by, "counsellor": .by,
    ]

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

    private static let notRecorded: Set<String> = [
        "", "notrecorded", "unknown", "okänd", "okänt", "ejregistrerad", "ejregistrerat", "vetej", "ingenuppgift",
    ]

    static func plain(_ text: String) -> String {
        text.lowercased().filter { $0.isLetter || $0.isNumber || $0 == "<" || $0 == ">" }
    }

    /// The choice that a cell names; nil where it says that nothing was recorded. Errors: `badValue`.
    static func choice<Word: Choice>(_ cell: String, _ synonyms: [String: Word]) throws(CaseworkError) -> Word? {
        let word = plain(cell)
        if notRecorded.contains(word) { return nil }
        if let found = synonyms[word] ?? Word.allCases.first(where: { plain($0.rawValue) == word }) { return found }
        let words = Word.allCases.map(\.rawValue).joined(separator: ", ")
        throw CaseworkError(.badValue, "\(Word.topic) is none of the words known, such as \(words)")
    }

    /// A band by its name, or by an age in years.
    static func age(_ cell: String) throws(CaseworkError) -> AgeBand? {
        var word = plain(cell)
        if word.hasSuffix("år") { word.removeLast(2) }
        if let years = Int(word), (0...120).contains(years), word.utf8.count < 4, word != "017" {
            return AgeBand(years: years)
        }
        return try choice(word, ages)
    }

    /// Several concerns in one cell, however they are separated. Nil where nothing was recorded.
    static func concerns(_ cell: String) throws(CaseworkError) -> Set<Concern>? {
        if let one = try? choice(cell, concerns) { return [one] }
        if notRecorded.contains(plain(cell)) { return nil }
        let separated = cell.lowercased().replacing(" och ", with: ",").replacing(" and ", with: ",")
        var found: Set<Concern> = []
        for part in separated.split(whereSeparator: { ",;+/&|".contains($0) }) {
            if let concern = try choice(String(part), concerns) { found.insert(concern) }
        }
        return found
    }
}
