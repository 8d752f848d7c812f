import TestSupport
import Testing

@testable import Casework

/// The audit and the choice of what to hide, on tables that are small enough to try everything.
@Suite("Disclosure control on small tables")
struct DisclosureAuditTests {
    static let far = ContinuousClock.now + .seconds(600)

    /// A table with the sums of its rows and columns and of all.
    struct SmallTable {
        var system = LinearSystem()
        var cells: [[Int]] = []
        var rows: [Int] = []
        var columns: [Int] = []
        var total = 0

        init(_ values: [[Int]]) {
            for row in values { cells.append(row.map { system.addVariable($0) }) }
            for (row, values) in zip(cells, values) {
                rows.append(system.addVariable(values.reduce(0, +)))
                system.addSum(row, is: rows[rows.count - 1])
            }
            for column in values[0].indices {
                columns.append(system.addVariable(values.reduce(0) { $0 + $1[column] }))
                system.addSum(cells.map { $0[column] }, is: columns[column])
            }
            total = system.addVariable(values.joined().reduce(0, +))
            system.addSum(rows, is: total)
            system.addSum(columns, is: total)
        }

        static func random(rows: Int, columns: Int, scale: Int, _ generator: inout SplitMix64) -> [[Int]] {
            (0..<rows).map { _ in (0..<columns).map { _ in Int.random(in: 0...scale, using: &generator) } }
        }

        /// The values that each variable has in any table that agrees with what is known. By trying all.
        func possible(known: [Bool]) -> [Set<Int>] {
            let flat = cells.flatMap { $0 }
            var possible = [Set<Int>](repeating: [], count: system.truth.count)
            func visit(_ values: [Int]) {
                guard values.count < flat.count else { return take(values) }
                let variable = flat[values.count]
                let range = known[variable] ? system.truth[variable]...system.truth[variable] : 0...system.truth[total]
                for value in range where values.reduce(value, +) <= system.truth[total] { visit(values + [value]) }
            }
            func take(_ values: [Int]) {
                var all = [Int](repeating: 0, count: system.truth.count)
                for (variable, value) in zip(flat, values) { all[variable] = value }
                for (variable, row) in zip(rows, cells) { all[variable] = row.reduce(0) { $0 + all[$1] } }
                for (index, variable) in columns.enumerated() {
                    all[variable] = cells.reduce(0) { $0 + all[$1[index]] }
                }
                all[total] = rows.reduce(0) { $0 + all[$1] }
                let agrees = all.indices.allSatisfy {
                    !known[$0] || all[$0] == system.truth[$0]
                }
                if agrees { for index in all.indices { possible[index].insert(all[index]) } }
            }
            visit([])
            return possible
        }
    }

    @Test("what a reader can narrow down to too few values is found, and nothing else: as by trying all tables")
    func auditIsExact() {
        var generator = SplitMix64(seed: 7)
        var unsafeCount = 0
        var safeCount = 0
        for _ in 0..<100 {
            let columns = Int.random(in: 2...3, using: &generator)
            let table = SmallTable(
                SmallTable.random(rows: 2, columns: columns, scale: columns == 2 ? 4 : 2, &generator))
            var known = table.system.truth.indices.map { _ in Bool.random(using: &generator) }
            known[table.total] = true
            let limit = Int.random(in: 2...5, using: &generator)
            let hidden = known.indices.filter { !known[$0] }
            var audit = DisclosureAudit(table.system, stepsForEach: 100_000)
            let unsafe = audit.unsafe(
                known: known, needed: Dictionary(uniqueKeysWithValues: hidden.map { ($0, limit) }), deadline: Self.far)
            let possible = table.possible(known: known)
            for variable in hidden {
                #expect((unsafe[variable] != nil) == (possible[variable].count < limit))
                if unsafe[variable] == nil { safeCount += 1 } else { unsafeCount += 1 }
            }
        }
        #expect(unsafeCount > 100 && safeCount > 50)
    }

    @Test("of 200 tables, what is hidden is safe, and at most one and a half times the least that is safe")
    func nearTheOptimum() throws {
        var generator = SplitMix64(seed: 11)
        var tableCount = 0
        var hiddenCount = 0
        var leastCount = 0
        var worst = 1.0
        while tableCount < 200 {
            let scale = [6, 12, 25].randomElement(using: &generator) ?? 6
            let table = SmallTable(
                SmallTable.random(rows: 2, columns: tableCount % 2 + 2, scale: scale, &generator))
            let all = table.system.truth.indices
            let limit = Int.random(in: 3...5, using: &generator)
            let small = Set(all.filter { (1..<limit).contains(table.system.truth[$0]) })
            guard !small.isEmpty else { continue }
            tableCount += 1
            var suppression = CellSuppression(
                table.system, weights: Dictionary(uniqueKeysWithValues: all.map { ($0, 1) }),
                needed: Dictionary(uniqueKeysWithValues: all.map { ($0, limit) }))
            let hidden = try suppression.hidden(beginningWith: small, deadline: Self.far)
            #expect(hidden.isSuperset(of: small))
            if table.system.truth[table.total] <= 12, !hidden.contains(table.total) {
                let possible = table.possible(known: all.map { !hidden.contains($0) })
                #expect(hidden.allSatisfy { possible[$0].count >= limit })
            }
            let least = Self.least(table.system, small, limit, below: hidden.count)
            hiddenCount += hidden.count
            leastCount += least
            worst = max(worst, Double(hidden.count) / Double(least))
        }
        print("suppression: \(hiddenCount) hidden in 200 tables, \(leastCount) at least; worst table \(worst)")
        #expect(worst <= 1.5)
    }

    /// The size of the smallest safe set, by trying all that are smaller.
    private static func least(_ system: LinearSystem, _ small: Set<Int>, _ limit: Int, below count: Int) -> Int {
        var audit = DisclosureAudit(system, stepsForEach: 20_000)
        let others = system.truth.indices.filter { !small.contains($0) }
        func isSafe(_ hidden: Set<Int>) -> Bool {
            audit.unsafe(
                known: system.truth.indices.map { !hidden.contains($0) },
                needed: Dictionary(uniqueKeysWithValues: hidden.map { ($0, limit) }), deadline: far
            ).isEmpty
        }
        func hasSafe(_ chosen: Set<Int>, from first: Int, _ more: Int) -> Bool {
            if more == 0 { return isSafe(small.union(chosen)) }
            return others.indices.dropFirst(first).contains {
                hasSafe(chosen.union([others[$0]]), from: $0 + 1, more - 1)
            }
        }
        return (0..<(count - small.count)).first { hasSafe([], from: 0, $0) }.map { $0 + small.count } ?? count
    }

    @Test("a search that has no time, or that nothing can help, fails and hides nothing by halves")
    func failure() {
        let table = SmallTable([[1, 9], [9, 9]])
        let all = table.system.truth.indices
        var suppression = CellSuppression(
            table.system, weights: Dictionary(uniqueKeysWithValues: all.map { ($0, 1) }),
            needed: Dictionary(uniqueKeysWithValues: all.map { ($0, 3) }))
        #expect(throws: CellSuppression.Failure.self) {
            try suppression.hidden(beginningWith: [0], deadline: .now - .seconds(1))
        }
        suppression.published = Set(all.dropFirst())
        #expect(throws: CellSuppression.Failure.self) {
            try suppression.hidden(beginningWith: [0], deadline: Self.far)
        }
    }
}
