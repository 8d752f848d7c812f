import ChangeLog
import Merge
import Replica
import SQLite
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// What becomes of work that waits while something else comes in, is erased or is settled.
@Suite("Unsent work")
struct UnsentTests {
    /// Two desks that both show an oak.
    private func desks(_ line: TestLine) async throws -> (a: Desk, b: Desk, oak: RecordID) {
        let (a, b) = (try await line.desk(), try await line.desk())
        let oak = try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [a, b] { try await desk.sync() }
        line.clock.advance(by: 1_000)
        return (a, b, oak)
    }

    @Test("an unsent edit stands beside one that came in, whichever is later, and the same at both desks (I7)")
    func beside() async throws {
        for isEarlier in [true, false] {
            let line = try await TestLine()
            let (a, b, oak) = try await desks(line)
            if isEarlier { try a.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "unsent" } } }
            line.clock.advance(by: 10)
            try b.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "sent" } }
            line.clock.advance(by: 10)
            if !isEarlier { try a.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "unsent" } } }
            try await b.sync()
            // The page of b's edit comes while a's waits: what a sent did not arrive.
            let session = SyncSession(a.replica)
            let request = try session.nextRequest()
            let asked = try SyncRequest(encoded: request.body)
            #expect(asked.commits.count == 1)
            var listening = asked
            listening.commits = []
            let answer = try await line.answer(listening, from: a)
            let receipt = try session.receive(answer, to: request)
            #expect(receipt.applied == 1 && receipt.acknowledged == 0)
            #expect(try a.replica.status().pending == 1 && a.conflicts().count == 1)
            for desk in [a, b] { try await desk.sync() }
            for desk in [a, b] {
                let conflict = try #require(try desk.conflicts().first)
                #expect(conflict.shown == .text(isEarlier ? "sent" : "unsent"))
                #expect(conflict.other == .text(isEarlier ? "unsent" : "sent"))
            }
            #expect(try await a.sync().isVerified == true)
        }
    }

    @Test("an unsent edit that saw what came in before it was saved replaces it, without a conflict")
    func seen() async throws {
        let line = try await TestLine()
        let (a, b, oak) = try await desks(line)
        try b.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "ash" } }
        for desk in [b, a] { try await desk.sync() }
        // Its clock is behind, and it wins all the same: it names what it replaces.
        let slow = try line.open(try line.copy(a), clockOffset: { -86_400_000 })
        try slow.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "elm" } }
        for desk in [slow, b, a] { try await desk.sync() }
        for desk in [slow, b, a] {
            #expect(try desk.conflicts().isEmpty && desk.plant(oak)?[Garden.name] == "elm")
        }
    }

    @Test("erasing takes unsent text, and what it had replaced, out of the file at once, without a server (I5)")
    func erased() async throws {
        let line = try await TestLine()
        let (a, b, oak) = try await desks(line)
        let marker = "vanish-" + String(repeating: "q", count: 300)
        try a.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = marker + "1" } }
        try a.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = marker + "2" } }
        try a.replica.write { try $0.add(Garden.remarks, parent: oak) { $0[Garden.text] = marker } }
        #expect(try fileContains(a.path, marker))
        try a.replica.write { try $0.erase(Garden.plants, oak) }
        #expect(try !fileContains(a.path, marker))
        #expect(try await a.sync().isVerified == true)
        try await b.sync()
        #expect(try b.plant(oak) == nil)
        #expect(try !line.site.contains(Array(marker.utf8)))
    }

    @Test("erasing a record takes what was put aside of it out of the file at once (I5)")
    func erasedSetAside() async throws {
        let line = try await TestLine()
        let (a, _, oak) = try await desks(line)
        let marker = "vanish-" + String(repeating: "q", count: 300)
        var limits = Limits()
        limits.commitChanges = 1
        try line.restartServer(storeLimits: limits)
        try a.replica.write { tx in
            try tx.update(Garden.plants, oak) { $0[Garden.name] = marker }
            try tx.add(Garden.remarks, parent: oak) { $0[Garden.text] = marker }
        }
        try await a.sync()
        #expect(try a.replica.setAsideCommits().count == 1 && fileContains(a.path, marker))
        try a.replica.write { try $0.erase(Garden.plants, oak) }
        #expect(try a.replica.setAsideCommits().isEmpty && !fileContains(a.path, marker))
    }

    @Test("a conflict that is not what it was any more is not settled, and nothing is changed")
    func settling() async throws {
        let line = try await TestLine()
        let (a, b, oak) = try await desks(line)
        try a.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "ash" } }
        line.clock.advance(by: 10)
        try b.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.name] = "elm" } }
        for desk in [a, b, a] { try await desk.sync() }
        let looked = try #require(try a.conflicts().first)
        line.clock.advance(by: 10)
        // Somebody settles it elsewhere, and somebody here writes over it.
        let elsewhere = try #require(try b.conflicts().first)
        try b.replica.write { try $0.settle(elsewhere, takeOther: true) }
        for desk in [b, a] { try await desk.sync() }
        let pending = try a.replica.status().pending
        for takeOther in [true, false] {
            #expect { try a.replica.write { try $0.settle(looked, takeOther: takeOther) } } throws: {
                ($0 as? ReplicaError)?.code == .conflictChanged
            }
        }
        #expect(try a.replica.status().pending == pending && a.plant(oak)?[Garden.name] == "ash")
    }

    @Test("an erasure reaches what lies three levels below, also where the middle never arrived (I5)")
    func deepErasure() async throws {
        let name = Field<String>(1, "name")
        let trees = CollectionSchema.records(1, "trees", fields: [name])
        let boughs = CollectionSchema.records(2, "boughs", parent: trees, fields: [name])
        let twigs = CollectionSchema.records(3, "twigs", parent: boughs, fields: [name])
        let buds = CollectionSchema.notes(4, "buds", parent: twigs, fields: [name])
        let line = try await TestLine()
        let schema = Schema(version: 1, [trees, boughs, twigs, buds])
        let (a, b) = (try await line.desk(schema: schema), try await line.desk(schema: schema))
        let marker = "vanish-" + String(repeating: "q", count: 300)
        let tree = try a.replica.write { try $0.insert(trees) { $0[name] = "tree" } }
        try await a.sync()
        try await b.sync()
        let bough = try a.replica.write { try $0.insert(boughs, parent: tree) { $0[name] = marker } }
        let twig = try a.replica.write { try $0.insert(twigs, parent: bough) { $0[name] = marker } }
        try a.replica.write { _ = try $0.add(buds, parent: twig) { $0[name] = marker } }
        // Erased elsewhere before any of it arrived.
        try b.replica.write { try $0.erase(trees, tree) }
        for desk in [b, a, b, a] { #expect(try await desk.sync().isVerified == true) }
        for desk in [a, b] {
            for collection in [trees, boughs, twigs, buds] {
                #expect(try desk.replica.read { try $0.records(collection).isEmpty }, "\(collection.name)")
            }
            #expect(try !fileContains(desk.path, marker))
        }
        #expect(try !line.site.contains(Array(marker.utf8)))
        #expect(try await line.isSound())
    }
}
