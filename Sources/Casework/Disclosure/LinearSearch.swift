/// Looks for whole numbers that solve a system, beginning at its true values and going no further from them than it must.
///
/// Branch and bound: an equation that the preferred values do not solve is too large, or too small, by some amount. One of
/// its variables must then be below (or above) its preferred value; each is tried in turn, with those tried before held.
/// That is complete: a search that ends without a solution and within its steps has proven that there is none. Bounds are
/// narrowed at every step.
struct LinearSearch {
    let system: LinearSystem
    /// Steps that are left.
    private(set) var steps: Int
    /// Whether it gave up before it was through.
    private(set) var isExhausted = false

    init(_ system: LinearSystem, steps: Int) {
        self.system = system
        self.steps = steps
    }

    /// A solution in which the variable has the value; nil if none was found.
    mutating func solution(_ bounds: Bounds, _ variable: Int, is value: Int) -> [Int]? {
        guard value >= bounds.lower[variable], value <= bounds.upper[variable] else { return nil }
        var bounds = bounds
        bounds.lower[variable] = value
        bounds.upper[variable] = value
        return solve(bounds, preferred: system.truth, changed: system.places[variable], depth: 0)
    }

    private mutating func solve(_ given: Bounds, preferred: [Int], changed: [Int], depth: Int) -> [Int]? {
        guard steps > 0, depth < 200 else {
            isExhausted = true
            return nil
        }
        steps -= 1
        var bounds = given
        guard bounds.propagate(system, from: changed) else { return nil }
        var preferred = preferred
        for variable in preferred.indices {
            preferred[variable] = min(max(preferred[variable], bounds.lower[variable]), bounds.upper[variable])
        }
        guard let (equation, excess) = unsolved(bounds, preferred) else { return preferred }
        let sign = excess > 0 ? 1 : -1
        var held = bounds
        for term in candidates(equation, sign, bounds, preferred) {
            let variable = term.variable
            let value = preferred[variable]
            var child = held
            var values = preferred
            if term.coefficient * sign > 0 {
                child.upper[variable] = value - 1
                values[variable] = max(child.lower[variable], value - abs(excess))
                held.lower[variable] = value
            } else {
                child.lower[variable] = value + 1
                values[variable] = min(child.upper[variable], value + abs(excess))
                held.upper[variable] = value
            }
            if let found = solve(child, preferred: values, changed: system.places[variable], depth: depth + 1) {
                return found
            }
            if isExhausted { return nil }
        }
        return nil
    }

    /// An equation that the preferred values do not solve, and by how much: of the lowest level, the one with the fewest ways out.
    private func unsolved(_ bounds: Bounds, _ preferred: [Int]) -> (equation: Int, excess: Int)? {
        var open: (equation: Int, excess: Int)?
        var fewest = (level: Int.max, free: Int.max)
        for (index, equation) in system.equations.enumerated() {
            var excess = equation.constant
            for term in equation.terms { excess += term.coefficient * preferred[term.variable] }
            guard excess != 0 else { continue }
            let free = equation.terms.count { bounds.lower[$0.variable] < bounds.upper[$0.variable] }
            if (equation.level, free) < fewest {
                open = (index, excess)
                fewest = (equation.level, free)
            }
        }
        return open
    }

    /// The variables of an equation that can move towards solving it: first sums of others, then those in few equations.
    private func candidates(
        _ equation: Int, _ sign: Int, _ bounds: Bounds, _ preferred: [Int]
    ) -> [LinearSystem.Term] {
        system.equations[equation].terms.filter { term in
            term.coefficient * sign > 0
                ? preferred[term.variable] > bounds.lower[term.variable]
                : preferred[term.variable] < bounds.upper[term.variable]
        }.sorted { first, second in
            let (one, other) = (first.variable, second.variable)
            return (-system.levels[one], system.places[one].count, one)
                < (-system.levels[other], system.places[other].count, other)
        }
    }
}
