import Replica

extension Statistics {
    /// The published report.
    public func document(_ language: ReportLanguage) -> ReportDocument {
        let words = ReportWords(language: language, time: period.time)
        return ReportDocument(
            language: language, lineName: lineName, title: words.label("statistics", "title"),
            period: language.text(period), notice: publication == .published ? nil : words.internalNotice,
            headlines: headlines(words), tables: tables(words), notes: notes(words),
            desks: desks.sentence(words), generated: words.generated(generatedAt))
    }

    private func headlines(_ words: ReportWords) -> [ReportHeadline] {
        [
            ("cases", cases), ("children", children), ("contacts", contactCount), ("concernReports", concernReports),
        ].map { ReportHeadline(word: $0, label: words.label($0), figure: $1) }
    }

    private func tables(_ words: ReportWords) -> [ReportTable] {
        var tables = [monthTable(words)]
        var concerns = ReportTable(concern, "concern", words, chart: .bars)
        concerns.remark = words.choose(
            "Ett ärende kan gälla flera slags oro; summan är därför inte antalet ärenden.",
            "A case may be about several concerns, so that the sum is not the number of cases.")
        tables.append(concerns)
        tables.append(ReportTable(caller, "caller", words, chart: .bars, whole: cases.count))
        tables.append(ReportTable(age, "age", words, chart: .bars, whole: cases.count))
        let contacts = contactCount.count
        tables.append(ReportTable(channel, "channel", words, whole: contacts))
        tables.append(ReportTable(language, "language", words, whole: contacts))
        tables.append(ReportTable(interpreting, "interpreting", words, whole: contacts))
        tables.append(ReportTable(request, "request", words, whole: contacts))
        tables.append(ReportTable(openingHours, "openingHours", words, whole: contacts))
        tables.append(ReportTable(referrals, "referrals", words))
        tables.append(ReportTable(closings, "closings", words))
        return tables
    }

    private func monthTable(_ words: ReportWords) -> ReportTable {
        var columns = ["opening", "repeat", "withoutCase", "outbound"]
        let hasOther = contacts.contains { !$0.other.isZero }
        if hasOther { columns.append("other") }
        let rows = contacts.map { month in
            let figures =
                [month.opening, month.repeat, month.withoutCase, month.outbound] + (hasOther ? [month.other] : [])
            return ReportTable.Row(
                word: month.month.description, label: words.language.text(month.month),
                shortLabel: words.language.abbreviation(month.month), cells: figures.map { .figure($0) })
        }
        return ReportTable(
            word: "months", title: words.label("months", "title"),
            rowHeading: .init(word: "month", label: words.label("month", "column")),
            columns: columns.map { .init(word: $0, label: words.label($0, "column")) }, rows: rows, chart: .months,
            remark: words.choose(
                "En kontakt är inte ett ärende: ett ärende har en öppnande och hur många upprepade kontakter som helst. Samtal som stödlinjen ringer räknas där de hör hemma och visas också för sig.",
                "A contact is not a case: a case has one opening contact and any number of repeat ones. Calls that the helpline makes are counted where they belong, and also shown by themselves."
            ))
    }

    private func notes(_ words: ReportWords) -> [String] {
        var notes = [
            words.choose(
                "Ärenden räknas efter dagen de öppnades, kontakter efter dagen de ägde rum, i svensk tid. Varje tal är räknat för sig, och inget är ändrat för att summor ska stämma.",
                "Cases are counted by the day on which they were opened, contacts by the day on which they took place, in Swedish time. Every number is counted by itself, and none is changed to make sums agree."
            )
        ]
        if !mistakes.cases.isZero || !mistakes.contacts.isZero {
            let cases = ReportCell.figure(mistakes.cases).plainText
            let contacts = ReportCell.figure(mistakes.contacts).plainText
            notes.append(
                words.choose(
                    "Öppnade av misstag, och inte i något av talen ovan: ärenden \(cases), kontakter i dem \(contacts).",
                    "Opened by mistake, and in none of the numbers above: cases \(cases), contacts of theirs \(contacts)."
                ))
        }
        if !undated.isZero {
            let count = ReportCell.figure(undated).plainText
            notes.append(
                words.choose(
                    "Ärenden utan känd öppningsdag, som inte är med: \(count).",
                    "Cases without a known day of opening, which are not in it: \(count)."))
        }
        if let limit = suppressedBelow { notes.append(words.suppression(limit)) }
        return notes
    }
}

extension ReportTable {
    init(_ tally: Tally, _ word: String, _ words: ReportWords, chart: Chart? = nil, whole: Int? = nil) {
        self.init(
            word: word, title: words.label(word, "title"),
            rowHeading: .init(word: word, label: words.label("what", "column")),
            columns: [.init(word: "count", label: words.label("count", "column"))],
            rows: tally.entries.map { entry in
                Row(word: entry.word, label: words.label(entry.word, word), cells: [.figure(entry.figure)])
            }, chart: chart, whole: whole == 0 ? nil : whole)
    }
}

extension DeskKnowledge {
    /// How many desks have data that are not in the report, as far as that is known here.
    func sentence(_ words: ReportWords) -> String {
        let last = lastSyncMilliseconds.map { words.time.text(.init(milliseconds: $0)) }
        var sentences: [String] = []
        if !hasJoined {
            sentences.append(
                words.choose(
                    "Den här arbetsplatsen har inte anslutits till någon linje: bara det som finns här är med.",
                    "This desk has not joined a line: only what is here is in the report."))
        } else {
            sentences.append(
                words.choose(
                    "Arbetsplatser med osända data: \(unsent) av \(known). Inte bevisat lika med servern: \(unverified) av \(known).",
                    "Desks with unsent data: \(unsent) of \(known). Not proven equal with the server: \(unverified) of \(known)."
                ))
            sentences.append(others(words))
            if pendingChanges > 0 {
                sentences.append(
                    words.choose(
                        "Härifrån är \(pendingChanges) ändringar inte sända; de är med i rapporten.",
                        "From here, \(pendingChanges) changes are not sent; they are in the report."))
            }
            sentences.append(
                last.map { time in
                    words.choose(
                        "Senast synkroniserad \(time); det andra arbetsplatser inte hade sänt då är inte med.",
                        "Last synced \(time); what other desks had not sent by then is not in it."
                    )
                }
                    ?? words.choose(
                        "Aldrig synkroniserad: inget från andra arbetsplatser är med.",
                        "Never synced: nothing of other desks is in it."))
            if !isFirstSyncDone {
                sentences.append(
                    words.choose(
                        "Den första hämtningen är inte klar: ärenden kan saknas.",
                        "The first sync is not finished: cases may be missing."))
            }
        }
        if unopened > 0 {
            sentences.append(
                words.choose(
                    "\(unopened) värden kunde inte öppnas med de nycklar som finns här.",
                    "\(unopened) values could not be opened with the keys that are here."))
        }
        return sentences.joined(separator: " ")
    }

    private func others(_ words: ReportWords) -> String {
        guard let silent, let asked = askedMilliseconds else {
            return words.choose(
                "Servern har inte tillfrågats om de andra: siffrorna gäller bara den här arbetsplatsen.",
                "The server was not asked about the others: these numbers speak of this desk only.")
        }
        let time = words.time.text(.init(milliseconds: asked))
        return words.choose(
            "Enligt servern \(time); \(silent) har inte hörts av på ett dygn.",
            "By the server, \(time); \(silent) not heard of for a day.")
    }
}
