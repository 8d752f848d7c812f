import Replica

extension InternalReport {
    /// The report to be read and printed. It names organisations and quotes notes: it is for the team.
    public func document(_ language: ReportLanguage) -> ReportDocument {
        let words = ReportWords(language: language, time: statistics.period.time)
        var document = statistics.document(language)
        let months = document.tables.removeFirst()
        let wanted = ["concern", "caller", "age", "request", "referrals", "closings"]
        document.title = words.label("internal", "title")
        document.tables =
            document.tables.filter { wanted.contains($0.word) } + [
                ReportTable(calls, "calls", words), contactTable(months, words), ReportTable(weeks: weeks, words),
                referredTable(words), gapTable(words),
                ReportTable(team.research, "research", words), ReportTable(team.heardOf, "heardOf", words),
                ReportTable(team.assessments, "assessments", words), ReportTable(team.work, "work", words),
                ReportTable(team.activities, "activity", words),
            ] + ActivityKind.allCases.map { activityTable($0.rawValue, words) }
        let unknown = Set(activities.map(\.kind)).subtracting(ActivityKind.allCases.map(\.rawValue)).sorted()
        document.tables += unknown.map { activityTable($0, words) }
        return document
    }

    /// The month's contacts, as a column of numbers.
    private func contactTable(_ months: ReportTable, _ words: ReportWords) -> ReportTable {
        let rows = zip(months.columns, months.rows.first?.cells ?? []).map { column, cell in
            ReportTable.Row(word: column.word, label: column.label, cells: [cell])
        }
        return ReportTable(
            word: "contacts", title: words.label("contacts"),
            rowHeading: .init(word: "contacts", label: words.label("what", "column")),
            columns: [.init(word: "count", label: words.label("count", "column"))], rows: rows)
    }

    private func referredTable(_ words: ReportWords) -> ReportTable {
        let rows = referred.map { entry in
            let name = entry.organisation ?? words.choose("(borttagen)", "(removed)")
            return ReportTable.Row(word: name, label: name, cells: [.figure(Figure(entry.count))])
        }
        return ReportTable(
            word: "referred", title: words.label("referred", "title"),
            rowHeading: .init(word: "organisation", label: words.label("what", "column")),
            columns: [.init(word: "count", label: words.label("count", "column"))], rows: rows)
    }

    /// Nobody to refer to, by the age of the person concerned and the county.
    private func gapTable(_ words: ReportWords) -> ReportTable {
        let rows = team.gaps.map { gap in
            let county = gap.county.map { County(rawValue: $0)?.name ?? $0 } ?? words.label("notRecorded")
            let label = "\(words.label(gap.age, "age")), \(county)"
            return ReportTable.Row(
                word: "\(gap.age) \(gap.county ?? Tally.notRecorded)", label: label, cells: [.figure(Figure(gap.count))]
            )
        }
        return ReportTable(
            word: "gaps", title: words.label("gaps", "title"),
            rowHeading: .init(word: "what", label: words.label("what", "column")),
            columns: [.init(word: "count", label: words.label("count", "column"))], rows: rows)
    }

    private func activityTable(_ kind: String, _ words: ReportWords) -> ReportTable {
        let rows = activities.filter { $0.kind == kind }.map { activity in
            let day = activity.on?.description ?? ""
            return ReportTable.Row(
                word: day, label: day,
                cells: [
                    .text(activity.organisation ?? ""), .text(activity.place ?? ""), .text(activity.text ?? ""),
                    .text(activity.by),
                ])
        }
        return ReportTable(
            word: kind, title: words.label(kind, "title"),
            rowHeading: .init(word: "day", label: words.label("day", "column")),
            columns: ["organisation", "place", "text", "by"].map { .init(word: $0, label: words.label($0, "column")) },
            rows: rows)
    }
}
