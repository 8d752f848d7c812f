/// Makes a failing script smaller: takes steps away for as long as what is left breaks the same invariant.
///
/// Source: Zeller and Hildebrandt, *Simplifying and Isolating Failure-Inducing Input*, IEEE TSE 28(2), 2002.
public struct Shrinker: Sendable {
    /// The most runs to spend.
    public var budget = 400
    private let run: @Sendable (Script) throws -> Outcome

    /// - Parameter run: runs a script; by default a plain ``Simulation``.
    public init(run: @escaping @Sendable (Script) throws -> Outcome = { try Simulation($0).run() }) { self.run = run }

    /// A script that still breaks the invariant that the given one broke, and the outcome of running it.
    public func shrink(_ failed: Outcome) throws -> Outcome {
        guard let invariant = failed.violation?.invariant else { return failed }
        var best = failed
        var left = budget
        var size = max(1, best.script.steps.count / 2)
        while true {
            var start = 0
            var hasShrunk = false
            while start < best.script.steps.count, left > 0 {
                let end = min(start + size, best.script.steps.count)
                let smaller = Self.without(start..<end, best.script)
                left -= 1
                let outcome = try run(smaller)
                if outcome.violation?.invariant == invariant {
                    best = outcome
                    hasShrunk = true
                } else {
                    start = end
                }
            }
            if left == 0 || (size == 1 && !hasShrunk) { return best }
            if !hasShrunk { size = max(1, size / 2) }
        }
    }

    /// The script without some steps; the time they took passes before the next one.
    private static func without(_ range: Range<Int>, _ script: Script) -> Script {
        var smaller = script
        let delay = script.steps[range].reduce(0) { $0 + $1.delay }
        smaller.steps.removeSubrange(range)
        if range.lowerBound < smaller.steps.count { smaller.steps[range.lowerBound].delay += delay }
        return smaller
    }
}
