import Merge
import SyncProtocol
import Testing

@testable import Replica

/// What an answer means, rule by rule: docs/models has the same rules as a program.
@Suite("Verdicts")
struct VerdictTests {
    static let replica = ReplicaID(rawValue: 1)
    static let other = ReplicaID(rawValue: 2)
    static let page: ArraySlice<UInt8> = []

    static func digest(_ number: UInt8) -> [UInt8] { [UInt8](repeating: number, count: SealedCommit.digestBytes) }
    static func cursor(_ position: UInt64) -> Cursor {
        Cursor(
            log: [UInt8](repeating: 1, count: Cursor.logBytes), position: position,
            check: [UInt8](repeating: UInt8(position), count: Cursor.checkBytes))
    }

    /// Commits 1 to 3 were acknowledged; 4 and 5 wait, and the server has just taken them. The page ends at the head.
    struct Case: Sendable {
        var name: String
        var response = SyncResponse(
            outcome: .done, heldNumber: 5, heldDigests: [digest(4), digest(5)], cursor: cursor(9), head: 9,
            serverTime: 1_000, fingerprint: Fingerprint(value: 7), page: page)
        var request = Verdict.Request(replica: replica, cursor: cursor(8), acknowledged: 3)
        var facts = Verdict.Facts(
            replica: replica, cursor: cursor(8), acknowledged: 3, isHealing: false, waiting: [digest(4), digest(5)])
        var expected = Verdict(acknowledged: 2, reaction: .none, isCurrent: true, movesCursor: true, compares: false)

        init(_ name: String, _ change: (inout Case) -> Void) {
            self.name = name
            change(&self)
        }

        /// Nothing waits, and the request brought nothing: sums can be compared.
        mutating func isIdle() {
            response.heldDigests = []
            response.heldNumber = 3
            facts.waiting = []
            expected.acknowledged = 0
            expected.compares = true
        }

        mutating func rejects(_ outcome: SyncResponse.Outcome, _ reaction: Verdict.Reaction) {
            response.outcome = outcome
            response.heldDigests = []
            response.page = nil
            expected = Verdict(acknowledged: 0, reaction: reaction)
        }
    }

    // MARK: 1. Acknowledge

    static let acknowledging: [Case] = [
        Case("all that waits is held") { _ in },
        Case("only the first of them is held") {
            $0.response.heldDigests = [digest(4)]
            $0.expected.acknowledged = 1
        },
        Case("nothing is held") {
            $0.response.heldDigests = []
            $0.expected.acknowledged = 0
        },
        Case("late: the first was acknowledged meanwhile") {
            $0.facts.acknowledged = 4
            $0.facts.waiting = [digest(5)]
            $0.expected.acknowledged = 1
        },
        Case("late: all were acknowledged meanwhile") {
            $0.facts.acknowledged = 5
            $0.facts.waiting = []
            $0.expected.acknowledged = 0
        },
        Case("late: more was written meanwhile") {
            $0.facts.waiting.append(digest(6))
        },
        Case("late: the feed was read on meanwhile") {
            $0.facts.cursor = cursor(9)
            $0.expected.movesCursor = false
        },
        Case("a number is not believed without its digest") {
            $0.response.heldNumber = 50
            $0.response.heldDigests = []
            $0.expected.acknowledged = 0
        },
        Case("whatever else the answer says: a refusal of the second") {
            $0.rejects(
                .refused(number: 5, digest: digest(5), reason: .malformed), .setAside(number: 5, reason: .malformed))
            $0.response.heldDigests = [digest(4)]
            $0.expected.acknowledged = 1
        },
        Case("whatever else the answer says: a wrong clock of the second") {
            $0.rejects(.clock(digest: digest(5)), .correctClock)
            $0.response.heldDigests = [digest(4)]
            $0.expected.acknowledged = 1
        },
        Case("while it heals, without a page") {
            $0.facts.isHealing = true
            $0.response.page = nil
            $0.expected.movesCursor = false
        },
        Case("made for another id: nothing") {
            $0.request.replica = other
            $0.expected = Verdict()
        },
    ]

    // MARK: 2. Fork

    static let forking: [Case] = [
        Case("another commit is held under a number of this replica") {
            $0.response.heldDigests = [digest(4), digest(99)]
            $0.expected = Verdict(acknowledged: 1, reaction: .fork, movesCursor: true)
        },
        Case("another commit under the first that waits") {
            $0.response.heldDigests = [digest(99)]
            $0.expected = Verdict(reaction: .fork, movesCursor: true)
        },
        Case("a number that was never given is held") {
            $0.response.heldDigests = [digest(4), digest(5), digest(6)]
            $0.expected = Verdict(acknowledged: 2, reaction: .fork, movesCursor: true)
        },
        Case("the server says so of what is the last acknowledged commit") { $0.rejects(.forked, .fork) },
        Case("late: it said so of an earlier one, and more was acknowledged since") {
            $0.rejects(.forked, .none)
            $0.facts.acknowledged = 4
            $0.facts.waiting = [digest(5)]
        },
        Case("it says so and acknowledges one at once: then it spoke of an earlier one") {
            $0.rejects(.forked, .none)
            $0.response.heldDigests = [digest(4)]
            $0.expected.acknowledged = 1
        },
        Case("a fork of another id") {
            $0.rejects(.forked, .none)
            $0.request.replica = other
        },
        Case("late: what it holds differently below the acknowledged number is old") {
            $0.response.heldDigests = [digest(99), digest(5)]
            $0.facts.acknowledged = 4
            $0.facts.waiting = [digest(5)]
            $0.expected.acknowledged = 1
        },
    ]

    // MARK: 3. Clock and refusals

    static let refusing: [Case] = [
        Case("the clock of the first that waits") { $0.rejects(.clock(digest: digest(4)), .correctClock) },
        Case("late: a clock that was corrected since has another digest") {
            $0.rejects(.clock(digest: digest(4)), .none)
            $0.facts.waiting = [digest(14), digest(15)]
        },
        Case("the clock of a commit behind the first that waits") { $0.rejects(.clock(digest: digest(5)), .none) },
        Case("late: a clock of a commit that was acknowledged since") {
            $0.rejects(.clock(digest: digest(4)), .none)
            $0.facts.acknowledged = 4
            $0.facts.waiting = [digest(5)]
        },
        Case("a clock where nothing waits") {
            $0.rejects(.clock(digest: digest(4)), .none)
            $0.facts.waiting = []
        },
        Case("a refusal of the first") {
            $0.rejects(
                .refused(number: 4, digest: digest(4), reason: .tooLarge), .setAside(number: 4, reason: .tooLarge))
        },
        Case("a refusal of a later one") {
            $0.rejects(
                .refused(number: 5, digest: digest(5), reason: .tooManyChanges),
                .setAside(number: 5, reason: .tooManyChanges))
        },
        Case("late: what was refused has given way to another") {
            $0.rejects(.refused(number: 4, digest: digest(4), reason: .tooLarge), .none)
            $0.facts.waiting[0] = digest(14)
        },
        Case("a refusal of what was acknowledged") {
            $0.rejects(.refused(number: 3, digest: digest(3), reason: .tooLarge), .none)
        },
        Case("a refusal of what does not exist") {
            $0.rejects(.refused(number: 6, digest: digest(6), reason: .tooLarge), .none)
        },
        Case("a refusal of the greatest number there is") {
            $0.rejects(.refused(number: .max, digest: digest(5), reason: .tooLarge), .none)
        },
        Case("a refusal with the digest of another number") {
            $0.rejects(.refused(number: 4, digest: digest(5), reason: .tooLarge), .none)
        },
        Case("a refusal of another id") {
            $0.rejects(.refused(number: 4, digest: digest(4), reason: .tooLarge), .none)
            $0.request.replica = other
        },
    ]

    // MARK: The newest key

    static let outdating: [Case] = [
        Case("sealed with an older key: nothing is given up, it is sealed again") { $0.rejects(.epoch, .none) },
        Case("sealed with an older key from the second on: the first is acknowledged") {
            $0.rejects(.epoch, .none)
            $0.response.heldDigests = [digest(4)]
            $0.expected.acknowledged = 1
        },
    ]

    // MARK: 4. Diverged

    static let diverging: [Case] = [
        Case("the log does not hold the cursor") { $0.rejects(.diverged, .heal) },
        Case("late: the cursor has moved since") {
            $0.rejects(.diverged, .none)
            $0.facts.cursor = cursor(9)
        },
        Case("late: something was acknowledged since") {
            $0.rejects(.diverged, .none)
            $0.facts.acknowledged = 4
            $0.facts.waiting = [digest(5)]
        },
        Case("it acknowledges at once") {
            $0.rejects(.diverged, .none)
            $0.response.heldDigests = [digest(4)]
            $0.expected.acknowledged = 1
        },
        Case("it heals already") {
            $0.rejects(.diverged, .none)
            $0.facts.isHealing = true
        },
        Case("of another id") {
            $0.rejects(.diverged, .none)
            $0.request.replica = other
        },
        Case("of the same place in another log") {
            $0.rejects(.diverged, .none)
            $0.facts.cursor.log[0] = 9
        },
    ]

    // MARK: 5. Page, 6. Sums

    static let paging: [Case] = [
        Case("sums are compared at the log's end, with nothing waiting") { $0.isIdle() },
        Case("for another id the page is joined, and the cursor stays") {
            $0.isIdle()
            $0.request.replica = other
            $0.expected = Verdict()
        },
        Case("a page asked for from elsewhere leaves the cursor") {
            $0.isIdle()
            $0.facts.cursor = cursor(9)
            $0.expected.movesCursor = false
            $0.expected.compares = false
        },
        Case("without a page the cursor says nothing") {
            $0.isIdle()
            $0.response.page = nil
            $0.expected.movesCursor = false
            $0.expected.compares = false
        },
        Case("while it heals the cursor stays") {
            $0.isIdle()
            $0.facts.isHealing = true
            $0.expected.movesCursor = false
            $0.expected.compares = false
        },
        Case("a refusal may bring a page, too") {
            $0.isIdle()
            $0.response.outcome = .forked
            $0.expected = Verdict(reaction: .fork, movesCursor: true)
        },
        Case("no sums where the page does not reach the head") {
            $0.isIdle()
            $0.response.head = 10
            $0.expected.compares = false
        },
        Case("no sums where there is more") {
            $0.isIdle()
            $0.response.more = true
            $0.expected.compares = false
        },
        Case("no sums where the server says none") {
            $0.isIdle()
            $0.response.fingerprint = nil
            $0.expected.compares = false
        },
        Case("no sums while something waits") {
            $0.isIdle()
            $0.facts.waiting = [digest(4)]
            $0.expected.compares = false
        },
        Case("no sums where this answer acknowledges") {
            $0.response.heldDigests = [digest(4), digest(5)]
        },
        Case("late: no sums where something was acknowledged since the request") {
            $0.isIdle()
            $0.facts.acknowledged = 4
            $0.expected.compares = false
        },
    ]

    static let all = acknowledging + forking + refusing + outdating + diverging + paging

    @Test("each rule, at its edge, on time and late", arguments: all.indices)
    func rules(index: Int) {
        let row = Self.all[index]
        let verdict = Verdict(row.response, to: row.request, row.facts)
        #expect(verdict == row.expected, "\(row.name)")
    }

    @Test("an answer that is taken in twice means nothing new the second time", arguments: all.indices)
    func twice(index: Int) {
        let row = Self.all[index]
        let first = Verdict(row.response, to: row.request, row.facts)
        var facts = row.facts
        facts.acknowledged += UInt64(first.acknowledged)
        facts.waiting.removeFirst(first.acknowledged)
        switch first.reaction {
        case .none: break
        case .fork, .heal: facts.replica = ReplicaID(rawValue: 77)
        case .correctClock: facts.waiting = facts.waiting.map { $0.map { $0 &+ 100 } }
        case .setAside(let number, _): facts.waiting[Int(number - facts.acknowledged - 1)] = Self.digest(200)
        }
        if first.movesCursor { facts.cursor = row.response.cursor }
        let second = Verdict(row.response, to: row.request, facts)
        #expect(second.acknowledged == 0, "\(row.name)")
        #expect(second.reaction == .none, "\(row.name)")
        #expect(!second.movesCursor || row.response.cursor == row.request.cursor, "\(row.name)")
    }

    @Test("a random answer never acknowledges more than is held, and reacts only to what it speaks of")
    func random() {
        var random = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            var row = Case("random") { _ in }
            func digests() -> [[UInt8]] {
                (0..<Int.random(in: 0...4, using: &random)).map { _ in Self.digest(.random(in: 4...7, using: &random)) }
            }
            row.response.heldDigests = digests()
            row.facts.waiting = digests()
            row.request.acknowledged = .random(in: 0...6, using: &random)
            row.facts.acknowledged = .random(in: 0...6, using: &random)
            row.response.outcome = [
                .done, .forked, .diverged, .clock(digest: Self.digest(5)),
                .refused(number: .random(in: 0...9, using: &random), digest: Self.digest(5), reason: .malformed),
            ].randomElement(using: &random)!
            let verdict = Verdict(row.response, to: row.request, row.facts)
            #expect(verdict.acknowledged <= min(row.facts.waiting.count, row.response.heldDigests.count))
            for index in 0..<verdict.acknowledged {
                let place = Int(row.facts.acknowledged) + index - Int(row.request.acknowledged)
                #expect(row.response.heldDigests[place] == row.facts.waiting[index])
            }
            if case .setAside(let number, _) = verdict.reaction {
                let place = Int(number - row.facts.acknowledged) - 1
                #expect(row.facts.waiting[place] == Self.digest(5) && place >= verdict.acknowledged)
            }
            if verdict.compares { #expect(row.facts.waiting.isEmpty && verdict.acknowledged == 0) }
        }
    }
}
