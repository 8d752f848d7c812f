/// Finds what was probably meant by a misspelt word.
enum EditDistance {
    /// The candidate nearest to `word`; the first of several equally near; nil when none is near enough to suggest.
    ///
    /// Near enough is at most a third of the candidate's length in edits, and two edits in any case of four
    /// letters or more; or `word` is the beginning of the candidate.
    static func nearest(to word: String, among candidates: [String]) -> String? {
        var best: (candidate: String, distance: Int)?
        let letters = Array(word.drop { $0 == "-" })
        for candidate in candidates {
            let other = Array(candidate.drop { $0 == "-" })
            let isBeginning = letters.count >= 2 && other.starts(with: letters)
            let distance = isBeginning ? 1 : distance(letters, other)
            let limit = max(other.count / 3, other.count >= 4 ? 2 : 1)
            if distance <= limit && distance < max(letters.count, other.count) && distance < best?.distance ?? Int.max {
                best = (candidate, distance)
            }
        }
        return best?.candidate
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours that make `second` of `first`.
    ///
    /// Optimal string alignment distance; cost is the product of the lengths.
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var beforePrevious: [Int] = []
        var previous = Array(0...second.count)
        for row in 0..<first.count {
            var current = [row + 1]
            current.reserveCapacity(second.count + 1)
            for column in 0..<second.count {
                let replaced = previous[column] + (first[row] == second[column] ? 0 : 1)
                var cost = min(previous[column + 1] + 1, current[column] + 1, replaced)
                if row > 0, column > 0, first[row] == second[column - 1], first[row - 1] == second[column] {
                    cost = min(cost, beforePrevious[column - 1] + 1)
                }
                current.append(cost)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[second.count]
    }
}
