public import JSON
import Replica

extension InternalReport {
    /// The report for programs: the month's statistics, and what the internal report has beside them.
    public var json: JSONValue {
        func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? nil }
        guard case .object(let members) = statistics.json else { return statistics.json }
        return .object(
            [JSONMember("month", .string(month.description))] + members + [
                JSONMember("calls", calls.json),
                JSONMember(
                    "referredTo",
                    .array(referred.map { ["organisation": text($0.organisation), "count": JSONValue($0.count)] })),
                JSONMember(
                    "activities",
                    .array(
                        activities.map {
                            [
                                "kind": .string($0.kind), "on": text($0.on?.description),
                                "organisation": text($0.organisation), "text": text($0.text), "by": .string($0.by),
                            ]
                        })),
            ])
    }
}
