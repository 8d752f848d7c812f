/// Tests what a reader can compute: for each hidden number, whether as many values are possible as there must be.
///
/// A value counts as possible only with a whole solution of everything printed in which the number has it: a *witness*.
/// So what passes is safe, whatever the search did not look at. What does not pass is either proven to be too narrow, by
/// bounds or by a search that came to its end, or was given up; both are treated alike.
struct DisclosureAudit {
    let system: LinearSystem
    /// Steps for each value of each hidden number.
    let stepsForEach: Int
    /// Solutions found so far, as what differs from the true values. They stay when more is hidden.
    private var witnesses: [[Int: Int]] = []
    /// Of the last answer, those of which it is proven that no more values are possible.
    private(set) var proven: Set<Int> = []

    init(_ system: LinearSystem, stepsForEach: Int = 400) {
        self.system = system
        self.stepsForEach = stepsForEach
    }

    /// The hidden numbers for which fewer values are possible than there must be, with how many were found.
    ///
    /// - Parameters:
    ///   - isKnown: by variable.
    ///   - needed: how many values must be possible, by hidden variable.
    ///   - deadline: after which nothing more is looked for.
    mutating func unsafe(
        known isKnown: [Bool], needed: [Int: Int], deadline: ContinuousClock.Instant
    ) -> [Int: Int] {
        var seen: [Int: Set<Int>] = [:]
        for variable in needed.keys { seen[variable] = [system.truth[variable]] }
        for witness in witnesses where witness.keys.allSatisfy({ !isKnown[$0] }) {
            for (variable, value) in witness { seen[variable]?.insert(value) }
        }
        var result: [Int: Int] = [:]
        proven = []
        let doubtful = needed.filter { (seen[$0.key]?.count ?? 0) < $0.value }.keys.sorted()
        for component in system.components(of: doubtful, known: isKnown) {
            let wanted = component.variables.indices.filter { needed[component.variables[$0]] != nil }
            guard let bounds = component.system.bounds() else {
                preconditionFailure("the true values solve the system")
            }
            for index in wanted {
                let variable = component.variables[index]
                guard let count = needed[variable] else { continue }
                look(for: index, count, in: component, bounds, &seen, deadline)
                let found = seen[variable]?.count ?? 0
                if found < count { result[variable] = found }
            }
        }
        return result
    }

    /// Looks for values of one variable, the nearest to its true one first.
    private mutating func look(
        for index: Int, _ count: Int, in component: LinearSystem.Component, _ bounds: Bounds,
        _ seen: inout [Int: Set<Int>], _ deadline: ContinuousClock.Instant
    ) {
        let variable = component.variables[index]
        let range = bounds.lower[index]...bounds.upper[index]
        guard range.count >= count else {
            proven.insert(variable)
            return
        }
        let truth = system.truth[variable]
        var isExhausted = false
        var distance = 0
        var triedCount = seen[variable]?.count ?? 0
        while (seen[variable]?.count ?? 0) < count, distance <= 3 * count,
            ContinuousClock.now < deadline
        {
            distance += 1
            for value in [truth + distance, truth - distance]
            where range.contains(value) && !(seen[variable]?.contains(value) ?? false) {
                triedCount += 1
                var search = LinearSearch(component.system, steps: stepsForEach)
                let found = search.solution(bounds, index, is: value)
                isExhausted = isExhausted || search.isExhausted
                guard let solution = found else { continue }
                var witness: [Int: Int] = [:]
                for (place, value) in solution.enumerated() where value != component.system.truth[place] {
                    witness[component.variables[place]] = value
                    seen[component.variables[place]]?.insert(value)
                }
                witnesses.append(witness)
            }
        }
        if !isExhausted, triedCount >= range.count { proven.insert(variable) }
    }
}
