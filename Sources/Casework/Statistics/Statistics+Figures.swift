extension Statistics {
    /// The tallies of a report, by name.
    static var tallies: [(name: String, path: WritableKeyPath<Statistics, Tally>)] {
        [
            ("concern", \.concern), ("caller", \.caller), ("age", \.age), ("channel", \.channel),
            ("language", \.language), ("interpreting", \.interpreting), ("request", \.request),
            ("openingHours", \.openingHours), ("referrals", \.referrals), ("closings", \.closings),
        ]
    }

    /// The numbers that stand by themselves.
    static var singles: [(name: String, path: WritableKeyPath<Statistics, Figure>)] {
        [
            ("cases", \.cases), ("children", \.children), ("contactCount", \.contactCount),
            ("concernReports", \.concernReports), ("mistakes.cases", \.mistakes.cases),
            ("mistakes.contacts", \.mistakes.contacts), ("undated", \.undated),
        ]
    }

    static var monthColumns: [(name: String, path: WritableKeyPath<MonthlyContacts, Figure>)] {
        [
            ("opening", \.opening), ("repeat", \.repeat), ("withoutCase", \.withoutCase), ("outbound", \.outbound),
            ("other", \.other),
        ]
    }

    /// All numbers that a report prints, by name: `cases`, `caller.relative`, `2017-02.opening`.
    var figures: [String: Figure] {
        var figures: [String: Figure] = [:]
        for (name, path) in Self.singles { figures[name] = self[keyPath: path] }
        for (name, path) in Self.tallies {
            for entry in self[keyPath: path].entries { figures["\(name).\(entry.word)"] = entry.figure }
        }
        for month in contacts {
            for (name, path) in Self.monthColumns { figures["\(month.month).\(name)"] = month[keyPath: path] }
        }
        return figures
    }

    mutating func hide(_ names: Set<String>) {
        for (name, path) in Self.singles where names.contains(name) { self[keyPath: path] = .hidden }
        for (name, path) in Self.tallies {
            for (index, entry) in self[keyPath: path].entries.enumerated() where names.contains("\(name).\(entry.word)")
            {
                self[keyPath: path].entries[index].figure = .hidden
            }
        }
        for (index, month) in contacts.enumerated() {
            for (name, path) in Self.monthColumns where names.contains("\(month.month).\(name)") {
                contacts[index][keyPath: path] = .hidden
            }
        }
    }
}

extension Tally {
    static let otherLanguages = "other"

    /// With languages below the limit put together: that one was spoken at all may tell who called.
    func merging(below limit: Int) -> Tally {
        var counts: [String: Int] = [:]
        for entry in entries {
            let isMerged = entry.word != Self.notRecorded && (1..<limit).contains(entry.figure.count ?? 0)
            counts[isMerged ? Self.otherLanguages : entry.word, default: 0] += entry.figure.count ?? 0
        }
        return Tally(byFrequency: counts)
    }

    /// With what is hidden at the end, in an order that tells nothing.
    var hiddenLast: Tally {
        var tally = self
        tally.entries =
            entries.filter { $0.figure.count != nil }
            + entries.filter { $0.figure.count == nil }.sorted { $0.word < $1.word }
        return tally
    }
}
