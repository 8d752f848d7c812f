import SyncProtocol
import Testing

@testable import Trust

/// Trees of branches at random, and desks that meet them in any order.
@Suite("The roster: every order of meeting ends the same")
struct RosterConfluenceTests {
    struct Generator: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
        }
    }

    /// Chains that grow out of each other at random places.
    func chains(_ random: inout Generator, heavy: Int) throws -> [TestLine] {
        var base = TestLine()
        try base.write(base.admission(2, role: .lead))
        var nodes = [base]
        var chains: [TestLine] = []
        for seed in 0..<12 as Range<UInt8> {
            var line = nodes.randomElement(using: &random)!
            let author = Bool.random(using: &random) ? line.founder : TestLine.device(2)
            switch Int.random(in: 0..<100, using: &random) {
            case 0..<heavy: try line.write(.rotate(line.nextEpoch(seed)), by: author)
            case heavy..<(heavy + heavy / 4):
                try line.write(
                    .recovering(
                        line: line.line, TestLine.device(60 + seed), sealedName: [1],
                        recovery: TestLine.device(160 + seed), line.nextEpoch(seed)), by: line.recovery)
                line.recovery = TestLine.device(160 + seed)
            case 50..<60: try line.write(.rules([seed]), by: author)
            default: try line.write(line.admission(20 + seed), by: author)
            }
            nodes.append(line)
            chains.append(line)
        }
        return chains
    }

    /// Meets chains one after the other, and then all again: where it ends, and whether it had to stop at the end.
    func end(of start: Roster, meeting chains: [Roster]) -> (head: [UInt8], isUndecided: Bool) {
        var roster = start
        var isUndecided = false
        for round in 0..<2 {
            for chain in chains {
                do throws(RosterError) {
                    switch try roster.compared(with: chain.entries) {
                    case .behind(let new), .theirs(let new, _, _): roster = new
                    case .equal, .ahead, .ours: break
                    }
                } catch {
                    #expect(error.code == .undecided)
                    if round == 1 { isUndecided = true }
                }
            }
        }
        return (roster.state.head, isUndecided)
    }

    @Test("without two branches that take rights away, all desks come to one roster", arguments: 0..<12)
    func light(seed: UInt64) throws {
        var random = Generator(state: seed)
        let chains = try chains(&random, heavy: 0).map(\.roster)
        let ends = chains.map { end(of: $0, meeting: chains.shuffled(using: &random)) }
        #expect(ends.allSatisfy { !$0.isUndecided })
        #expect(Set(ends.map(\.head)).count == 1)
    }

    @Test("with any, all come to one roster, or everyone who differs stops and says so", arguments: 0..<24)
    func any(seed: UInt64) throws {
        var random = Generator(state: seed &+ 1_000)
        let chains = try chains(&random, heavy: 16).map(\.roster)
        let ends = chains.map { end(of: $0, meeting: chains.shuffled(using: &random)) }
        let settled = ends.filter { !$0.isUndecided }
        // Whoever does not stop has the roster that all who do not stop have; and if somebody stopped, nobody goes on with
        // another one without knowing.
        #expect(Set(settled.map(\.head)).count <= 1)
        if !settled.isEmpty { #expect(settled.count == ends.count, "some stop and others do not") }
    }

    @Test("of any three chains no two orders disagree", arguments: 0..<12)
    func transitive(seed: UInt64) throws {
        var random = Generator(state: seed &+ 9_000)
        let chains = try chains(&random, heavy: 16).map(\.roster)
        func isBetter(_ left: Roster, _ right: Roster) -> Bool? {
            do throws(RosterError) {
                switch try right.compared(with: left.entries) {
                case .behind, .theirs: return true
                case .equal, .ahead, .ours: return false
                }
            } catch {
                return nil
            }
        }
        for first in chains {
            for second in chains where isBetter(first, second) == true {
                #expect(isBetter(second, first) == false)
                for third in chains where isBetter(second, third) == true {
                    #expect(isBetter(first, third) != false, "a ring of branches")
                }
            }
        }
    }
}
