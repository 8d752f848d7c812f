/// Numbers that are not all known, and what is known of them: equations over whole numbers that are not negative.
///
/// The numbers of a report are such a system for whoever reads it. Each variable is a number that was printed, or one
/// that printed numbers are sums of. What is shown is known, and sums are equations.
struct LinearSystem {
    struct Term {
        var variable: Int
        /// 1 or -1.
        var coefficient: Int
    }

    /// The terms and the constant make up nought.
    struct Equation {
        var terms: [Term]
        var constant = 0
        var level = 0
    }

    /// What each number really is.
    private(set) var truth: [Int] = []
    private(set) var equations: [Equation] = []
    /// What is added is of this level: sums of variables of one level are a level above it. Only the order of a search
    /// depends on it: it solves the lowest first, and lets their sums follow.
    var level = 0
    /// By variable.
    private(set) var levels: [Int] = []
    /// The equations that each variable is in.
    private(set) var places: [[Int]] = []

    /// Larger than every number of a report.
    static let largest = 1 << 40

    /// - Returns: its index.
    mutating func addVariable(_ value: Int) -> Int {
        precondition(value >= 0)
        truth.append(value)
        places.append([])
        levels.append(level)
        return truth.count - 1
    }

    /// That some variables make up another. It must hold of the true values.
    mutating func addSum(_ parts: [Int], is total: Int) { addSum(parts, is: [total]) }

    mutating func addSum(_ parts: [Int], is others: [Int]) {
        let terms =
            parts.map { Term(variable: $0, coefficient: 1) } + others.map { Term(variable: $0, coefficient: -1) }
        precondition(terms.reduce(0) { $0 + $1.coefficient * truth[$1.variable] } == 0, "a sum that does not hold")
        for variable in Set(terms.map(\.variable)) { places[variable].append(equations.count) }
        equations.append(Equation(terms: terms, level: level))
    }

    /// That some variables make up at least as much as others.
    ///
    /// - Returns: the variable of what they are more.
    @discardableResult
    mutating func addSum(_ parts: [Int], isAtLeast others: [Int]) -> Int {
        let difference = parts.reduce(0) { $0 + truth[$1] } - others.reduce(0) { $0 + truth[$1] }
        precondition(difference >= 0, "a relation that does not hold")
        let slack = addVariable(difference)
        addSum(parts, is: others + [slack])
        return slack
    }
}

extension LinearSystem {
    /// A part of the system that has nothing to do with the rest.
    struct Component {
        var system: LinearSystem
        /// The whole system's variable of each of the part's.
        var variables: [Int]
    }

    /// The parts in which some variables are, of those into which the system falls when others are known.
    ///
    /// - Parameter isKnown: by variable.
    func components(of wanted: [Int], known isKnown: [Bool]) -> [Component] {
        var component = [Int](repeating: -1, count: truth.count)
        var components: [Component] = []
        for start in wanted where !isKnown[start] && component[start] < 0 {
            var variables = [start]
            var index = 0
            var joined: Set<Int> = []
            component[start] = components.count
            while index < variables.count {
                for place in places[variables[index]] where joined.insert(place).inserted {
                    for term in equations[place].terms where !isKnown[term.variable] && component[term.variable] < 0 {
                        component[term.variable] = components.count
                        variables.append(term.variable)
                    }
                }
                index += 1
            }
            components.append(Component(system: part(variables, joined.sorted(), isKnown), variables: variables))
        }
        return components
    }

    private func part(_ variables: [Int], _ equations: [Int], _ isKnown: [Bool]) -> LinearSystem {
        var result = LinearSystem()
        var index: [Int: Int] = [:]
        for variable in variables {
            result.level = levels[variable]
            index[variable] = result.addVariable(truth[variable])
        }
        for equation in equations {
            var constant = self.equations[equation].constant
            var terms: [Term] = []
            for term in self.equations[equation].terms {
                if let variable = index[term.variable] {
                    terms.append(Term(variable: variable, coefficient: term.coefficient))
                    result.places[variable].append(result.equations.count)
                } else {
                    constant += term.coefficient * truth[term.variable]
                }
            }
            result.equations.append(
                Equation(terms: terms, constant: constant, level: self.equations[equation].level))
        }
        return result
    }

    /// What is known before any value is tried; nil if nothing solves the system, which its true values always do.
    func bounds() -> Bounds? {
        var bounds = Bounds(
            lower: [Int](repeating: 0, count: truth.count), upper: [Int](repeating: Self.largest, count: truth.count))
        return bounds.propagate(self, from: Array(equations.indices)) ? bounds : nil
    }
}

/// Which whole numbers each variable may be: from a lower to an upper bound.
struct Bounds {
    var lower: [Int]
    var upper: [Int]

    /// Narrows the bounds until no equation narrows them further.
    ///
    /// - Parameter changed: equations to begin with.
    /// - Returns: false if there is no solution.
    mutating func propagate(_ system: LinearSystem, from changed: [Int]) -> Bool {
        var queue = changed
        var isQueued = Set(changed)
        var steps = 0
        while let equation = queue.popLast() {
            isQueued.remove(equation)
            steps += 1
            // Bounds may creep towards each other by ones; what is left then is for the search.
            if steps > 2_000 { return true }
            let terms = system.equations[equation].terms
            var least = system.equations[equation].constant
            var most = least
            for term in terms {
                let (low, high) = range(term)
                least += low
                most += high
            }
            guard least <= 0, most >= 0 else { return false }
            for term in terms {
                let (low, high) = range(term)
                // The others make up at least (least - low), so that this one is at most what they leave.
                let newHigh = min(high, -(least - low))
                let newLow = max(low, -(most - high))
                guard newLow <= newHigh else { return false }
                guard newLow > low || newHigh < high else { continue }
                if term.coefficient > 0 {
                    lower[term.variable] = newLow
                    upper[term.variable] = newHigh
                } else {
                    lower[term.variable] = -newHigh
                    upper[term.variable] = -newLow
                }
                least += newLow - low
                most += newHigh - high
                for place in system.places[term.variable] where isQueued.insert(place).inserted { queue.append(place) }
            }
        }
        return true
    }

    private func range(_ term: LinearSystem.Term) -> (Int, Int) {
        term.coefficient > 0
            ? (lower[term.variable], upper[term.variable]) : (-upper[term.variable], -lower[term.variable])
    }
}
