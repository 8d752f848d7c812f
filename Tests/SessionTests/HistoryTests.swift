import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import SQLite
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// Random histories of real replicas, files and server, against an oracle that knows what every write had truly seen.
///
/// To replay one: `LUGN_SEED=<seed> swift test --filter HistoryTests`; more of them: `LUGN_HISTORIES=500`.
@Suite("Random histories", .serialized)
struct HistoryTests {
    static var seeds: [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["LUGN_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        return Array(1...(environment["LUGN_HISTORIES"].flatMap { UInt64($0) } ?? 40))
    }

    @Test(
        "lost answers, jumping clocks, copies and backups: equal state, nothing lost unseen (I1, I3, I7, I8, I9)",
        arguments: seeds)
    func converges(seed: UInt64) async throws {
        try await History(seed: seed, restoresServer: false, copiesDesks: true).run()
    }

    @Test("a server restored from old copies of its file, lost answers and jumping clocks (I10)", arguments: seeds)
    func heals(seed: UInt64) async throws {
        try await History(seed: seed, restoresServer: true, copiesDesks: false).run()
    }

    @Test("servers restored and restarted, workstations copied, all at once (I1, I7, I9, I10)", arguments: seeds)
    func everything(seed: UInt64) async throws {
        try await History(seed: seed, restoresServer: true, copiesDesks: true).run()
    }
}

private final class History {
    final class Actor {
        let desk: Desk
        /// The oracle's: every write whose value this desk has had before it, and what those had seen.
        var known: Set<Int> = []
        init(_ desk: Desk, known: Set<Int> = []) {
            self.desk = desk
            self.known = known
        }
    }

    let seed: UInt64
    var random: SplitMix64
    let line: TestLine
    let restoresServer: Bool
    let copiesDesks: Bool
    var actors: [Actor] = []
    var copies: [(path: String, known: Set<Int>)] = []
    var serverCopies: [any StoreSite] = []
    var nextWrite = 0
    var seen: [Int: Set<Int>] = [:]
    var fieldOf: [Int: String] = [:]
    let records: [RecordID]
    let offsets: [Int64] = [0, 0, -500_000, -5_000, 5_000, 50_000, 61_000, 5_000_000]

    init(seed: UInt64, restoresServer: Bool, copiesDesks: Bool) async throws {
        self.seed = seed
        self.restoresServer = restoresServer
        self.copiesDesks = copiesDesks
        random = SplitMix64(seed: seed)
        line = try await TestLine()
        let now = line.clock.now
        records = (0..<3).map { RecordID(milliseconds: now, randomHigh: $0, randomLow: 7) }
    }

    func run() async throws {
        for _ in 0..<Int.random(in: 2...4, using: &random) { actors.append(Actor(try await desk())) }
        for _ in 0..<Int.random(in: 20...90, using: &random) {
            line.clock.advance(by: Int64.random(in: 0...30_000, using: &random))
            try await step()
        }
        try await settle()
        try await check()
    }

    private func desk() async throws -> Desk {
        let offset = offsets.randomElement(using: &random)!
        return try await line.desk(clockOffset: { offset })
    }

    private func step() async throws {
        let actor = actors.randomElement(using: &random)!
        switch Double.random(in: 0..<1, using: &random) {
        case ..<0.5: try write(actor)
        case ..<0.88: await sync(actor)
        case ..<0.91 where copiesDesks: copies.append((try line.copy(actor.desk), actor.known))
        case ..<0.94 where !copies.isEmpty && actors.count < 7:
            let copy = copies.randomElement(using: &random)!
            let path = line.path("live\(actors.count)-\(nextWrite).db")
            try FileManager.default.copyItem(atPath: copy.path, toPath: path)
            try FileManager.default.copyItem(atPath: copy.path + "-keys", toPath: path + "-keys")
            let offset = offsets.randomElement(using: &random)!
            actors.append(Actor(try line.open(path, clockOffset: { offset }), known: copy.known))
        case ..<0.97 where restoresServer: serverCopies.append(try line.backUpServer())
        case ..<0.99 where restoresServer && !serverCopies.isEmpty:
            try line.restoreServer(from: serverCopies.suffix(3).randomElement(using: &random)!)
        case ..<1 where restoresServer: try line.restartServer()
        default: break
        }
    }

    private func write(_ actor: Actor) throws {
        nextWrite += 1
        let number = nextWrite
        let id = records.randomElement(using: &random)!
        let fields = Int.random(in: 1...3, using: &random)
        let exists = try actor.desk.plant(id) != nil
        try actor.desk.replica.write { tx in
            let fill: (inout RowWriter) -> Void = { row in
                if fields & 1 != 0 { row[Garden.name] = "\(number)" }
                if fields & 2 != 0 { row[Garden.height] = Int64(number) }
            }
            if exists { try tx.update(Garden.plants, id, fill) } else { try tx.insert(Garden.plants, id: id, fill) }
        }
        if fields & 1 != 0 { fieldOf[number * 2] = "\(id).name" }
        if fields & 2 != 0 { fieldOf[number * 2 + 1] = "\(id).height" }
        seen[number] = actor.known
        actor.known.insert(number)
    }

    private func sync(_ actor: Actor) async {
        let faults: [TestNetwork.Fault] = [.none, .none, .none, .answerLost, .requestLost, .answerCut]
        line.network.fail([faults.randomElement(using: &random)!, faults.randomElement(using: &random)!])
        do {
            try await actor.desk.sync()
        } catch is SyncError {
        } catch {
            Issue.record("seed \(seed): \(error)")
        }
        line.network.fail([])
        do {
            learn(actor, try values(actor.desk))
        } catch {
            Issue.record("seed \(seed): \(error)")
        }
    }

    private func learn(_ actor: Actor, _ values: [String: Set<Int>]) {
        for number in values.values.joined() {
            actor.known.insert(number)
            actor.known.formUnion(seen[number] ?? [])
        }
    }

    /// Per record and field, the writes whose values stand, the one that is shown included.
    private func values(_ desk: Desk) throws -> [String: Set<Int>] {
        try desk.replica.read { snapshot in
            var result: [String: Set<Int>] = [:]
            for plant in try snapshot.records(Garden.plants) {
                if let name = plant[Garden.name].flatMap({ Int($0) }) {
                    result["\(plant.id).name", default: []].insert(name)
                }
                if let height = plant[Garden.height] { result["\(plant.id).height", default: []].insert(Int(height)) }
            }
            let siblings = try snapshot.query("SELECT record, field, value FROM lugn_sibling") { row in
                let id = row.halves(0)!
                let field = row.integer(1) == 1 ? "name" : "height"
                return ("\(RecordID(high: id.high, low: id.low)).\(field)", Int(row.text(2)) ?? -1)
            }
            for (field, number) in siblings { result[field, default: []].insert(number) }
            return result
        }
    }

    /// Everybody syncs until nothing moves.
    private func settle() async throws {
        for _ in 0..<4 {
            line.clock.advance(by: 300_000)
            for actor in actors {
                do {
                    try await actor.desk.sync()
                } catch {
                    Issue.record("seed \(seed): does not settle: \(error)")
                }
            }
        }
    }

    private func check() async throws {
        let first = try values(actors[0].desk)
        let state = try actors[0].desk.state()
        for actor in actors {
            let status = try actor.desk.replica.status()
            #expect(status.pending == 0, "seed \(seed)")
            #expect(status.isVerified == true, "seed \(seed)")
            #expect(try actor.desk.state() == state, "seed \(seed)")
            #expect(try actor.desk.replica.recomputedFingerprint() == status.fingerprint, "seed \(seed)")
        }
        #expect(try await line.isSound(), "seed \(seed)")
        // No write of anybody who is still here is gone, unless somebody who had seen it wrote later.
        let visible = Set(first.flatMap { field, numbers in numbers.map { "\(field)=\($0)" } })
        let mine = actors.reduce(into: Set<Int>()) { $0.formUnion($1.known) }
        for (key, field) in fieldOf where mine.contains(key / 2) && !visible.contains("\(field)=\(key / 2)") {
            let isFollowed = fieldOf.contains { other, otherField in
                otherField == field && mine.contains(other / 2) && seen[other / 2]?.contains(key / 2) == true
            }
            #expect(isFollowed, "seed \(seed): \(field)=\(key / 2) is lost")
        }
    }
}
