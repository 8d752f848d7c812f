import Merge
import Replica
import SyncClient
import SyncProtocol
import TestSupport
import Testing
import Trust

/// What a workstation that was removed had not sent: nothing of it is lost, and nothing counts before a lead says so (I1).
@Suite struct UnsentWorkTests {
    /// A lead's workstation and one that is removed while it has something unsent, in more than one part.
    private struct Parted {
        let line: TestLine
        let lead: Desk
        let removed: Desk
        let third: Desk
        let plant: RecordID

        init() async throws {
            line = try await TestLine()
            lead = try await line.desk(role: .lead)
            removed = try await line.desk()
            third = try await line.desk()
            plant = try lead.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "oak" } }
            try await lead.sync()
            try await removed.sync()
        }

        func remove() async throws {
            try await Lead(lead.client).remove([try removed.replica.deviceKeys().id])
        }
    }

    private static let long = String(repeating: "Ö", count: 200_000)

    @Test("is handed over in parts though answers are lost, read, and taken in once; what contradicts stands beside it")
    func taken() async throws {
        let given = try await Parted()
        let (lead, removed, plant) = (given.lead, given.removed, given.plant)
        let device = try removed.replica.deviceKeys().id
        let gone = try lead.replica.write { tx in try tx.insert(Garden.plants) { $0[Garden.name] = "weed" } }
        try await lead.sync()
        try await removed.sync()
        for number in 1...5 {
            try removed.replica.write { tx in
                try tx.add(Garden.remarks, parent: plant) { $0[Garden.text] = "\(number) \(Self.long)" }
            }
        }
        try removed.replica.write { tx in
            try tx.update(Garden.plants, plant) { $0[Garden.height] = 3 }
            try tx.erase(Garden.plants, gone)
        }
        try lead.replica.write { tx in try tx.update(Garden.plants, plant) { $0[Garden.height] = 4 } }
        try await given.remove()
        given.line.network.fail([.answerLost, .none, .answerLost, .requestLost])
        for _ in 0..<4 {
            await #expect(throws: SyncError.self) { try await removed.sync() }
        }
        given.line.network.fail([])
        let told = await #expect(throws: SyncError.self) { try await removed.sync() }
        #expect(told?.code == .removed && told?.message.contains("handed to the leads") == true)
        let before = try removed.replica.status()
        #expect(before.pending == 6 && before.handedOverAt != nil)
        #expect(try removed.replica.unsentParts().isEmpty, "it is handed over once")

        let work = try await Lead(lead.client).unsentWork()
        #expect(work.map(\.device) == [device] && work[0].isWhole && work[0].parts > 1)
        let read = try await Lead(lead.client).unsentWork(of: device)
        let pages = read.pages
        let changes = try pages.flatMap { try lead.replica.read(unsent: $0) }
        #expect(
            changes.count == 7 && changes.count { $0.kind == .erasure } == 1 && changes.count { $0.kind == .note } == 5)
        #expect(try lead.replica.read { try $0.records(Garden.remarks) }.isEmpty, "reading changes nothing")

        #expect(try await Lead(lead.client).takeIn(read) == 7)
        #expect(try lead.replica.read { try $0.records(Garden.remarks) }.count == 5)
        #expect(try lead.replica.read { try $0.fetch(Garden.plants, gone) } == nil)
        let conflict = try #require(try lead.replica.read { try $0.conflicts() }.first)
        #expect(Set([conflict.shown, conflict.other]) == [.integer(3), .integer(4)])
        #expect(try lead.replica.status().isVerified == true)
        #expect(try await Lead(lead.client).unsentWork().isEmpty)
        for page in pages { #expect(try lead.replica.takeIn(unsent: page) == 0, "twice is once") }
        try await given.third.sync()
        #expect(try given.third.replica.read { try $0.records(Garden.remarks) }.count == 5)
        #expect(try await given.line.isSound())
    }

    @Test("what does not open, whole or in part, is taken in by nobody")
    func altered() async throws {
        let given = try await Parted()
        let (lead, removed) = (given.lead, given.removed)
        for _ in 1...2 {
            try removed.replica.write { tx in
                try tx.add(Garden.remarks, parent: given.plant) { $0[Garden.text] = "Not sent." }
            }
        }
        try await given.remove()
        await #expect(throws: SyncError.self) { try await removed.sync() }
        let page = try await Lead(lead.client).unsentWork(of: removed.replica.deviceKeys().id).pages[0]
        let sum = try lead.replica.recomputedFingerprint()
        for place in stride(from: 0, to: page.count, by: 7) {
            var altered = page
            altered[place] ^= 1
            // A position is a number of the other workstation, and says nothing here.
            guard (try? lead.replica.read(unsent: altered)) == nil else { continue }
            let error = #expect(throws: ReplicaError.self) { try lead.replica.takeIn(unsent: altered) }
            #expect(error?.code == .badAnswer)
        }
        for end in stride(from: 1, to: page.count, by: 5) where end != page.count / 2 {
            #expect(throws: ReplicaError.self) { try lead.replica.takeIn(unsent: Array(page.prefix(end))) }
        }
        #expect(try lead.replica.recomputedFingerprint() == sum)
        #expect(try lead.replica.status().isHealing == false)
        #expect(try lead.replica.takeIn(unsent: page) == 2)
    }

    @Test("nobody hands over what they wrote while they belong to the line, and nobody but leads reads it")
    func others() async throws {
        let given = try await Parted()
        let removed = given.removed
        try removed.replica.write { tx in
            try tx.add(Garden.remarks, parent: given.plant) { $0[Garden.text] = "Not sent." }
        }
        #expect(try removed.replica.unsentParts().isEmpty)
        #expect(try await removed.client.handOverUnsent() == 0)
        try await given.remove()
        await #expect(throws: SyncError.self) { try await removed.sync() }
        #expect(try removed.replica.status().handedOverAt != nil)
        await #expect(throws: SyncError.self) { try await Lead(given.third.client).unsentWork() }
    }
}
