import ChangeLog
import Merge
import Sealing
import SyncProtocol
import Testing

/// The store against the model, through random histories: lost and repeated answers, copies that go live, forks, clocks
/// that jump, writes that saw little, notes, erasures of things with others below.
///
/// A failure names its seed.
@Suite struct RandomHistoryTests {
    @Test(
        "the store does what the model does, through any history (I3, I7, I8, I9)",
        arguments: 1...60 as ClosedRange<UInt64>)
    func history(_ seed: UInt64) async throws {
        var random = SplitMix(seed)
        let store = try TestStore()
        var model = ModelServer()
        var writers: [TestWriter] = []
        for replica in 1...3 as ClosedRange<UInt64> { writers.append(try await store.writer(replica)) }
        for step in 0..<120 {
            store.now += Int64(random.below(20_000))
            let index = Int(random.below(UInt64(writers.count)))
            switch random.below(10) {
            case 0..<5: try write(&writers[index], head: UInt64(model.head), now: store.now, &random)
            case 5..<9: try await sync(&writers[index], store, &model, &random, "seed \(seed), step \(step)")
            default:
                // A copy of a workstation goes live beside it.
                if writers.count < 8 { writers.append(writers[index]) }
            }
        }
        for index in writers.indices {
            for _ in 0..<200 where !writers[index].pending.isEmpty {
                store.now += 30_000
                try await sync(&writers[index], store, &model, &random, "seed \(seed), at the end", isLossy: false)
            }
            #expect(writers[index].pending.isEmpty, "seed \(seed): no progress")
        }
        try compare(store, model, writers[0], "seed \(seed), at the end")
    }

    // MARK: Steps

    /// Ten records in collection 1, the upper ones below lower ones; five notes below them.
    private func write(_ writer: inout TestWriter, head: UInt64, now: Int64, _ random: inout SplitMix) throws {
        var changes: [UInt64: SealedChange] = [:]
        for _ in 0...random.below(3) {
            let id = 1 + random.below(15)
            let parent = id > 4 ? 1 + (id * 7) % 4 + (id % 2 == 0 && id > 8 ? 4 : 0) : nil
            switch random.below(20) {
            case 0: changes[id] = erase(id)
            default:
                changes[id] =
                    id > 10
                    ? note(id, parent: parent)
                    : change(.put, id, (0...random.below(2)).map { _ in Int(random.below(5)) }, parent, 1, [UInt8(id)])
            }
        }
        let clock = now + [0, 0, 0, -90_000, 30_000, 59_000, 61_000, 3_600_000][Int(random.below(8))]
        var context: VersionVector?
        if random.below(5) == 0 {
            context = VersionVector([
                ReplicaID(rawValue: 1 + random.below(3)): HybridTimestamp(milliseconds: now - 40_000)
            ])
        }
        try writer.commit(Array(changes.values), base: random.below(head + 1), context: context, time: clock)
    }

    private func sync(
        _ writer: inout TestWriter, _ store: TestStore, _ model: inout ModelServer, _ random: inout SplitMix,
        _ place: String, isLossy: Bool = true
    ) async throws {
        var request = writer.request()
        if !request.commits.isEmpty { request.commits = Array(request.commits.prefix(1 + Int(random.below(6)))) }
        for _ in 0...(isLossy ? random.below(2) : 0) {
            let acceptance = try await store.accept(request, from: writer)
            let expected = model.sync(request, now: store.now)
            #expect(acceptance.outcome == expected.outcome, "\(place)")
            #expect(acceptance.heldNumber == expected.held && acceptance.heldDigests == expected.digests, "\(place)")
            #expect(acceptance.head == UInt64(model.head), "\(place)")
        }
        try compare(store, model, writer, place)
        if isLossy, random.below(4) == 0 { return }
        let held = try await store.accept(request, from: writer)
        _ = model.sync(request, now: store.now)
        writer.acknowledge(held)
        switch held.outcome {
        case .forked: fork(&writer, &random)
        case .clock: try restamp(&writer, store.now)
        default: if held.heldNumber > writer.acknowledged + UInt64(writer.pending.count) { fork(&writer, &random) }
        }
    }

    private func fork(_ writer: inout TestWriter, _ random: inout SplitMix) {
        let changes = writer.pending
        if let last = lastOwn(writer) { writer.ancestry.append(last) }
        writer.replica = ReplicaID(rawValue: random.next() | 1)
        (writer.acknowledged, writer.acknowledgedDigest, writer.pending) = (0, [UInt8](repeating: 0, count: 16), [])
        rewrite(&writer, changes) { $0.time }
    }

    /// Near enough: everything of the old identity up to before the first commit that is not acknowledged.
    private func lastOwn(_ writer: TestWriter) -> Stamp? {
        guard writer.acknowledged > 0 else { return nil }
        let before = writer.pending.first?.time.rawValue ?? writer.clock.latest.rawValue + 1
        return Stamp(time: HybridTimestamp(rawValue: before - 1), replica: writer.replica)
    }

    private func restamp(_ writer: inout TestWriter, _ now: Int64) throws {
        let changes = writer.pending
        var clock = HybridLogicalClock()
        writer.pending = []
        var times: [HybridTimestamp] = []
        for commit in changes {
            times.append(
                commit.time.milliseconds <= now && commit.time > clock.latest
                    ? commit.time : try clock.tick(wallMilliseconds: now))
            clock.receive(times[times.count - 1])
        }
        var next = times.makeIterator()
        rewrite(&writer, changes) { next.next() ?? $0.time }
        writer.clock = HybridLogicalClock(latest: max(clock.latest, HybridTimestamp(milliseconds: now)))
    }

    private func rewrite(
        _ writer: inout TestWriter, _ commits: [SealedCommit], time: (SealedCommit) -> HybridTimestamp
    ) {
        var (number, digest) = (writer.acknowledged, writer.acknowledgedDigest)
        writer.pending = commits.map { commit in
            var commit = commit
            number += 1
            commit.number = number
            commit.time = time(commit)
            digest = TestWriter.digest(digest, Stamp(time: commit.time, replica: writer.replica), commit.changes)
            commit.digest = digest
            return commit
        }
    }

    // MARK: Comparing

    private func compare(_ store: TestStore, _ model: ModelServer, _ writer: TestWriter, _ place: String) throws {
        let all = try store.feed(writer, pageBytes: 500)
        #expect(standing(all.commits) == model.feed(after: 0, without: nil), "\(place)")
        #expect(all.last.fingerprint == model.fingerprint(ItemHasher(Blake2b.hash128)), "\(place)")
        let others = try store.feed(writer, includeOwn: false)
        #expect(standing(others.commits) == model.feed(after: 0, without: writer.replica), "\(place)")
        #expect(try store.log.verify(line: store.line), "\(place)")
    }

    private func standing(_ commits: [FeedCommit]) -> [ModelServer.Standing] {
        commits.flatMap { commit in
            commit.changes.map {
                ModelServer.Standing(
                    position: commit.position, index: $0.index, stamp: commit.stamp, record: $0.header.record,
                    live: $0.live, siblings: $0.siblings)
            }
        }
    }
}

/// A random generator that one seed settles: SplitMix64.
struct SplitMix: RandomNumberGenerator {
    private var state: UInt64
    init(_ seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return word ^ (word >> 31)
    }

    mutating func below(_ limit: UInt64) -> UInt64 { next() % limit }
}
