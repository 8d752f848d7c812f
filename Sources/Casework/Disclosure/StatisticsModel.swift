import Replica

/// Everything that is printed about some periods, as numbers and what holds between them.
///
/// The periods are cut into parts that do not overlap. What a report of one part prints is a variable; what a report of
/// several prints is the sum of theirs. So months, their unions, and what one leaves of the other are one system.
struct StatisticsModel {
    private(set) var system = LinearSystem()
    private let parts: [Statistics]
    private var variables: [String: Int] = [:]
    private var weights: [Int: Int] = [:]
    private var needed: [Int: Int] = [:]
    private var published: Set<Int> = []
    private var hiddenBefore: Set<Int> = []

    /// - Parameter parts: exact counts, in the order of time.
    init(parts: [Statistics]) {
        self.parts = parts
        for part in parts { add(part) }
    }

    private static func name(_ part: Statistics, _ figure: String) -> String { "\(part.period.from)/\(figure)" }

    // MARK: What is so

    /// The numbers of a part, and what everybody knows of them.
    private mutating func add(_ part: Statistics) {
        for (figure, value) in part.figures.sorted(by: { $0.key < $1.key }) {
            // One number of the whole line, in every report.
            let name = figure == "undated" ? figure : Self.name(part, figure)
            if variables[name] == nil { variables[name] = system.addVariable(value.count ?? 0) }
        }
        let variables = variables
        func variable(_ figure: String) -> Int? { variables[Self.name(part, figure)] }
        func all(_ tally: String) -> [Int] {
            part.figures.keys.filter { $0.hasPrefix(tally + ".") }.sorted().compactMap(variable)
        }
        addTotals(all) { variable($0) }
        guard let cases = variable("cases"), let contacts = variable("contactCount") else { return }
        var kinds: [Int] = []
        var outbound: [Int] = []
        var opening: [Int] = []
        for month in part.contacts {
            func of(_ column: String) -> [Int] { [variable("\(month.month).\(column)")].compactMap { $0 } }
            let later = of("repeat") + of("withoutCase") + of("other")
            kinds += of("opening") + later
            outbound += of("outbound")
            opening += of("opening")
            // Calls that the helpline makes open no case, as a rule.
            if !addIfTrue(later, isAtLeast: of("outbound")) {
                addIfTrue(of("opening") + later, isAtLeast: of("outbound"))
            }
        }
        addIfTrue(kinds, is: [contacts])
        addIfTrue(outbound, is: [variable("channel.outbound")].compactMap { $0 })
        // As a rule each case has an opening contact in its own month.
        addIfTrue(opening, is: [cases])
        // A case is about a concern or several, or none is recorded.
        let concerns = Concern.allCases.compactMap { variable("concern.\($0.rawValue)") }
        let none = [variable("concern.\(Tally.notRecorded)")].compactMap { $0 }
        for concern in concerns { addIfTrue([cases], isAtLeast: [concern] + none) }
        addIfTrue(concerns + none, isAtLeast: [cases])
        // Mostly the same cases.
        let mistakes = [variable("mistakes.cases")].compactMap { $0 }
        addIfTrue(mistakes, is: [variable("closings.\(ClosingReason.mistake.rawValue)")].compactMap { $0 })
        addIfTrue([variable("mistakes.contacts")].compactMap { $0 }, isAtLeast: mistakes)
    }

    /// Totals of tallies, and the cases that concern a child between their own age group and all.
    private mutating func addTotals(_ all: (String) -> [Int], total: (String) -> Int?) {
        if let cases = total("cases") {
            for tally in ["caller", "age"] { addIfTrue(all(tally), is: [cases]) }
            if let children = total("children") {
                if let youngest = total("age.\(AgeBand.under18.reportWord)") {
                    addIfTrue([children], isAtLeast: [youngest])
                }
                addIfTrue([cases], isAtLeast: [children])
            }
        }
        if let contacts = total("contactCount") {
            for tally in ["channel", "language", "interpreting", "request", "openingHours"] {
                addIfTrue(all(tally), is: [contacts])
            }
        }
    }

    /// What does not hold of the true numbers cannot be used to compute them.
    @discardableResult
    private mutating func addIfTrue(_ variables: [Int], is others: [Int]) -> Bool {
        guard !variables.isEmpty, !others.isEmpty, sum(variables) == sum(others) else { return false }
        system.addSum(variables, is: others)
        return true
    }

    @discardableResult
    private mutating func addIfTrue(_ variables: [Int], isAtLeast others: [Int]) -> Bool {
        guard !variables.isEmpty, !others.isEmpty, sum(variables) >= sum(others) else { return false }
        system.addSum(variables, isAtLeast: others)
        return true
    }

    private func sum(_ variables: [Int]) -> Int { variables.reduce(0) { $0 + system.truth[$1] } }

    // MARK: What is printed

    /// The variables of the numbers that a report prints, by name; made where it is of several parts.
    private mutating func printed(
        _ names: some Collection<String>, from: CalendarDate, through: CalendarDate
    ) -> [String: Int] {
        let own = parts.filter { from <= $0.period.from && $0.period.through <= through }
        let languages = Set(names.filter { $0.hasPrefix("language.") })
        var result: [String: Int] = [:]
        for name in names.sorted() {
            let bases: [Int] =
                if name == "undated" {
                    [variables[name]].compactMap { $0 }
                } else if name == "language.\(Tally.otherLanguages)" {
                    own.flatMap { part in
                        part.language.entries.filter { !languages.contains("language.\($0.word)") }
                            .compactMap { variables[Self.name(part, "language.\($0.word)")] }
                    }
                } else {
                    own.compactMap { variables[Self.name($0, name)] }
                }
            if bases.count == 1 {
                result[name] = bases[0]
            } else if !bases.isEmpty {
                let key = "\(from)–\(through)/\(name)/\(bases)"
                if variables[key] == nil {
                    system.level = 1
                    let variable = system.addVariable(sum(bases))
                    system.addSum(bases, is: variable)
                    variables[key] = variable
                }
                result[name] = variables[key]
            }
        }
        if own.count > 1 {
            system.level = 2
            // They follow from the parts; said outright, bounds are narrowed at once.
            addTotals { tally in
                result.filter { $0.key.hasPrefix(tally + ".") }.sorted { $0.key < $1.key }.map(\.value)
            } total: {
                result[$0]
            }
        }
        return result
    }

    /// What was published before is known, and what was hidden in it stays hidden.
    mutating func add(_ publication: Publication) {
        let printed = printed(publication.figures.keys, from: publication.from, through: publication.through)
        for (name, variable) in printed {
            if publication.figures[name] == .hidden {
                hiddenBefore.insert(variable)
                needed[variable] = max(needed[variable] ?? 0, publication.hiddenBelow)
            } else {
                published.insert(variable)
            }
        }
    }

    /// - Returns: the variable of each number of the new report.
    mutating func add(_ report: Statistics, below limit: Int) -> [String: Int] {
        let names = printed(report.figures.keys, from: report.period.from, through: report.period.through)
        for (name, variable) in names where !published.contains(variable) {
            weights[variable] = Self.weight(name)
            needed[variable] = max(needed[variable] ?? 0, limit)
        }
        // Small differences are numbers too, which the reader makes: children of other ages, cases that concern none.
        if let children = names["children"], let cases = names["cases"],
            let youngest = names["age.\(AgeBand.under18.reportWord)"]
        {
            for (more, less) in [(children, youngest), (cases, children)] {
                let difference = system.truth[more] - system.truth[less]
                guard difference > 0, difference < limit else { continue }
                let slack = system.addSum([more], isAtLeast: [less])
                needed[slack] = limit
            }
        }
        return names
    }

    /// How much is lost with a number: a total says more than a part of one.
    private static func weight(_ name: String) -> Int {
        switch name {
        case "cases": 20
        case "contactCount": 12
        case "children": 4
        default: name.hasSuffix(".opening") || name.hasSuffix(".repeat") ? 2 : 1
        }
    }

    /// The variables to hide. Errors: ``CellSuppression/Failure``.
    mutating func hidden(
        _ names: [String: Int], below limit: Int, deadline: ContinuousClock.Instant
    ) throws(CellSuppression.Failure) -> Set<Int> {
        let truth = system.truth
        var published = published
        let small = Set(names.values.filter { !published.contains($0) && (1..<limit).contains(truth[$0]) })
        var needed = needed.filter { !published.contains($0.key) }
        // What can be computed from earlier reports alone, whatever is hidden of this one, is known already: a sum of months
        // that were shown, or what a correction gave away.
        var audit = DisclosureAudit(system)
        let lost = audit.unsafe(
            known: truth.indices.map { published.contains($0) }, needed: needed, deadline: deadline)
        for variable in lost.keys where audit.proven.contains(variable) {
            needed[variable] = nil
            if !small.contains(variable), !hiddenBefore.contains(variable) { published.insert(variable) }
        }
        var suppression = CellSuppression(system, weights: weights, needed: needed)
        suppression.published = published
        return try suppression.hidden(
            beginningWith: small.union(hiddenBefore.subtracting(published)), deadline: deadline)
    }
}
