import ChangeLog
import Merge
import Replica
import SQLite
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// Changes that arrive damaged, or are not what the schema says: kept, counted, never taken for what they are not.
@Suite("What cannot be opened")
struct UnopenedTests {
    /// Damages what the server holds of the record while the body runs, as the way to the desk might.
    private func damaging(_ line: TestLine, _ id: RecordID, kind: Int = 0, _ body: () async throws -> Void) async throws
    {
        let place = "record = x'\(id.description.filter(\.isHexDigit))' AND kind = \(kind)"
        let last = "\(place) AND position = (SELECT max(position) FROM change WHERE \(place))"
        // Beside the store, so that it is the same for every kind.
        try line.site.execute("CREATE TABLE whole AS SELECT sealed FROM change WHERE \(last)")
        try line.site.execute("UPDATE change SET sealed = zeroblob(length(sealed)) WHERE \(last)")
        try await body()
        try line.site.execute("UPDATE change SET sealed = (SELECT sealed FROM whole) WHERE \(last)")
        try line.site.execute("DROP TABLE whole")
    }

    @Test("an edit of such a record has not seen it: nobody's value is replaced unseen (I7)")
    func edited() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [a, b] { try await desk.sync() }
        line.clock.advance(by: 1_000)
        try b.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 7 } }
        try await b.sync()
        try await damaging(line, id) { () async throws -> Void in
            let report = try await a.sync()
            #expect(report.events.contains(.unopened(count: 1)) && report.isVerified == true)
        }
        #expect(try a.replica.status().unopened == 1)
        #expect(try a.plant(id)?[Garden.height] == nil)
        line.clock.advance(by: 1_000)
        try a.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 8 } }
        for desk in [a, b] { try await desk.sync() }
        #expect(try b.conflicts().map(\.shown) == [.integer(8)] && b.conflicts().map(\.other) == [.integer(7)])
        let found = try await a.client.verify(isDeep: true)
        #expect(found.isEqual)
        #expect(try a.state() == b.state() && a.replica.status().unopened == 0)
    }

    @Test("once it can be opened, what the schema shows is shown, and what it does not have waits for a newer one")
    func partlyUnknown() async throws {
        let line = try await TestLine()
        let soil = Field<String>(9, "soil")
        let newer = CollectionSchema.records(1, "plants", fields: Garden.plantFields + [soil])
        let upgraded = Schema(version: 2, [newer, Garden.remarks, Garden.leaves])
        let (a, b) = (try await line.desk(), try await line.desk(schema: upgraded))
        let id = try b.replica.write { tx in
            try tx.insert(newer) { row in
                row[Garden.name] = "oak"
                row[soil] = "clay"
            }
        }
        try await b.sync()
        try await damaging(line, id) { try await a.sync() }
        #expect(try a.plant(id)?[Garden.name] == nil && a.replica.status().unopened == 1)
        #expect(try await a.client.verify(isDeep: true).isEqual)
        #expect(try a.plant(id)?[Garden.name] == "oak" && a.replica.status().unopened == 0)
        let later = try Replica(path: a.path, schema: upgraded)
        #expect(try later.read { try $0.fetch(newer, id) }?[soil] == "clay")
        #expect(try later.recomputedFingerprint() == later.status().fingerprint)
    }

    @Test("an erasure that cannot be opened erases nothing; once it can, it does")
    func erasure() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [a, b] { try await desk.sync() }
        try b.replica.write { try $0.erase(Garden.plants, id) }
        try await b.sync()
        try await damaging(line, id, kind: 2) { () async throws -> Void in
            #expect(try await a.sync().isVerified == true)
            #expect(try a.plant(id)?[Garden.name] == "oak" && a.replica.status().unopened == 1)
            #expect(try a.replica.recomputedFingerprint() == a.replica.status().fingerprint)
            #expect(try a.replica.status().fingerprint == b.replica.status().fingerprint)
        }
        #expect(try await a.client.verify(isDeep: true).isEqual)
        #expect(try a.plant(id) == nil)
    }

    @Test("a value of another type than the schema's is kept and not shown, and stops nothing (I11)")
    func otherType() async throws {
        let line = try await TestLine()
        let height = Field<String>(2, "height")
        let plants = CollectionSchema.records(1, "plants", fields: [Garden.name, height])
        let (a, b) = (
            try await line.desk(), try await line.desk(schema: Schema(version: 1, [plants]))
        )
        let id = try b.replica.write { tx in try tx.insert(plants) { $0[height] = "as tall as a house" } }
        try b.replica.write { tx in try tx.insert(plants) { $0[Garden.name] = "elm" } }
        try await b.sync()
        let report = try await a.sync()
        #expect(report.isVerified == true && report.events.contains(.unopened(count: 1)))
        #expect(try a.plant(id)?[Garden.height] == nil)
        #expect(try a.replica.read { try $0.records(Garden.plants, where: "name = 'elm'").count } == 1)
    }

    @Test("a collection that is another kind of thing elsewhere is kept as unknown, and still verifies (I11)")
    func otherKind() async throws {
        let line = try await TestLine()
        let leaves = CollectionSchema.notes(3, "leaves", fields: [Garden.leafName])
        let (a, b) = (try await line.desk(), try await line.desk(schema: Schema(version: 1, [leaves])))
        for name in ["one", "two"] { try b.replica.write { tx in try tx.add(leaves) { $0[Garden.leafName] = name } } }
        try await b.sync()
        let report = try await a.sync()
        #expect(report.isVerified == true && report.events.contains(.unopened(count: 2)))
        #expect(try a.replica.read { try $0.records(Garden.leaves).isEmpty })
        #expect(try a.replica.recomputedFingerprint() == a.replica.status().fingerprint)
    }

    @Test("a page that is none changes nothing, be it of the feed, of a healing or of a deep verification")
    func brokenPages() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        try a.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await a.sync()
        let state = try a.state()
        let (session, sent, read) = try a.ask()
        func expectBadAnswer(_ answer: [UInt8], to request: SyncSession.Request) {
            #expect { try session.receive(answer, to: request) } throws: {
                ($0 as? ReplicaError)?.code == .badAnswer
            }
        }
        let broken = SyncResponse(
            outcome: .done, heldNumber: 1, cursor: read.cursor, head: 1, serverTime: line.clock.now, page: [0xFF])
        expectBadAnswer(broken.encoded(), to: sent)
        #expect(throws: ProtocolError.self) { try session.receive([0xFF], to: sent) }
        session.beginReading()
        expectBadAnswer(broken.encoded(), to: try session.nextRequest())
        try a.replica.compareWithServer()
        let start = HealResponse(outcome: .done, serverTime: line.clock.now, cursor: read.cursor)
        _ = try session.receive(start.encoded(), to: try session.nextRequest())
        let question = try session.nextRequest()
        // An answer to another number of questions than were asked.
        expectBadAnswer(start.encoded(), to: question)
        var answer = start
        answer.compared = Array(repeating: 1, count: try HealRequest(encoded: question.body).compared.count)
        _ = try session.receive(answer.encoded(), to: question)
        answer = start
        answer.page = [0xFF]
        answer.joinedParts = 1
        expectBadAnswer(answer.encoded(), to: try session.nextRequest())
        #expect(try a.state() == state)
        #expect(try await a.sync().isVerified == true)
    }
}
