public import JSON
import Replica

extension InternalReport {
    /// The report for programs: the month's statistics, and what the internal report has beside them.
    public var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? nil }
        guard case .object(let members) = statistics.json else { return statistics.json }
        return .object(
            [JSONMember("month", .string(month.description))] + members + [
                JSONMember("weeks", weeks.json),
                JSONMember("calls", calls.json),
                JSONMember(
                    "nobodyToReferTo",
                    .array(
                        team.gaps.map {
                            ["age": .string($0.age), "county": text($0.county), "count": JSONValue($0.count)]
                        })),
                JSONMember("research", team.research.json), JSONMember("heardOf", team.heardOf.json),
                JSONMember("assessments", team.assessments.json), JSONMember("work", team.work.json),
                JSONMember("activityKinds", team.activities.json),
                JSONMember(
                    "referredTo",
                    .array(referred.map { ["organisation": text($0.organisation), "count": JSONValue($0.count)] })),
                JSONMember(
                    "activities",
                    .array(
                        activities.map {
                            [
                                "kind": .string($0.kind), "on": text($0.on?.description),
                                "organisation": text($0.organisation), "place": text($0.place), "text": text($0.text),
                                "by": .string($0.by),
                            ]
                        })),
            ])
    }
}
