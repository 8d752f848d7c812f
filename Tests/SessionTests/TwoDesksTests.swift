import ChangeLog
import Foundation
import HTTPClient
import Merge
import Replica
import SQLite
import Sealing
import SyncClient
import SyncProtocol
import TestSupport
import Testing

@Suite("Two desks, one line")
struct TwoDesksTests {
    @Test("what one writes the other has, and both prove it (I1)")
    func exchange() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { tx in
            let id = try tx.insert(Garden.plants) { $0[Garden.name] = "oak" }
            try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "tall" }
            return id
        }
        let first = try await a.sync()
        #expect(first.acknowledged == 1)
        #expect(first.isVerified == true)
        let second = try await b.sync()
        #expect(second.applied == 1)
        #expect(second.isVerified == true)
        #expect(try b.plant(id)?[Garden.name] == "oak")
        #expect(try a.state() == b.state())
        #expect(try a.replica.status().fingerprint == b.replica.status().fingerprint)
        #expect(try b.replica.recomputedFingerprint() == b.replica.status().fingerprint)
        #expect(try await line.isSound())
    }

    @Test("when the server last answered is known here, and an exchange that fails does not make it later")
    func lastSync() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        #expect(try desk.replica.lastSync() == nil)
        try await desk.sync()
        let first = try desk.replica.lastSync()
        #expect(first == line.clock.now)
        line.clock.advance(by: 60_000)
        await #expect(throws: SyncError.self) {
            try await SyncClient(replica: desk.replica, transport: CannedServer(.failure(.unreachable))).sync()
        }
        #expect(try desk.replica.lastSync() == first)
        try await desk.sync()
        #expect(try desk.replica.lastSync() == line.clock.now)
        #expect(try desk.replica.lastSync() == desk.replica.status().lastSync)
    }

    @Test(
        "different fields merge; the same field is a conflict at both desks, and one command settles it for both (I7)")
    func conflict() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await a.sync()
        try await b.sync()
        line.clock.advance(by: 1_000)
        try a.replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.name] = "ash" } }
        try a.replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.height] = 7 } }
        line.clock.advance(by: 1_000)
        try b.replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.name] = "elm" } }
        try b.replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.price] = 2.5 } }
        for desk in [a, b, a] { try await desk.sync() }
        for desk in [a, b] {
            let plant = try #require(try desk.plant(id))
            #expect(plant[Garden.name] == "elm")
            #expect(plant[Garden.height] == 7)
            #expect(plant[Garden.price] == 2.5)
            let conflicts = try desk.conflicts()
            #expect(conflicts.map(\.shown) == [.text("elm")])
            #expect(conflicts.map(\.other) == [.text("ash")])
            #expect(try desk.replica.status().isVerified == true)
        }
        #expect(try a.conflicts().map(\.id) == b.conflicts().map(\.id))
        let late = try await line.desk()
        try await late.sync()
        #expect(try late.state() == a.state())
        let open = try #require(try b.conflicts().first)
        try b.replica.write { tx in try tx.settle(open, takeOther: true) }
        for desk in [b, a, late] { try await desk.sync() }
        for desk in [a, b, late] {
            #expect(try desk.conflicts().isEmpty)
            #expect(try desk.plant(id)?[Garden.name] == "ash")
            #expect(try desk.replica.status().isVerified == true)
        }
    }

    @Test("a form that was read before a sync has not seen what came in since (I7)")
    func staleForm() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [a, b] { try await desk.sync() }
        let form = try b.basis(id)
        line.clock.advance(by: 10)
        try a.replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.name] = "ash" } }
        for desk in [a, b] { try await desk.sync() }
        line.clock.advance(by: 10)
        try b.replica.write(basedOn: form) { tx in try tx.update(Garden.plants, id) { $0[Garden.name] = "elm" } }
        #expect(try b.conflicts().map(\.other) == [.text("ash")])
        for desk in [b, a] { try await desk.sync() }
        #expect(try a.conflicts().map(\.other) == [.text("ash")])
        #expect(try a.replica.status().isVerified == true)
        #expect(try b.replica.status().isVerified == true)
    }

    @Test("erasing reaches every desk, with what was added below it meanwhile, and no file keeps a byte (I5)")
    func erase() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let marker = "vanish-" + String(repeating: "q", count: 300)
        let id = try a.replica.write { tx in
            let id = try tx.insert(Garden.plants) { $0[Garden.name] = marker }
            try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = marker }
            return id
        }
        for desk in [a, b] { try await desk.sync() }
        try b.replica.write { tx in
            try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = marker }
            try tx.update(Garden.plants, id) { $0[Garden.height] = 3 }
        }
        try a.replica.write { tx in try tx.erase(Garden.plants, id) }
        for desk in [a, b, a, b] { try await desk.sync() }
        for desk in [a, b] {
            #expect(try desk.state().isEmpty)
            #expect(try desk.replica.status().isVerified == true)
            #expect(try !fileContains(desk.path, marker))
        }
        let late = try await line.desk()
        try await late.sync()
        #expect(try late.replica.status().isVerified == true)
    }

    @Test("lost, repeated, cut and garbled answers change nothing in the outcome (I3)")
    func faults() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        for fault in [TestNetwork.Fault.requestLost, .answerLost, .answerCut, .answerGarbled] {
            try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "\(fault)" } }
            for desk in [a, b] {
                line.network.fail([fault])
                // What was damaged is asked for again at once; what was lost, with the next attempt.
                if fault == .requestLost || fault == .answerLost {
                    await #expect(throws: SyncError.self) { try await desk.sync() }
                }
                try await desk.sync()
            }
        }
        #expect(try a.state() == b.state())
        #expect(try a.state().count == 4)
        #expect(try b.replica.status().isVerified == true)
    }

    @Test(
        "a clock that is hours ahead blocks nothing and wins nothing it should not (I8)", arguments: [-1, 1] as [Int64])
    func wrongClock(sign: Int64) async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        let b = try await line.desk(clockOffset: { sign * 5 * 3_600_000 })
        let id = try b.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "wrong" } }
        let report = try await b.sync()
        #expect(report.isVerified == true)
        if sign > 0 { #expect(report.events.contains { if case .clockCorrected = $0 { true } else { false } }) }
        try await a.sync()
        line.clock.advance(by: 2_000)
        try a.replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.name] = "right" } }
        for desk in [a, b] { try await desk.sync() }
        for desk in [a, b] {
            #expect(try desk.plant(id)?[Garden.name] == "right")
            #expect(try desk.conflicts().isEmpty)
            #expect(try desk.replica.status().isVerified == true)
        }
    }

    @Test("a copied workstation goes on under a new id, nothing lost, nothing doubled (I9)")
    func copiedWorkstation() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        let id = try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        try await a.sync()
        try a.replica.write { tx in
            try tx.update(Garden.plants, id) { $0[Garden.height] = 1 }
            try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "both had this" }
        }
        let copy = try line.open(try line.copy(a))
        try a.replica.write { tx in try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "from a" } }
        try copy.replica.write { tx in try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "from the copy" } }
        try await a.sync()
        let report = try await copy.sync()
        #expect(report.events.contains { if case .forked = $0 { true } else { false } })
        for desk in [a, copy, a] { try await desk.sync() }
        #expect(try a.state() == copy.state())
        #expect(try a.replica.read { try $0.records(Garden.remarks) }.count == 3)
        #expect(try a.conflicts().isEmpty)
        #expect(try a.replica.status().replica != copy.replica.status().replica)
        #expect(try copy.replica.status().isVerified == true)
        #expect(try a.replica.status().isVerified == true)
    }

    @Test("a server restored from an old copy is found out and refilled (I10)")
    func restoredServer() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for desk in [a, b] { try await desk.sync() }
        let backup = try line.backUpServer()
        line.clock.advance(by: 1_000)
        try a.replica.write { tx in
            try tx.update(Garden.plants, id) { $0[Garden.name] = "ash" }
            try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "lost by the server" }
        }
        for desk in [a, b] { try await desk.sync() }
        try b.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "unsent" } }
        try line.restoreServer(from: backup)
        let report = try await a.sync()
        #expect(report.events.contains(.diverged))
        for desk in [b, a, b] { try await desk.sync() }
        #expect(try a.state() == b.state())
        #expect(try a.plant(id)?[Garden.name] == "ash")
        #expect(try a.replica.read { try $0.records(Garden.plants) }.count == 2)
        #expect(try a.conflicts().isEmpty)
        for desk in [a, b] { #expect(try desk.replica.status().isVerified == true) }
        #expect(try await line.isSound())
    }

    @Test("a server that lost everything small and many is refilled, in parts that it can take (I10)")
    func healingOfManySmallNotes() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        let backup = try line.backUpServer()
        let id = try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        for part in 0..<8 {
            try a.replica.write { tx in
                for index in 0..<3_000 {
                    try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "\(part * 3_000 + index)" }
                }
            }
        }
        try await a.sync()
        try line.restoreServer(from: backup)
        let report = try await a.sync()
        #expect(report.events.contains(.diverged))
        #expect(report.isVerified == true)
        #expect(try await line.isSound())
    }

    @Test("an older schema keeps what it does not know, verifies, and shows it after the upgrade")
    func mixedSchemas() async throws {
        let line = try await TestLine()
        let soil = Field<String>(9, "soil")
        let newer = CollectionSchema.records(
            1, "plants",
            fields: [
                Garden.name, Garden.height, Garden.price, Garden.isPerennial, Garden.planted,
                Garden.seen, Garden.photo, Garden.neighbour, soil,
            ])
        let tools = CollectionSchema.records(7, "tools", fields: [Field<String>(1, "name")])
        let upgraded = Schema(version: 2, [newer, Garden.remarks, Garden.leaves, tools])
        let a = try await line.desk(schema: upgraded)
        let b = try await line.desk()
        let id = try a.replica.write { tx in
            try tx.insert(tools) { $0[Field<String>(1, "name")] = "spade" }
            return try tx.insert(newer) {
                $0[Garden.name] = "oak"
                $0[soil] = "clay"
            }
        }
        for desk in [a, b] { try await desk.sync() }
        #expect(try b.plant(id)?[Garden.name] == "oak")
        #expect(try b.replica.status().isVerified == true)
        try b.replica.write { tx in try tx.update(Garden.plants, id) { $0[Garden.name] = "elm" } }
        for desk in [b, a] { try await desk.sync() }
        #expect(try a.replica.read { try $0.fetch(newer, id) }?[soil] == "clay")
        let after = try Replica(path: b.path, schema: upgraded)
        #expect(try after.read { try $0.fetch(newer, id) }?[soil] == "clay")
        #expect(try after.read { try $0.fetch(newer, id) }?[Garden.name] == "elm")
        #expect(try after.read { try $0.records(tools) }.count == 1)
        #expect(try after.recomputedFingerprint() == after.status().fingerprint)
        #expect(try after.status().fingerprint == a.replica.status().fingerprint)
    }

    @Test(
        "a network that answers in the server's place sets nothing aside and loses nothing (I11)",
        arguments: [400, 403, 413, 502])
    func captivePortal(status: Int) async throws {
        struct Portal: HTTPTransport {
            let status: Int
            func send(_ request: HTTPClientRequest) async throws(HTTPClientError) -> HTTPClientResponse {
                HTTPClientResponse(status: status, headers: [("Content-Type", "text/html")], body: Array("<html>".utf8))
            }
        }
        let line = try await TestLine()
        let a = try await line.desk()
        try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        let astray = SyncClient(replica: a.replica, transport: Portal(status: status))
        await #expect { try await astray.sync() } throws: { ($0 as? SyncError)?.isTransient == true }
        #expect(try a.replica.status().pending == 1)
        #expect(try a.replica.status().setAside == 0)
        #expect(try await a.sync().isVerified == true)
    }

    @Test("requests that are damaged on the way set nothing aside and lose nothing (I11)", arguments: [1, 3])
    func damagedRequests(count: Int) async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        let id = try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        line.network.fail(Array(repeating: .requestGarbled, count: count))
        #expect(try await a.sync().isVerified == true)
        #expect(try a.replica.status().setAside == 0)
        // Nor is anything wrong when there is nothing to send, and more often than is asked again at once.
        line.network.fail(Array(repeating: .requestGarbled, count: 20))
        await #expect { try await b.sync() } throws: { ($0 as? SyncError)?.isTransient == true }
        line.network.fail([])
        try await b.sync()
        #expect(try b.plant(id)?[Garden.name] == "oak")
    }

    @Test("a commit that the server can never take is put aside, and what comes after it goes on (I11)")
    func badCommit() async throws {
        let line = try await TestLine()
        let a = try await line.desk()
        let id = try a.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "before" } }
        try await a.sync()
        // A desk whose schema has notes where ours has records: nothing it writes there can ever be taken.
        let other = CollectionSchema.notes(1, "plants", fields: [Garden.name])
        let b = try await line.desk(schema: Schema(version: 1, [other]))
        try b.replica.write { tx in try tx.add(other, id: id) { $0[Garden.name] = "bad" } }
        let good = try b.replica.write { tx in try tx.add(other) { $0[Garden.name] = "good" } }
        let report = try await b.sync()
        #expect(report.events.contains(.setAside(number: 1, reason: .malformed)))
        #expect(try b.replica.status().setAside == 1)
        #expect(try b.replica.status().pending == 0)
        #expect(try b.replica.read { try $0.fetch(other, good) }?[Garden.name] == "good")
        try await a.sync()
        #expect(try a.plant(id)?[Garden.name] == "before")
        #expect(try a.replica.status().isVerified == true)
    }

    @Test("leases arrive, are used once each, and an answer that is lost costs none (I6)")
    func leases() async throws {
        let line = try await TestLine()
        let (a, b) = (try await line.desk(), try await line.desk())
        line.network.fail([.answerLost])
        await #expect(throws: SyncError.self) { try await a.sync() }
        for desk in [a, b] { try await desk.sync() }
        var numbers: [UInt64] = []
        for desk in [a, b] {
            for _ in 0..<40 { numbers.append(try #require(try desk.replica.write { try $0.takeLeasedNumber() })) }
            #expect(try desk.replica.write { try $0.takeLeasedNumber() } == nil)
        }
        #expect(Set(numbers).count == 80)
    }
}

/// Whether a database's files, log included, hold the bytes anywhere.
func fileContains(_ path: String, _ marker: String) throws -> Bool {
    for suffix in ["", "-wal"] where FileManager.default.fileExists(atPath: path + suffix) {
        let data = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
        if data.range(of: Data(marker.utf8)) != nil { return true }
    }
    return false
}
