/// Chooses what to hide of a report, beside what is too small to be shown, so that nothing hidden can be computed.
///
/// Primary and complementary cell suppression: small numbers are hidden; while the audit finds one of which too few values
/// are possible, the number beside it whose hiding helps most is hidden too, the lightest first; then what turns out not to be
/// needed is shown again, and smaller sets are tried, as many as there is time for. Where nothing is found that way, all is
/// hidden, and shown again as far as that is safe. Choosing the fewest is NP-hard
/// (docs/disclosure-control.md); the result is safe whether it is the smallest or not.
struct CellSuppression {
    let system: LinearSystem
    /// Numbers that may be hidden, with what is lost by it.
    var weights: [Int: Int]
    /// Numbers that are known for good: printed before.
    var published: Set<Int> = []
    /// How many values must be possible, for each number that may be hidden or is not printed.
    var needed: [Int: Int]
    private var audit: DisclosureAudit
    /// The largest weight of what may be hidden.
    private var heaviest = Int.max

    struct Failure: Error {}

    init(_ system: LinearSystem, weights: [Int: Int], needed: [Int: Int]) {
        self.system = system
        self.weights = weights
        self.needed = needed
        audit = DisclosureAudit(system)
    }

    /// The numbers to hide, those that have to be hidden among them.
    ///
    /// Errors: `Failure` where the time was not enough, or nothing more can be hidden.
    mutating func hidden(beginningWith small: Set<Int>, deadline: ContinuousClock.Instant) throws(Failure) -> Set<Int> {
        let open = unsafe(small, deadline)
        if open.isEmpty { return small }
        // First without the numbers that say most, however many others it takes.
        let half = deadline - (deadline - .now) / 2
        for limit in Set(weights.values).sorted() where ContinuousClock.now < half {
            heaviest = limit
            guard var added = grown(small, open, half) else { continue }
            // It is safe from here on; where time runs out, more stays hidden than had to be.
            let improving = ContinuousClock.now + (deadline - .now) / Self.improvingShare
            added = shrunk(small, added, improving)
            if let fewer = fewest(small, open, below: added, improving) { added = fewer }
            return small.union(added)
        }
        guard let added = revealed(small, deadline) else { throw Failure() }
        return small.union(added)
    }

    /// The other way round, where that found nothing in half of the time: hides all and shows again what it is safe to
    /// show, what says most first, until the time is over.
    private mutating func revealed(_ small: Set<Int>, _ deadline: ContinuousClock.Instant) -> Set<Int>? {
        let all = Set(weights.keys).subtracting(small).subtracting(published)
        guard unsafe(small.union(all), deadline).isEmpty else { return nil }
        return shrunk(small, all, deadline)
    }

    /// For which part of the time that is left fewer are looked for, once there is a way.
    private static let improvingShare = 4

    /// Hides one number after the other until all are safe.
    private mutating func grown(
        _ small: Set<Int>, _ first: [Int: Int], _ deadline: ContinuousClock.Instant
    ) -> Set<Int>? {
        var added: Set<Int> = []
        var open = first
        while let (variable, _) = open.min(by: { ($0.value, $0.key) < ($1.value, $1.key) }) {
            guard let next = best(for: variable, small.union(added), deadline) else { return nil }
            added.insert(next.variable)
            open = next.open
        }
        return added
    }

    /// Without those that it is safe to show again, the heaviest first.
    private mutating func shrunk(
        _ small: Set<Int>, _ added: Set<Int>, _ deadline: ContinuousClock.Instant
    ) -> Set<Int> {
        var added = added
        for variable in added.sorted(by: { (weight($1), $0) < (weight($0), $1) }) {
            let rest = added.subtracting([variable])
            if unsafe(small.union(rest), deadline).isEmpty { added = rest }
        }
        return added
    }

    /// How many sets are tried in search of a smaller one: all of a small table, few of a large one.
    private static let triedSets = 1_500

    /// The lightest safe set, by trying those with fewer members; nil if none was found within the number of tries.
    private mutating func fewest(
        _ small: Set<Int>, _ open: [Int: Int], below added: Set<Int>, _ deadline: ContinuousClock.Instant
    ) -> Set<Int>? {
        let near = Set(open.keys.flatMap { neighbours(of: $0, small) })
        let far = weights.keys.filter { !near.contains($0) && !small.contains($0) && !published.contains($0) }
        func lightestFirst(_ variables: some Collection<Int>) -> [Int] {
            variables.sorted { (weight($0), $0) < (weight($1), $1) }
        }
        let candidates = lightestFirst(near) + lightestFirst(far)
        let limit = added.reduce(0) { $0 + (weights[$1] ?? 1) }
        var tries = Self.triedSets
        for count in 1..<max(1, added.count) {
            var picked = Array(0..<min(count, candidates.count))
            while picked.count == count {
                tries -= 1
                guard tries > 0, ContinuousClock.now < deadline else { return nil }
                let set = Set(picked.map { candidates[$0] })
                if set.reduce(0, { $0 + (weights[$1] ?? 1) }) < limit, unsafe(small.union(set), deadline).isEmpty {
                    return set
                }
                // The next combination.
                guard let place = picked.indices.last(where: { picked[$0] < candidates.count - count + $0 }) else {
                    break
                }
                picked[place] += 1
                for index in picked.indices where index > place { picked[index] = picked[index - 1] + 1 }
            }
        }
        return nil
    }

    private func weight(_ variable: Int) -> Int { (weights[variable] ?? 1) * 1_000_000 + system.truth[variable] }

    private mutating func unsafe(_ hidden: Set<Int>, _ deadline: ContinuousClock.Instant) -> [Int: Int] {
        let isKnown = system.truth.indices.map { published.contains($0) || weights[$0] != nil && !hidden.contains($0) }
        return audit.unsafe(
            known: isKnown, needed: needed.filter { !isKnown[$0.key] }, deadline: deadline)
    }

    /// The number to hide for one that is not safe: the one that leaves the least to be done.
    private mutating func best(
        for variable: Int, _ hidden: Set<Int>, _ deadline: ContinuousClock.Instant
    ) -> (variable: Int, open: [Int: Int])? {
        var best: (variable: Int, open: [Int: Int], missing: Int, weight: Int)?
        for candidate in neighbours(of: variable, hidden).prefix(16) {
            guard ContinuousClock.now < deadline else { return nil }
            let rest = unsafe(hidden.union([candidate]), deadline)
            // How many values are still missing, over all.
            let missing = rest.reduce(0) { $0 + (needed[$1.key] ?? 0) - $1.value }
            let cost = (weights[candidate] ?? 1) * 4 + missing
            if best.map({ (cost, weight(candidate)) < ($0.missing, $0.weight) }) ?? true {
                best = (candidate, rest, cost, weight(candidate))
            }
        }
        return best.map { ($0.variable, $0.open) }
    }

    /// Numbers that are shown and could be hidden, in an equation with a hidden one that this one depends on: the nearest
    /// and lightest first.
    private func neighbours(of variable: Int, _ hidden: Set<Int>) -> [Int] {
        var reached: Set<Int> = [variable]
        var border = [variable]
        var result: [Int] = []
        var found: Set<Int> = []
        while !border.isEmpty {
            var next: [Int] = []
            var here: [Int] = []
            for place in border.flatMap({ system.places[$0] }) {
                for term in system.equations[place].terms where !reached.contains(term.variable) {
                    if weights[term.variable] != nil, !hidden.contains(term.variable) {
                        guard !published.contains(term.variable), (weights[term.variable] ?? 0) <= heaviest else {
                            continue
                        }
                        if found.insert(term.variable).inserted { here.append(term.variable) }
                    } else if !published.contains(term.variable) {
                        reached.insert(term.variable)
                        next.append(term.variable)
                    }
                }
            }
            result += here.sorted { weight($0) < weight($1) }
            border = next
        }
        return result
    }
}
