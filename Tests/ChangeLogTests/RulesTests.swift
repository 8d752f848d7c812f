import Merge
import Sealing
import Support
import SyncProtocol
import Testing

@testable import ChangeLog

/// What is decided, over values alone: no store is here.
@Suite struct RulesTests {
    private static let line = LineState(
        ref: 1, id: LineID([UInt8](repeating: 1, count: 16))!, name: "Test", log: [UInt8](repeating: 2, count: 16),
        head: 0, check: Cursor.start.check, fingerprint: Fingerprint(), highestTime: .zero, epoch: 1, rosterCount: 1,
        rosterHead: [UInt8](repeating: 3, count: 32), lacksBoxes: false, nextDesk: 1, liveChanges: 0, sealedBytes: 0,
        replicas: 0, removals: 0)

    private func stamp(_ time: UInt64, _ dot: UInt64) -> Stamp {
        Stamp(time: HybridTimestamp(rawValue: time), dot: Dot(rawValue: dot))
    }

    private func held(_ change: SealedChange, _ stamp: Stamp, _ position: UInt64) -> HeldChange {
        HeldChange(
            place: ChangePlace(position: position, index: 0), stamp: stamp, header: change.header,
            live: change.header.fields, sealedBytes: change.sealed.count)
    }

    // MARK: Joining

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        /// Time, dot, fields, dots named.
        var first: (UInt64, UInt64, [Int], [UInt64])
        var second: (UInt64, UInt64, [Int], [UInt64])
        /// The fields in which each is kept.
        var kept: ([Int], [Int])
    }

    @Test(
        "of two changes of a record, what each holds afterwards",
        arguments: [
            Case(testDescription: "beside", first: (1, 1, [0], []), second: (2, 2, [0], []), kept: ([0], [0])),
            Case(testDescription: "replaced", first: (1, 1, [0, 1], []), second: (2, 2, [0], [1]), kept: ([1], [0])),
            Case(
                testDescription: "replaced late", first: (2, 2, [0], [1]), second: (1, 1, [0, 1], []), kept: ([0], [1])),
            Case(testDescription: "names not all", first: (1, 1, [0], [9]), second: (2, 2, [0], [1]), kept: ([0], [0])),
            Case(testDescription: "names all", first: (1, 1, [0], [9]), second: (2, 2, [0], [1, 9]), kept: ([], [0])),
            Case(testDescription: "in a circle", first: (1, 1, [0], [2]), second: (2, 2, [0], [1]), kept: ([0], [0])),
            Case(testDescription: "again", first: (1, 1, [0], []), second: (1, 1, [0], []), kept: ([0], [])),
            Case(testDescription: "lesser time", first: (2, 1, [0, 1], []), second: (1, 1, [0], []), kept: ([1], [0])),
            Case(
                testDescription: "greater time", first: (1, 1, [0], []), second: (2, 1, [0, 1], []), kept: ([0], [1])),
            Case(testDescription: "another part", first: (1, 1, [0], []), second: (1, 1, [1], []), kept: ([0], [1])),
            Case(testDescription: "other names", first: (1, 1, [0], [8]), second: (1, 1, [0], [9]), kept: ([0], [0])),
            Case(
                testDescription: "fewer names", first: (1, 1, [0], [8, 9]), second: (1, 1, [0], [9]), kept: ([0], [])),
        ])
    func join(_ example: Case) {
        func change(_ value: (UInt64, UInt64, [Int], [UInt64])) -> (SealedChange, Stamp) {
            var made = put(1)
            made.header.fields = mask(value.2)
            for dot in value.3 { made.header.replaced.insert(Dot(rawValue: dot), fields: mask(value.2)) }
            return (made, stamp(value.0, value.1))
        }
        let (first, second) = (change(example.first), change(example.second))
        var record = HeldRecord([held(first.0, first.1, 1)])
        let live = record.join(second.0.header, stamp: second.1) ?? .empty
        #expect(live == mask(example.kept.1))
        let left = record.changes.first?.live ?? .empty
        #expect(left == mask(example.kept.0))
        #expect(record.reduced.isEmpty == (left == first.0.header.fields))
    }

    @Test("two changes that name each other do not make both sides differ by what came first")
    func circle() {
        var results: Set<RecordState> = []
        for order in [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]] {
            let all = [
                (put(1, 0, replacing: [stamp(2, 2)]), stamp(1, 1)), (put(1, 0, replacing: [stamp(1, 1)]), stamp(2, 2)),
                (put(1, 0, replacing: [stamp(1, 1)]), stamp(3, 3)),
            ]
            var set = WorkingSet(line: Self.line)
            for index in order {
                var carrier = Carrier(stamp: all[index].1, nonce: [])
                set.join(all[index].0, index: 0, nonceIndex: 0, by: &carrier)
            }
            results.insert(set.records[record(1)]!.state)
        }
        #expect(results.count == 1)
    }

    @Test("an erasure takes the record and all whose path holds it, once; what comes later is dropped")
    func erasure() {
        var set = WorkingSet(line: Self.line)
        func join(_ change: SealedChange, _ time: UInt64) -> Bool {
            var carrier = Carrier(stamp: stamp(time, time), nonce: [])
            return set.join(change, index: 0, nonceIndex: 0, by: &carrier)
        }
        #expect(
            join(put(1, 0), 1) && join(note(2, path: [1]), 2) && join(note(3, path: [2, 1]), 3) && join(put(4, 0), 4))
        _ = set.takeWrites()
        #expect(join(erase(1), 5))
        #expect(set.records.all.map(\.id) == [record(4)] && set.hasErased && set.line.liveChanges == 2)
        let removed = set.takeWrites().filter { if case .remove = $0 { true } else { false } }
        #expect(removed.count == 3)
        let head = set.line.head
        #expect(!join(erase(1), 6) && !join(put(1, 0), 7) && !join(note(9, path: [8, 1]), 8))
        #expect(set.line.head == head && set.takeWrites().isEmpty)
    }

    // MARK: Accepting

    private func rules(_ replica: ReplicaState, isKnown: Bool = true, isCursorGood: Bool = true, now: Int64 = 0)
        -> AcceptRules
    {
        AcceptRules(
            WorkingSet(line: Self.line),
            facts: ReplicaFacts(replica: replica, isKnown: isKnown, isCursorGood: isCursorGood), limits: Limits(),
            bound: ClockBound(), now: now, random: .seeded(1))
    }

    private var request: SyncRequest { SyncRequest(line: Self.line.id, replica: ReplicaID(rawValue: 7), clock: 0) }
    private var replica: ReplicaState {
        ReplicaState(ref: 3, replica: ReplicaID(rawValue: 7), device: 1, desk: 1, schema: 1)
    }

    @Test("a request that changes nothing writes nothing; whatever changes, is written")
    func idle() {
        var idle = rules(replica, now: 9_999)
        #expect(idle.decide(request).outcome == .done && !idle.changesAnything)
        var seen = rules(replica, now: 10_000)
        _ = seen.decide(request)
        #expect(seen.changesAnything)
        var stranger = rules(replica, isKnown: false)
        _ = stranger.decide(request)
        #expect(stranger.changesAnything)
        for change in [
            { $0.pending = 1 }, { $0.schema = 2 }, { $0.oldestPending = 5 }, { $0.fingerprint = Fingerprint(value: 1) },
            { $0.leases.wanted = 1 },
        ] as [(inout SyncRequest) -> Void] {
            var changed = request
            change(&changed)
            var rules = rules(replica)
            _ = rules.decide(changed)
            #expect(rules.changesAnything)
        }
    }

    @Test("a cursor or a number that is not held diverges, unless no page is asked for; another digest forks")
    func standing() {
        var lost = rules(replica, isCursorGood: false)
        #expect(lost.decide(request).outcome == .diverged)
        var healing = request
        healing.pageBytes = 0
        var quiet = rules(replica, isCursorGood: false)
        #expect(quiet.decide(healing).outcome == .done)
        var ahead = request
        ahead.acknowledged = 1
        var behind = rules(replica)
        #expect(behind.decide(ahead).outcome == .diverged)
        var other = request
        other.acknowledgedDigest[0] = 1
        var forked = rules(replica)
        #expect(forked.decide(other).outcome == .forked)
    }

    // MARK: Leases

    @Test("all numbers are given before there are none")
    func usedUp() {
        let all = Set((0..<LeaseRules.blockCount).map { $0 * 20 })
        let free: Set<UInt64> = [20, 400, 999_980]
        var office = LeaseRules(given: all.subtracting(free), unreceived: [], random: .seeded(3))
        var (replica, line) = (replica, Self.line)
        let (leases, new) = office.decide(LeaseState(wanted: 9), isNewReplica: false, &replica, &line)
        #expect(Set(leases.map(\.start)) == free && leases == new && leases.map(\.ordinal) == [1, 2, 3])
        #expect(office.decide(LeaseState(received: 3, wanted: 9), isNewReplica: false, &replica, &line).leases.isEmpty)
    }

    // MARK: Sums

    @Test("sums by buckets are those of a scan, whatever changed since", arguments: 1...20 as ClosedRange<UInt64>)
    func sums(_ seed: UInt64) {
        var random = RandomSource.seeded(seed)
        var items: [RecordID: UInt128] = [:]
        func scan(_ range: RecordRange) -> [SumIndex.Item] {
            items.keys.filter(range.contains).sorted().map { SumIndex.Item(id: $0, hash: items[$0]!) }
        }
        func bound() -> RecordID? { random.next() % 4 == 0 ? nil : record(random.next() % 3_000) }
        for _ in 0..<random.next() % 1_500 { items[record(random.next() % 3_000)] = UInt128(random.next()) }
        var index = SumIndex(scan)
        for _ in 0..<20 {
            let start = random.next() % 3_000
            let changed = (0..<random.next() % 400).map { record(start + $0 * (seed % 3)) }
            for id in changed { items[id] = random.next() % 3 == 0 ? nil : UInt128(random.next()) }
            index.update(changed, scan)
            #expect(index.buckets.allSatisfy { $0.sum.count <= UInt64(SumIndex.mostItems) })
            for _ in 0..<20 {
                let range = RecordRange(after: bound(), through: bound())
                if let after = range.after, let through = range.through, after >= through { continue }
                var expected = RangeSum()
                for item in scan(range) { expected.add(item.hash) }
                #expect(index.sum(range, scan) == expected)
            }
        }
    }
}
