/// What a column of a case log can be. The numbers are a part of what ids are made from, and never change.
enum CaseColumn: UInt8, ImportRole {
    case date = 1
    case time = 2
    case key = 3
    case contact = 4
    case channel = 5
    case language = 6
    case interpreting = 7
    case request = 8
    case minutes = 9
    case outsideHours = 10
    case caller = 11
    case concern = 12
    case age = 13
    case child = 14
    case status = 15
    case closed = 16
    case reason = 17
    case note = 18
    case by = 19
    case concernReport = 20
    case referral = 21
    case organisation = 22
    case outcome = 23
    case followUp = 24
    case followUpKind = 25
    case followUpStatus = 26
    case heardOf = 27
    case research = 28
    case assessment = 30
    case review = 31
    case county = 32
    /// Of rows that say the same, which one it is, from 0.
    case copy = 60

    static let required: [CaseColumn] = [.date]
    static let occurrence: CaseColumn? = .copy
    static let days: [CaseColumn] = [.date, .closed, .concernReport, .assessment, .review, .followUp]
    static let lists: [CaseColumn] = [.concern]

    var name: String {
        switch self {
        case .key: "case"
        case .outsideHours: "outside hours"
        case .concernReport: "report of concern"
        case .followUp: "follow-up"
        case .followUpKind: "follow-up kind"
        case .followUpStatus: "follow-up status"
        case .heardOf: "heard of"
        default: String(describing: self)
        }
    }

    static let titles: [String: CaseColumn] = [
        "date": .date, "datum": .date, "opened": .date, "öppnad": .date, "time": .time, "tid": .time,
        "klockslag": .time, "case": .key, "casenumber": .key, "ärende": .key, "ärendenummer": .key, "ärendenr": .key,
        "referensnummer": .key, "contact": .contact, "kontakt": .contact, "typavkontakt": .contact,
        "channel": .channel, "kanal": .channel, "language": .language, "språk": .language,
        "interpreting": .interpreting, "interpreter": .interpreting, "tolk": .interpreting,
        "tolkning": .interpreting, "request": .request, "önskemål": .request, "efterfrågade": .request,
        "minutes": .minutes, "minuter": .minutes, "samtalslängd": .minutes, "outsidehours": .outsideHours,
        "utanföröppettid": .outsideHours, "caller": .caller, "uppringare": .caller, "vem": .caller,
        "concern": .concern, "concerns": .concern, "oro": .concern, "age": .age, "ålder": .age, "child": .child,
        "childmadecontact": .child, "barn": .child, "barnhörav": .child, "barnethördeavsig": .child,
        "status": .status, "closed": .closed, "closedat": .closed, "avslutad": .closed, "stängd": .closed,
        "reason": .reason, "closingreason": .reason, "avslutsorsak": .reason, "orsak": .reason, "note": .note,
        "notes": .note, "anteckning": .note, "anteckningar": .note, "by": .by, "av": .by, "code": .by, "kod": .by,
        "samtalsstödjare": .by, "counsellor": .by, "reportofconcern": .concernReport,
        "orosanmälan": .concernReport, "referral": .referral, "hänvisning": .referral,
        "organisation": .organisation, "organization": .organisation, "hänvisadtill": .organisation,
        "outcome": .outcome, "utfall": .outcome, "followup": .followUp, "uppföljning": .followUp,
        "followupkind": .followUpKind, "uppföljningssätt": .followUpKind, "followupstatus": .followUpStatus,
        "uppföljningsstatus": .followUpStatus, "heardof": .heardOf, "hittadelinjen": .heardOf,
        "hurfickduvetaomlinjen": .heardOf, "kännertilllinjen": .heardOf, "research": .research,
        "researchoffer": .research, "efterforskning": .research,
        "erbjudenefterforskning": .research, "assessment": .assessment, "bedömning": .assessment,
        "barnbedömning": .assessment, "review": .review, "reviewed": .review, "granskad": .review, "county": .county,
        "län": .county,
        "copy": .copy, "kopia": .copy,
    ]
}

/// What a column of a list of contacts can be.
enum DirectoryColumn: UInt8, ImportRole {
    case name = 1
    case kind = 2
    case area = 3
    case offers = 4
    case ages = 5
    case contactName = 6
    case phone = 7
    case email = 8
    case source = 9
    case verified = 10
    case by = 11
    case county = 12
    case plan = 13

    static let required: [DirectoryColumn] = [.name]
    static let occurrence: DirectoryColumn? = nil
    static let days: [DirectoryColumn] = [.verified]
    static let lists: [DirectoryColumn] = []

    var name: String {
        switch self {
        case .contactName: "contact person"
        default: String(describing: self)
        }
    }

    static let titles: [String: DirectoryColumn] = [
        "name": .name, "namn": .name, "organisation": .name, "organization": .name, "verksamhet": .name,
        "kind": .kind, "typ": .kind, "slag": .kind, "area": .area, "område": .area, "kommun": .area,
        "region": .area, "county": .county, "län": .county, "plan": .plan, "hasplan": .plan, "harplan": .plan,
        "handlingsplan": .plan, "ort": .area, "municipality": .area, "offers": .offers, "erbjuder": .offers,
        "erbjudande": .offers, "stöd": .offers, "ages": .ages, "åldrar": .ages, "ålder": .ages, "age": .ages,
        "målgrupp": .ages, "contactname": .contactName, "contactperson": .contactName, "contact": .contactName,
        "kontaktperson": .contactName, "kontakt": .contactName, "phone": .phone, "telephone": .phone,
        "telefon": .phone, "telefonnummer": .phone, "tel": .phone, "email": .email, "epost": .email, "mejl": .email,
        "mail": .email, "source": .source, "källa": .source, "verified": .verified, "verifiedon": .verified,
        "verifierad": .verified, "kontrollerad": .verified, "by": .by, "bycode": .by, "av": .by, "kod": .by,
    ]
}
