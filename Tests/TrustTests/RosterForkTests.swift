import Merge
import SyncProtocol
import Testing

@testable import Trust

@Suite("The roster: forks")
struct RosterForkTests {
    let device = TestLine.device

    /// A line with three leads, from which branches go out.
    func base() throws -> TestLine {
        var line = TestLine()
        try line.write(line.admission(2, role: .lead))
        try line.write(line.admission(3, role: .lead))
        return line
    }

    enum Outcome: Equatable {
        case equal, behind, ahead(UInt64), theirs(UInt64), ours(UInt64), refused(RosterError.Code)
    }

    func outcome(_ ours: Roster, _ theirs: [SignedEntry]) -> Outcome {
        do throws(RosterError) {
            switch try ours.compared(with: theirs) {
            case .equal: return .equal
            case .behind: return .behind
            case .ahead(let from): return .ahead(from)
            case .theirs(let roster, let from, let lost):
                #expect(roster.entries == Array(ours.entries[..<Int(from)]) + theirs.suffix(roster.count - Int(from)))
                #expect(lost == Array(ours.entries[Int(from)...]))
                return .theirs(from)
            case .ours(let from): return .ours(from)
            }
        } catch {
            return .refused(error.code)
        }
    }

    @Test("a chain that is shorter is behind, wherever the entries begin")
    func behindAndAhead() throws {
        let short = try base()
        var long = short
        try long.write(.rules([1]))
        try long.write(.rules([2]))
        #expect(outcome(short.roster, []) == .equal)
        for start in 0...3 {
            #expect(outcome(short.roster, Array(short.roster.entries[start...])) == .equal)
            #expect(outcome(short.roster, Array(long.roster.entries[start...])) == .behind)
            #expect(
                outcome(long.roster, Array(short.roster.entries[start...])) == (start == 3 ? .equal : .ahead(3)),
                "from \(start)")
        }
        guard case .behind(let grown) = try short.roster.compared(with: Array(long.roster.entries[2...])) else {
            Issue.record("not behind")
            return
        }
        #expect(grown.entries == long.roster.entries && grown.state.sealedRules == [2])
        #expect(outcome(short.roster, Array(long.roster.entries[4...])) == .refused(.notNext), "a gap")
    }

    @Test("another line's chain, or one with a bad entry, is taken for nothing else")
    func strangers() throws {
        let line = try base()
        #expect(outcome(line.roster, TestLine(seed: 9).roster.entries) == .refused(.otherLine))
        var long = line
        try long.write(.rules([1]))
        var entries = long.roster.entries
        entries[3].signature[5] ^= 1
        #expect(outcome(line.roster, entries) == .refused(.wrongSignature))
        // A bad signature under an entry that is already known says nothing new.
        entries = long.roster.entries
        entries[2].signature[5] ^= 1
        #expect(outcome(line.roster, entries) == .behind)
        // Forked before where they begin.
        var other = try base()
        try other.write(.rules([8]))
        try other.write(.rules([9]))
        try long.write(.rules([2]))
        #expect(outcome(long.roster, Array(other.roster.entries[4...])) == .refused(.notNext))
    }

    /// Branches by their weight: what is in them, and what they weigh.
    func branches() throws -> [(name: String, weight: Int, line: TestLine)] {
        func branch(_ name: String, _ weight: Int, _ write: (inout TestLine) throws -> Void) throws -> (
            String, Int, TestLine
        ) {
            var line = try base()
            try write(&line)
            return (name, weight, line)
        }
        let recover: (inout TestLine) throws -> Void = { line in
            try line.write(
                .recovering(
                    line: line.line, TestLine.device(60), sealedName: [1], recovery: TestLine.device(160),
                    line.nextEpoch(50)), by: line.recovery)
        }
        return [
            try branch("admits", 0) { try $0.write($0.admission(20)) },
            try branch("admits a lead", 0) { try $0.write($0.admission(21, role: .lead)) },
            try branch("makes a lead of one", 0) {
                try $0.write($0.admission(22))
                try $0.write(.role(TestLine.device(22).id, .lead))
            },
            try branch("rules, names, moves, keeps, and does what is passed over", 0) {
                try $0.write(.rules([1]))
                try $0.write(.name($0.founder.id, [1]))
                try $0.write(.server(address: "https://b", pins: []))
                try $0.write(.keep(RecordID(high: 1, low: 1)))
                try $0.write(.other(kind: 130, body: [1]))
            },
            try branch("says again that a counsellor is one", 0) {
                try $0.write($0.admission(23))
                try $0.write(.role(TestLine.device(23).id, .counsellor))
            },
            try branch("removes", 1) { try $0.write(.remove([TestLine.device(2).id], $0.nextEpoch(51))) },
            try branch("rotates", 1) { try $0.write(.rotate($0.nextEpoch(52))) },
            try branch("lowers a role", 1) { try $0.write(.role(TestLine.device(2).id, .counsellor)) },
            try branch("lowers its own new lead", 1) {
                try $0.write($0.admission(24, role: .lead))
                try $0.write(.role(TestLine.device(24).id, .counsellor))
            },
            try branch("removes late", 1) {
                for seed in 30..<40 as Range<UInt8> { try $0.write($0.admission(seed)) }
                try $0.write(.remove([TestLine.device(30).id], $0.nextEpoch(53)))
            },
            try branch("the sheet removes", 1) {
                try $0.write(.remove([TestLine.device(3).id], $0.nextEpoch(54)), by: $0.recovery)
            },
            try branch("recovers", 2, recover),
            try branch("recovers after a removal", 2) {
                try $0.write(.remove([TestLine.device(2).id], $0.nextEpoch(55)))
                try recover(&$0)
            },
        ]
    }

    @Test(
        "the table of forks: the only branch with a recovery, else the only one that takes rights away, else the lower hash"
    )
    func table() throws {
        let branches = try branches()
        for left in branches {
            for right in branches where left.name != right.name {
                let name = Comment(rawValue: "\(left.name) / \(right.name)")
                let found = outcome(left.line.roster, right.line.roster.entries)
                if left.weight != right.weight {
                    #expect(found == (left.weight > right.weight ? .ours(3) : .theirs(3)), name)
                } else if left.weight > 0 {
                    #expect(found == .refused(.undecided), name)
                } else {
                    let isOurs = left.line.roster.entries[3].entry.hash.lexicographicallyPrecedes(
                        right.line.roster.entries[3].entry.hash)
                    #expect(found == (isOurs ? .ours(3) : .theirs(3)), name)
                }
                // Whoever compares, and from wherever the entries begin, it is the same.
                let back = outcome(right.line.roster, Array(left.line.roster.entries[2...]))
                switch found {
                case .ours: #expect(back == .theirs(3), name)
                case .theirs: #expect(back == .ours(3), name)
                default: #expect(back == found, name)
                }
            }
        }
    }

    @Test("a recovery on one of two branches settles what nobody else could")
    func settled() throws {
        var removing = try base()
        try removing.write(.remove([device(2).id], removing.nextEpoch(51)))
        var removed = try base()
        try removed.write(.remove([removed.founder.id], removed.nextEpoch(52)), by: device(2))
        #expect(outcome(removing.roster, removed.roster.entries) == .refused(.undecided))
        try removing.write(
            .recovering(
                line: removing.line, device(60), sealedName: [1], recovery: device(160), removing.nextEpoch(53)),
            by: removing.recovery)
        #expect(outcome(removed.roster, removing.roster.entries) == .theirs(3))
        #expect(outcome(removing.roster, removed.roster.entries) == .ours(3))
    }

    @Test("whoever was removed or lowered makes no branch that counts, from before it")
    func removedLead() throws {
        for act in ["remove", "role"] {
            var honest = try base()
            try honest.write(
                act == "remove" ? .remove([device(2).id], honest.nextEpoch(51)) : .role(device(2).id, .counsellor))
            for seed in 0..<20 as Range<UInt8> {
                var forged = try base()
                try forged.write(.rules([seed]), by: device(2))
                #expect(outcome(honest.roster, forged.roster.entries) == .ours(3))
                try forged.write(.rotate(forged.nextEpoch(seed)), by: device(2))
                #expect(outcome(honest.roster, forged.roster.entries) == .refused(.undecided))
            }
        }
    }

    @Test("nobody but a lead makes a branch, whose first hash could be tried until it is the lower one")
    func grinding() throws {
        var line = try base()
        try line.write(line.admission(20))
        for kind in [128, 200, 70_000] as [UInt64] {
            #expect(line.refusal(of: .other(kind: kind, body: [1]), by: device(20)) == .notAllowed)
        }
    }

    @Test("what a lost branch did is written again by who wrote it, and only what still makes sense")
    func wanted() throws {
        var lost = try base()
        try lost.write(lost.admission(20))
        try lost.write(.rules([1]), by: device(2))
        try lost.write(.keep(RecordID(high: 1, low: 1)))
        try lost.write(.rotate(lost.nextEpoch(51)))
        try lost.write(.remove([device(3).id], lost.nextEpoch(52)))
        var counts = try base()
        try counts.write(
            .recovering(line: counts.line, device(60), sealedName: [1], recovery: device(160), counts.nextEpoch(53)),
            by: counts.recovery)
        guard case .theirs(let roster, _, let entries) = try lost.roster.compared(with: counts.roster.entries) else {
            Issue.record("not theirs")
            return
        }
        #expect(Roster.wanted(of: entries, by: lost.founder.id).map(\.kind) == [1, 9, 3])
        #expect(Roster.wanted(of: entries, by: device(2).id).map(\.kind) == [6, 3], "a removal is everybody's")
        var again = TestLine(seed: 1)
        again.roster = roster
        // The same consent and invitation are good on the branch that counts.
        for act in Roster.wanted(of: entries, by: lost.founder.id).prefix(2) { try again.write(act) }
        #expect(again.roster.state.member(device(20).id) != nil)
    }
}
