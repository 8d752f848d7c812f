public import Replica

/// Which cases a list is to have; what is nil does not matter.
public struct CaseFilter: Sendable {
    public var status: CaseStatus?
    public var caller: Caller?
    /// All of these.
    public var concerns: Set<Concern> = []
    public var age: AgeBand?
    public var concernsChild: Bool?
    /// The first digits of the number.
    public var numberPrefix: String?
    public var openedFrom: CalendarDate?
    public var openedThrough: CalendarDate?
    /// Whether a lead has marked it as reviewed, and since it was last closed, if it is.
    public var isReviewed: Bool?
    public var heardOf: HeardOf?
    public var researchOffer: ResearchOffer?
    public var limit = 100

    public init(status: CaseStatus? = nil, limit: Int = 100) {
        self.status = status
        self.limit = limit
    }

    /// A condition in SQL, with its arguments; days are those of the line's time.
    func condition(_ time: LineTime) -> (sql: String, arguments: [Value]) {
        var parts: [String] = []
        var arguments: [Value] = []
        func add(_ part: String, _ argument: Value) {
            parts.append(part)
            arguments.append(argument)
        }
        if let status { add("status = ?", .text(status.rawValue)) }
        if let caller { add("caller = ?", .text(caller.rawValue)) }
        for (concern, field) in CaseFields.concernFields where concerns.contains(concern) {
            add("\(field.definition.name) = ?", .integer(1))
        }
        if let age { add("age = ?", .text(age.rawValue)) }
        if let heardOf { add("heard_of = ?", .text(heardOf.rawValue)) }
        if let researchOffer { add("research_offer = ?", .text(researchOffer.rawValue)) }
        if let isReviewed { parts.append((isReviewed ? "" : "NOT ") + CaseworkSchema.isReviewedCondition) }
        if let concernsChild {
            add("\(CaseworkSchema.concernsChildCondition) = ?", .integer(concernsChild ? 1 : 0))
        }
        if let numberPrefix {
            // Between the prefix and what follows the last digit: a range of the index.
            add("id IN (SELECT parent FROM numbers WHERE number >= ?", .text(numberPrefix))
            add("number < ? || ':')", .text(numberPrefix))
        }
        if let openedFrom { add("opened_at >= ?", time.moment(openedFrom, minute: 0).fieldValue) }
        if let openedThrough { add("opened_at < ?", time.moment(openedThrough, minute: 1_440).fieldValue) }
        return (parts.isEmpty ? "1" : parts.joined(separator: " AND "), arguments)
    }
}
