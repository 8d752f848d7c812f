import ChangeLog
import Merge
import Replica
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// Commits that the server can never take: whatever they did leaves the tables, and what stood there comes back (I11).
@Suite("Commits put aside")
struct SetAsideTests {
    /// Desks whose server takes one change in a commit and no more.
    private func strictLine() async throws -> (TestLine, Desk, Desk) {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        for desk in [a, b] { try await desk.sync() }
        return (line, a, b)
    }

    private func becomeStrict(_ line: TestLine) throws {
        var limits = Limits()
        limits.commitChanges = 1
        try line.restartServer(storeLimits: limits)
    }

    private func plant(_ desk: Desk, _ name: String) throws -> RecordID {
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = name } }
    }

    @Test("values, notes and records of it go, its erasures stay, and everything is as the other desks have it")
    func everyKind() async throws {
        let (line, a, b) = try await strictLine()
        let (oak, elm) = (try plant(a, "oak"), try plant(a, "elm"))
        try a.replica.write { _ = try $0.add(Garden.remarks, parent: elm) { $0[Garden.text] = "below the elm" } }
        for desk in [a, b] { try await desk.sync() }
        try becomeStrict(line)
        line.clock.advance(by: 1_000)
        try a.replica.write { tx in
            try tx.update(Garden.plants, oak) { row in
                row[Garden.name] = "refused"
                row[Garden.height] = 7
            }
            try tx.erase(Garden.plants, elm)
            try tx.add(Garden.remarks, parent: oak) { $0[Garden.text] = "refused" }
            let new = try tx.insert(Garden.plants) { $0[Garden.name] = "refused too" }
            try tx.insert(Garden.leaves, parent: new) { $0[Garden.leafName] = "refused leaf" }
        }
        try a.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.price] = 2 } }
        // So strict a server may not be healed with either, as long as it is.
        var events: [Receipt.Event] = []
        do {
            try await a.client.sync { events += $0.events }
        } catch let error as SyncError {
            #expect(error.isTransient)
        }
        #expect(events.contains(.setAside(number: 4, reason: .tooManyChanges)))
        try line.restartServer()
        let report = try await a.client.sync { events += $0.events }
        #expect(report.isVerified == true)
        try await b.sync()
        #expect(try a.state() == b.state())
        #expect(try a.plant(oak)?[Garden.name] == "oak" && a.plant(oak)?[Garden.height] == nil)
        #expect(try a.plant(oak)?[Garden.price] == 2)
        // An erasure is never taken back: a healing brings it to the server.
        #expect(try a.plant(elm) == nil && events.contains(.healed))
        #expect(try a.replica.read { try $0.records(Garden.leaves).isEmpty })
        let kept = try a.replica.setAsideCommits()
        #expect(kept.map(\.changeCount) == [4] && kept.map(\.reason) == [.tooManyChanges])
        #expect(kept[0].writtenAt == line.clock.now)
        #expect(try a.replica.recomputedFingerprint() == a.replica.status().fingerprint)
    }

    @Test("a conflict in which it had won is shown without it, and one in which it had lost stays as it was")
    func conflicts() async throws {
        let (line, a, b) = try await strictLine()
        let (oak, elm) = (try plant(a, "oak"), try plant(a, "elm"))
        for desk in [a, b] { try await desk.sync() }
        let form = try a.basis(oak).merging(a.basis(elm))
        line.clock.advance(by: 1_000)
        try b.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.height] = 1 } }
        for desk in [b, a] { try await desk.sync() }
        line.clock.advance(by: 1_000)
        // Two commits of which the first fits a request alone: then a page comes while the second waits.
        try a.replica.write { tx in
            try tx.insert(Garden.plants) { $0[Garden.name] = String(repeating: "x", count: 3_000) }
        }
        try a.replica.write(basedOn: form) { tx in
            try tx.update(Garden.plants, oak) { $0[Garden.height] = 2 }
            try tx.update(Garden.plants, elm) { $0[Garden.height] = 3 }
        }
        #expect(try a.conflicts().map(\.shown) == [.integer(2)])
        line.clock.advance(by: 1_000)
        try b.replica.write { try $0.update(Garden.plants, elm) { $0[Garden.height] = 4 } }
        try await b.sync()
        try becomeStrict(line)
        var configuration = SyncClient.Configuration()
        configuration.requestBytes = 1_000
        let client = SyncClient(replica: a.replica, transport: line.network, configuration: configuration)
        var wereShown: [String] = []
        let report = try await client.sync { _ in
            do {
                wereShown.append(try a.plant(elm)?[Garden.height].map(String.init) ?? "-")
            } catch {
                Issue.record(error)
            }
        }
        #expect(wereShown.first == "4" && report.events.contains { if case .setAside = $0 { true } else { false } })
        #expect(report.isVerified == true)
        try await b.sync()
        #expect(try a.state() == b.state() && a.conflicts().isEmpty)
        #expect(try a.plant(oak)?[Garden.height] == 1)
        #expect(try a.plant(elm)?[Garden.height] == 4)
    }

    @Test("what is erased elsewhere leaves it, and one of which nothing is left goes (I5)")
    func erased() async throws {
        let (line, a, b) = try await strictLine()
        let (oak, elm) = (try plant(a, "oak"), try plant(a, "elm"))
        for desk in [a, b] { try await desk.sync() }
        try becomeStrict(line)
        let marker = "vanish-" + String(repeating: "q", count: 300)
        try a.replica.write { tx in
            try tx.update(Garden.plants, oak) { $0[Garden.name] = marker }
            try tx.add(Garden.remarks, parent: elm) { $0[Garden.text] = marker }
        }
        try await a.sync()
        #expect(try a.replica.setAsideCommits().map(\.changeCount) == [2])
        #expect(try fileContains(a.path, marker))
        try b.replica.write { try $0.erase(Garden.plants, elm) }
        for desk in [b, a] { try await desk.sync() }
        #expect(try a.replica.setAsideCommits().map(\.changeCount) == [1])
        try b.replica.write { try $0.erase(Garden.plants, oak) }
        for desk in [b, a] { try await desk.sync() }
        #expect(try a.replica.setAsideCommits().isEmpty)
        #expect(try !fileContains(a.path, marker))
    }
}
