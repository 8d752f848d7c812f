import Casework
import HTTPServer
import JSON
import LocalPage
import Merge
import Replica
import Workstation

/// The line's figures, and what the team's report tells beside them.
extension APICall {
    private var language: ReportLanguage { pages.language() == "en" ? .english : .swedish }

    func statisticsAnswer() async throws -> JSONValue {
        if isWrite {
            guard parts.dropFirst().first == "publish" else { throw Problem.notFound }
            try requireLead()
            let statistics = try await workstation.publish(
                period(body["from"]?.string, body["through"]?.string), below: Self.hiddenBelow, by: author())
            return documentJSON(statistics.document(language))
        }
        if parts.dropFirst().first == "published" { return try publishedAnswer() }
        let asksOthers = head.query("others") != nil
        if let month = head.query("month") {
            let report = try await workstation.internalReport(Month(parsing: month), asksOthers: asksOthers)
            return documentJSON(report.document(language))
        }
        let period = try period(head.query("from"), head.query("through"))
        return documentJSON(try await workstation.statistics(period, asksOthers: asksOthers).document(language))
    }

    /// Numbers from 1 up to below it are hidden in what is published.
    private static let hiddenBelow = 5

    private func period(_ from: String?, _ through: String?) throws -> StatisticsPeriod {
        guard let from = from.flatMap({ CalendarDate($0) }), let through = through.flatMap({ CalendarDate($0) })
        else { throw Problem.badRequest }
        return try StatisticsPeriod(from: from, through: through)
    }

    /// The series, or one report of it as it was published.
    private func publishedAnswer() throws -> JSONValue {
        if head.query("from") != nil {
            let period = try period(head.query("from"), head.query("through"))
            let known = try casework.publications().last { $0.from == period.from && $0.through == period.through }
            guard let known else { throw Problem.notFound }
            return documentJSON(try casework.publication(period, below: known.hiddenBelow).document(language))
        }
        return .array(
            try casework.publications().map { publication in
                [
                    "from": .string(publication.from.description), "through": .string(publication.through.description),
                    "by": .string(publication.by), "at": optional(publication.at),
                ]
            })
    }

    // MARK: Activities

    func activitiesAnswer() throws -> JSONValue {
        if isWrite {
            if parts.count == 3, parts[2] == "erase" {
                try casework.eraseActivity(ItemReference(parsing: parts[1]))
            } else {
                try casework.addActivity(
                    ActivityKind(word: text("kind")), on: day("day"), organisation: marked("organisation"),
                    place: marked("place"), text: marked("text"), by: author())
            }
            return [:]
        }
        let month = try Month(parsing: head.query("month") ?? "")
        return .array(
            try casework.activities(from: month.first, through: month.last).map { activity in
                [
                    "id": .string(ItemReference(activity.id).description), "kind": .string(activity.kind),
                    "on": optional(activity.on), "organisation": optional(activity.organisation),
                    "place": optional(activity.place), "text": optional(activity.text), "by": .string(activity.by),
                ]
            })
    }
}
