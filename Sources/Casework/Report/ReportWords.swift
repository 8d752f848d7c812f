import Replica

/// What reports call things, in Swedish and English.
struct ReportWords {
    let language: ReportLanguage
    /// Of the line.
    var time = LineTime.stockholm

    private struct Phrase {
        var swedish: String
        var english: String
        init(_ swedish: String, _ english: String) {
            self.swedish = swedish
            self.english = english
        }
    }

    /// The label of a word of the schema, on its topic. A word that is not known stands as it is.
    func label(_ word: String, _ topic: String = "") -> String {
        guard let phrase = Self.phrases[topic + "." + word] ?? Self.phrases["." + word] else {
            let words = Words(Words.Language(rawValue: language.rawValue) ?? .swedish)
            let label = words.label(topic, word)
            // What neither knows stands as it is.
            return label == word ? word : label.prefix(1).uppercased() + label.dropFirst()
        }
        return choose(phrase.swedish, phrase.english)
    }

    func choose(_ swedish: String, _ english: String) -> String { language == .swedish ? swedish : english }

    func generated(_ moment: Timestamp) -> String {
        choose("Framtagen \(time.text(moment)).", "Generated \(time.text(moment)).")
    }

    var internalNotice: String {
        choose("Endast för internt bruk, inte för publicering.", "For internal use only, not for publication.")
    }

    func suppression(_ limit: Int) -> String {
        choose(
            "Tal från 1 till \(limit - 1) visas inte (\(ReportCell.hiddenMark)), och inte heller de tal som de annars kunde räknas ut ur: för varje dolt tal är minst \(limit) värden möjliga. Ett dolt tal kan också vara noll. Språk med så få kontakter är sammanförda.",
            "Numbers from 1 to \(limit - 1) are not shown (\(ReportCell.hiddenMark)), nor are those from which they could be computed: of every hidden number at least \(limit) values are possible. A hidden number may also be nought. Languages with so few contacts are put together."
        )
    }

    private static let phrases: [String: Phrase] = [
        ".cases": Phrase("Ärenden", "Cases"), ".children": Phrase("Gäller barn", "Concern a child"),
        ".contacts": Phrase("Kontakter", "Contacts"),
        ".concernReports": Phrase("Orosanmälningar", "Reports of concern"),
        ".notRecorded": Phrase("Inte registrerat", "Not recorded"), ".total": Phrase("Totalt", "Total"),
        ".open": Phrase("Inte känt ännu", "Not known yet"),

        "title.statistics": Phrase("Statistik", "Statistics"),
        "title.internal": Phrase("Månadsrapport", "Monthly report"),
        "title.months": Phrase("Kontakter per månad", "Contacts by month"),
        "title.weeks": Phrase("Kontakter per vecka", "Contacts by week"), "column.week": Phrase("Vecka", "Week"),
        "title.concern": Phrase("Oro", "Concern"), "title.caller": Phrase("Vem som hörde av sig", "Caller"),
        "title.age": Phrase("Ålder på den oron gäller", "Age of the person concerned"),
        "title.channel": Phrase("Kontaktväg", "Channel"), "title.language": Phrase("Språk", "Language"),
        "title.interpreting": Phrase("Tolkning", "Interpreting"), "title.request": Phrase("Önskemål", "Request"),
        "title.openingHours": Phrase("Öppettider", "Opening hours"),
        "title.referrals": Phrase("Hänvisningar efter utfall", "Referrals by outcome"),
        "title.closings": Phrase("Avslutade ärenden efter orsak", "Cases closed, by reason"),
        "title.supportContact": Phrase("Kontaktade för stöd", "Contacted for support"),
        "title.trainingContact": Phrase("Kontaktade för utbildning", "Contacted for training"),
        "title.meeting": Phrase("Möten", "Meetings"), "title.lesson": Phrase("Lärdomar", "Lessons learned"),
        "title.calls": Phrase("Samtal och chattar", "Calls and chats"),
        "title.referred": Phrase("Hänvisat till", "Referred to"),

        "column.month": Phrase("Månad", "Month"), "column.opening": Phrase("Nytt ärende", "Opened a case"),
        "column.repeat": Phrase("Upprepad", "Repeat"), "column.withoutCase": Phrase("Utan ärende", "Without case"),
        "column.outbound": Phrase("Varav utgående", "Of these outbound"),
        "column.other": Phrase("Annat slag", "Other kind"),
        "column.count": Phrase("Antal", "Number"), "column.share": Phrase("Andel", "Share"),
        "column.day": Phrase("Dag", "Day"), "column.organisation": Phrase("Organisation", "Organisation"),
        "column.place": Phrase("Plats", "Place"), "column.text": Phrase("Anteckning", "Note"),
        "column.what": Phrase("", ""),
        "column.by": Phrase("Av", "By"),

        "concern.general": Phrase("Extremism i allmänhet", "Extremism in general"),
        "concern.religious": Phrase("Religiöst profilerad", "Religiously profiled"),
        "concern.rightWing": Phrase("Högerextremism", "Right-wing"),
        "concern.leftWing": Phrase("Vänsterextremism", "Left-wing"),
        "caller.external": Phrase("Extern aktör", "External actor"),
        "caller.relative": Phrase("Anhörig eller närstående", "Relative or close person"),
        "caller.involved": Phrase("Själv involverad", "Involved personally"),
        "age.under18": Phrase("Under 18 år", "Under 18"), "age.from18To21": Phrase("18–21 år", "18–21"),
        "age.from22To25": Phrase("22–25 år", "22–25"), "age.over25": Phrase("Över 25 år", "Over 25"),
        "age.notRecorded": Phrase("Inte registrerat, eller ingen person", "Not recorded, or no person"),
        "channel.phone": Phrase("Telefon", "Telephone"), "channel.chat": Phrase("Chatt", "Chat"),
        "channel.outbound": Phrase("Utgående samtal", "Outbound call"),
        "interpreting.none": Phrase("Ingen", "None"), "interpreting.colleague": Phrase("Kollega", "Colleague"),
        "interpreting.interpreter": Phrase("Telefontolk", "Telephone interpreter"),
        "request.conversation": Phrase("Någon att prata med", "Somebody to talk to"),
        "request.advice": Phrase("Råd", "Advice"), "request.knowledge": Phrase("Kunskap", "Knowledge"),
        "request.referral": Phrase("Hänvisning", "A referral"), "request.other": Phrase("Annat", "Other"),
        "openingHours.within": Phrase("Under öppettid", "Within opening hours"),
        "openingHours.outside": Phrase("Utanför öppettid", "Outside opening hours"),
        "referrals.contactMade": Phrase("Kontakt togs", "Contact made"),
        "referrals.supportReceived": Phrase("Fick stöd", "Support received"),
        "referrals.declined": Phrase("Tackade nej", "Declined"),
        "referrals.didNotHelp": Phrase("Hjälpte inte", "Did not help"),
        "referrals.nobodyToReferTo": Phrase("Ingen att hänvisa till", "Nobody to refer to"),
        "referrals.notKnown": Phrase("Gick inte att få veta", "Not known"),
        "closings.finished": Phrase("Klart, i samtal", "Finished, in conversation"),
        "closings.unreachable": Phrase("Gick inte att nå", "Unreachable"),
        "closings.referred": Phrase("Hänvisat vidare", "Referred on"),
        "closings.mistake": Phrase("Öppnat av misstag", "Opened by mistake"),
        "calls.incomingCalls": Phrase("Inkommande samtal", "Incoming calls"),
        "calls.outboundCalls": Phrase("Utgående samtal", "Outbound calls"),
        "calls.chats": Phrase("Chattar", "Chats"), "calls.otherContacts": Phrase("Andra", "Other"),
        "calls.unansweredAttempts": Phrase("Uppföljningsförsök utan svar", "Follow-up attempts not answered"),
        "calls.minutes": Phrase("Minuter, där de är kända", "Minutes, where known"),
        "calls.outsideHours": Phrase("Utanför öppettid", "Outside opening hours"),

        "language.other": Phrase("Övriga", "Others"), "language.sv": Phrase("Svenska", "Swedish"),
        "language.en": Phrase("Engelska", "English"),
        "language.ar": Phrase("Arabiska", "Arabic"), "language.prs": Phrase("Dari", "Dari"),
        "language.fa": Phrase("Persiska", "Persian"), "language.so": Phrase("Somaliska", "Somali"),
        "language.ti": Phrase("Tigrinja", "Tigrinya"), "language.ku": Phrase("Kurdiska", "Kurdish"),
        "language.fi": Phrase("Finska", "Finnish"), "language.tr": Phrase("Turkiska", "Turkish"),
        "language.ru": Phrase("Ryska", "Russian"), "language.es": Phrase("Spanska", "Spanish"),
        "language.fr": Phrase("Franska", "French"), "language.de": Phrase("Tyska", "German"),
        "language.pl": Phrase("Polska", "Polish"), "language.uk": Phrase("Ukrainska", "Ukrainian"),
    ]
}
