import Foundation
import Merge
import Replica
import SyncClient
import SyncProtocol
import TestSupport
import Testing
import Trust

/// What comes under an older key than the log was read to its end under: told of, and nothing it takes away is destroyed at once.
@Suite struct LateChangeTests {
    private static let text = "Kept aside for a week."

    /// A workstation that was removed, and a server that was put back to before that: it takes what is sealed with the old key.
    private struct PutBack {
        let line: TestLine
        let lead: Desk
        let removed: Desk
        let plant: RecordID
        let remark: RecordID

        init() async throws {
            line = try await TestLine()
            lead = try await line.desk(role: .lead)
            removed = try await line.desk()
            (plant, remark) = try lead.replica.write { tx in
                let plant = try tx.insert(Garden.plants) { $0[Garden.name] = "oak" }
                let remark = try tx.add(Garden.remarks, parent: plant) { $0[Garden.text] = LateChangeTests.text }
                return (plant, remark)
            }
            try await lead.sync()
            try await removed.sync()
            let backup = try line.backUpServer()
            try await Lead(lead.client).remove([try removed.replica.deviceKeys().id])
            try await lead.sync()
            try line.restoreServer(from: backup)
        }

        func sync() async throws {
            try await removed.sync()
            try await lead.sync()
        }
    }

    @Test("an erasure hides at once, and destroys after seven days of a time that can be relied on (I5)")
    func weekLater() async throws {
        let given = try await PutBack()
        let (line, lead) = (given.line, given.lead)
        try given.removed.replica.write { try $0.erase(Garden.plants, given.plant) }
        try await given.sync()
        #expect(try lead.replica.read { try $0.fetch(Garden.plants, given.plant) } == nil)
        let late = try #require(try lead.replica.lateChanges().first)
        #expect(late.kind == .erasure && late.heldCount == 2 && late.epoch == 1 && !late.isKept)
        #expect(try lead.replica.status().isVerified == true)
        for days in [3, 3] as [Int64] {
            line.clock.advance(by: days * 86_400_000)
            try await lead.sync()
            #expect(try lead.replica.lateChanges().first?.heldCount == 2)
        }
        line.clock.advance(by: 86_400_001)
        // Nobody has written for a while: the log itself must say that the server's time is a possible one.
        _ = try lead.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "elm" } }
        try await lead.sync()
        #expect(try lead.replica.lateChanges().first?.heldCount == 0, "the mark stays, and what was erased is gone")
        for file in [lead.path, lead.path + "-wal"] where FileManager.default.fileExists(atPath: file) {
            let bytes = try Data(contentsOf: URL(fileURLWithPath: file))
            #expect(bytes.range(of: Data(Self.text.utf8)) == nil, "\(file) still has it")
        }
        #expect(throws: ReplicaError.self) { try lead.replica.restoreHeld(given.plant) }
    }

    @Test("a lead keeps it: it is written anew, once, whoever does it, and nothing of it is held any more")
    func kept() async throws {
        let given = try await PutBack()
        let lead = given.lead
        try given.removed.replica.write { try $0.erase(Garden.plants, given.plant) }
        try await given.sync()
        try await Lead(lead.client).keep(given.plant)
        given.line.clock.advance(by: 30 * 86_400_000)
        try await lead.sync()
        #expect(try lead.replica.lateChanges().first?.heldCount == 2, "what is kept is not destroyed by time")
        let ids = try lead.replica.restoreHeld(given.plant)
        #expect(ids.count == 2)
        let plant = try #require(ids[given.plant])
        let restored = try #require(try lead.replica.read { try $0.fetch(Garden.plants, plant) })
        #expect(restored[Garden.name] == "oak")
        let remarks = try lead.replica.read { try $0.records(Garden.remarks) }
        #expect(remarks.map(\.parent) == [plant] && remarks[0][Garden.text] == Self.text)
        #expect(try lead.replica.lateChanges().isEmpty)
        try await lead.sync()
        #expect(try lead.replica.status().isVerified == true)
    }

    @Test(
        "an edit before such an erasure loses nothing either; a note is told of; what an honest workstation erases is gone (I5)"
    )
    func edits() async throws {
        let given = try await PutBack()
        let lead = given.lead
        try given.removed.replica.write { tx in
            try tx.update(Garden.plants, given.plant) { $0[Garden.name] = "weed" }
            try tx.add(Garden.remarks, parent: given.plant) { $0[Garden.text] = "Not by us." }
        }
        try given.removed.replica.write { try $0.erase(Garden.remarks, given.remark) }
        try await given.sync()
        let late = try lead.replica.lateChanges()
        #expect(Set(late.map(\.kind)) == [.set, .note, .erasure] && late.count == 3)
        let edit = try #require(late.first { $0.kind == .set })
        #expect(edit.before.map(\.field.name) == ["name"] && edit.before.map(\.value) == [.text("oak")])
        #expect(late.first { $0.kind == .erasure }?.heldCount == 1)
        try lead.replica.accept(edit)
        #expect(try lead.replica.lateChanges().count == 2)
        try lead.replica.write { try $0.erase(Garden.plants, given.plant) }
        #expect(try lead.replica.lateChanges().allSatisfy { $0.heldCount == 0 })
        try await lead.sync()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: lead.path))
        #expect(bytes.range(of: Data(Self.text.utf8)) == nil)
    }

    @Test("nothing honest is late: rotations, unsent work from before them, a new workstation, healing after a restore")
    func honest() async throws {
        let line = try await TestLine()
        let (lead, away, third) = (
            try await line.desk(role: .lead), try await line.desk(), try await line.desk()
        )
        func enter(_ desk: Desk, _ name: String) throws {
            _ = try desk.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = name } }
        }
        for round in 1...3 {
            for desk in [lead, away, third] { try enter(desk, "\(round)") }
            try await third.sync()
            try await away.sync()
            let backup = round == 2 ? try line.backUpServer() : nil
            try await Lead(lead.client).rotate()
            try enter(away, "unsent \(round)")
            try await lead.sync()
            if let backup { try line.restoreServer(from: backup) }
            for desk in [third, lead, away, third, lead] { try await desk.sync() }
        }
        for desk in [lead, away, third] {
            #expect(try desk.replica.lateChanges().isEmpty)
            #expect(try desk.replica.status().isVerified == true)
            #expect(try desk.replica.read { try $0.records(Garden.plants) }.count == 12)
        }
    }
}
