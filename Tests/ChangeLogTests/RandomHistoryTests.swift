import ChangeLog
import Merge
import Sealing
import Support
import SyncProtocol
import TestSupport
import Testing

/// The store against the model, through random histories: lost and repeated answers, copies that go live, forks, clocks
/// that jump, writes that saw little, notes, erasures of things with others below, healings that offer any old change.
///
/// A failure names its seed.
@Suite struct RandomHistoryTests {
    private struct Desk {
        var writer: TestWriter
        /// What it has seen of the server: the model as it stood then.
        var seen = ModelServer()
        /// What it has had acknowledged under its present id.
        var own: Set<Dot> = []
    }

    @Test(
        "the store does what the model does, through any history (I3, I7, I8, I9, I10)",
        arguments: 1...60 as ClosedRange<UInt64>, StoreKind.all)
    func history(_ seed: UInt64, _ kind: StoreKind) async throws {
        var random = RandomSource.seeded(seed)
        let store = try await TestStore(kind)
        var model = ModelServer()
        var desks: [Desk] = []
        var ever: [HealItem] = []
        for replica in 1...3 as ClosedRange<UInt64> { desks.append(Desk(writer: try await store.writer(replica))) }
        for step in 0..<120 {
            store.now += Int64(random.next() % 20_000)
            let index = Int(random.next() % UInt64(desks.count))
            let place = "seed \(seed), step \(step)"
            switch random.next() % 20 {
            case 0..<9: try write(&desks[index], model, now: store.now, &ever, &random)
            case 9..<17: try await sync(&desks[index], store, &model, &random, place)
            case 17, 18: try await heal(desks[index], store, &model, ever, &random, place)
            // A copy of a workstation goes live beside it.
            default: if desks.count < 8 { desks.append(desks[index]) }
            }
        }
        for index in desks.indices {
            for _ in 0..<200 where !desks[index].writer.pending.isEmpty {
                store.now += 30_000
                try await sync(&desks[index], store, &model, &random, "seed \(seed), at the end", isLossy: false)
            }
            #expect(desks[index].writer.pending.isEmpty, "seed \(seed): no progress")
        }
        try await compare(store, model, desks[0], "seed \(seed), at the end")
    }

    // MARK: Steps

    /// Ten records in collection 1, the upper ones below lower ones; five notes below them.
    private func write(
        _ desk: inout Desk, _ model: ModelServer, now: Int64, _ ever: inout [HealItem], _ random: inout RandomSource
    ) throws {
        var changes: [UInt64: SealedChange] = [:]
        for _ in 0...random.next() % 3 {
            let id = 1 + random.next() % 15
            switch random.next() % 25 {
            case 0: changes[id] = erase(id)
            default:
                if id > 10 {
                    changes[id] = note(id, path: path(of: id))
                } else {
                    changes[id] = put(id, [model, desk.seen, ModelServer()][Int(random.next() % 3)], &random)
                }
            }
        }
        let clock = now + [0, 0, 0, -90_000, 30_000, 59_000, 61_000, 3_600_000][Int(random.next() % 8)]
        let ordered = changes.keys.sorted().compactMap { changes[$0] }
        let stamp = try desk.writer.commit(ordered, time: clock, dot: random.next())
        for (index, change) in ordered.enumerated() {
            ever.append(HealItem(stamp: stamp, index: UInt64(index), change: change))
        }
    }

    private func path(of id: UInt64) -> [UInt64] {
        if id <= 4 { return [] }
        let parent = 1 + (id * 7) % 4
        return id % 2 == 0 && id > 8 ? [parent + 4, 1 + ((parent + 4) * 7) % 4] : [parent]
    }

    private func put(_ id: UInt64, _ seen: ModelServer, _ random: inout RandomSource) -> SealedChange {
        var fields: Set<Int> = []
        for _ in 0...random.next() % 2 { fields.insert(Int(random.next() % 5)) }
        var made = change(.put, id, Array(fields), path(of: id), 1, [UInt8(id)])
        for field in fields.sorted() {
            for dot in seen.names(record(id), field) { made.header.replaced.insert(dot, fields: mask([field])) }
        }
        return made
    }

    private func sync(
        _ desk: inout Desk, _ store: TestStore, _ model: inout ModelServer, _ random: inout RandomSource,
        _ place: String, isLossy: Bool = true
    ) async throws {
        var request = desk.writer.request()
        if !request.commits.isEmpty { request.commits = Array(request.commits.prefix(1 + Int(random.next() % 6))) }
        for _ in 0...(isLossy ? random.next() % 2 : 0) {
            let acceptance = try await store.accept(request, from: desk.writer)
            let expected = model.sync(request, now: store.now)
            #expect(acceptance.outcome == expected.outcome, "\(place)")
            #expect(acceptance.heldNumber == expected.held && acceptance.heldDigests == expected.digests, "\(place)")
            #expect(acceptance.proven == expected.proven, "\(place)")
        }
        try await compare(store, model, desk, place)
        if isLossy, random.next() % 4 == 0 { return }
        let held = try await store.accept(request, from: desk.writer)
        _ = model.sync(request, now: store.now)
        let sent = Dictionary(uniqueKeysWithValues: desk.writer.pending.map { ($0.number, $0.digest) })
        let before = desk.writer.pending
        desk.writer.acknowledge(held)
        desk.own.formUnion(before.prefix(before.count - desk.writer.pending.count).map(\.stamp.dot))
        desk.seen = model
        // A number that it never gave, or gave to another commit.
        let isCopy = zip((request.acknowledged + 1)..., held.heldDigests).contains { sent[$0] != $1 }
        if held.outcome == .forked || isCopy {
            desk.writer.takeNewID(random.next() | 1)
            desk.own = []
        } else if case .clock = held.outcome {
            let now = HybridTimestamp(milliseconds: store.now)
            var last = HybridTimestamp.zero
            desk.writer.renumber { stamp in
                last = max(HybridTimestamp(rawValue: last.rawValue + 1), min(stamp.time, now))
                return last
            }
            desk.writer.clock = HybridLogicalClock(latest: max(last, now))
        }
    }

    private func heal(
        _ desk: Desk, _ store: TestStore, _ model: inout ModelServer, _ ever: [HealItem],
        _ random: inout RandomSource, _ place: String
    ) async throws {
        if ever.isEmpty { return }
        let first = ever[Int(random.next() % UInt64(ever.count))].change.header.record
        let items = ever.filter { $0.change.header.record == first && random.next() % 2 == 0 }
        var request = HealRequest(line: desk.writer.line, replica: desk.writer.replica, start: .start)
        request.nonce = random.bytes(count: 16)
        let through = first
        let after = RecordID(high: first.high, low: first.low - 1)
        request.parts = [HealPart(range: RecordRange(after: after, through: through), items: items)]
        let outcome = try await store.log.heal(request, from: desk.writer.device, now: store.now)
        #expect(outcome.response.joinedParts == 1, "\(place)")
        model.heal(items, now: store.now)
        try await compare(store, model, desk, place)
    }

    // MARK: Comparing

    private func compare(_ store: TestStore, _ model: ModelServer, _ desk: Desk, _ place: String) async throws {
        let all = try await store.feed(desk.writer, pageBytes: 500)
        #expect(standing(all.commits) == model.standing, "\(place)")
        #expect(all.last.fingerprint == model.fingerprint(ItemHasher(Blake2b.hash128)), "\(place)")
        let positions = all.commits.map(\.position)
        #expect(positions == Set(positions).sorted(), "\(place)")
        let others = try await store.feed(
            desk.writer, includeOwn: false, proven: desk.writer.acknowledged)
        let left = Set(all.commits.map(\.position)).subtracting(others.commits.map(\.position))
        #expect(
            all.commits.allSatisfy { !left.contains($0.position) || desk.own.contains($0.stamp.dot) }, "\(place)")
        #expect(try await store.isSound(), "\(place)")
    }

    private func standing(_ commits: [FeedCommit]) -> Set<ModelServer.Standing> {
        var result: Set<ModelServer.Standing> = []
        for commit in commits {
            for change in commit.changes {
                let stamp = change.header.kind == .put ? commit.stamp : nil
                result.insert(ModelServer.Standing(record: change.header.record, stamp: stamp))
            }
        }
        return result
    }
}
