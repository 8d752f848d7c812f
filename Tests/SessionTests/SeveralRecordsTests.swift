import HTTPClient
import Merge
import Replica
import SyncClient
import TestSupport
import Testing

/// Commits over several records, written in the middle of a feed: what they say to have seen is a version vector, which
/// knows no records.
@Suite("A commit over several records")
struct SeveralRecordsTests {
    /// Oak and elm, written in one commit; a healing has handed out the oak again, behind the commit. The reader has read
    /// the commit, and so the elm, but not the oak.
    private func reader(_ line: TestLine) async throws -> (Desk, others: [Desk], oak: RecordID, elm: RecordID) {
        let (one, two) = (try await line.desk(), try await line.desk())
        let (oak, elm) = try one.replica.write { tx in
            (
                try tx.insert(Garden.plants) { $0[Garden.name] = "oak" },
                try tx.insert(Garden.plants) { $0[Garden.name] = "elm" }
            )
        }
        for desk in [one, two] { try await desk.sync() }
        let backup = try line.backUpServer()
        line.clock.advance(by: 1_000)
        try two.replica.write { try $0.update(Garden.plants, oak) { $0[Garden.height] = 1 } }
        try await two.sync()
        try line.restoreServer(from: backup)
        try await two.sync()
        let reader = try await line.desk()
        var configuration = SyncClient.Configuration()
        configuration.pageBytes = 1
        let broken = CannedServer(.passed, .failure(.unreachable), network: line.network)
        await #expect(throws: SyncError.self) {
            try await SyncClient(replica: reader.replica, transport: broken, configuration: configuration).sync()
        }
        try #require(try reader.plant(elm) != nil && reader.plant(oak) == nil)
        line.clock.advance(by: 1_000)
        return (reader, [one, two], oak, elm)
    }

    private func settle(_ desks: [Desk]) async throws {
        for desk in desks + desks { #expect(try await desk.sync().isVerified == true) }
        for desk in desks { #expect(try desk.state() == desks[0].state()) }
    }

    @Test("replaces nothing that was not seen, though it replaces another record of the same commit (I7)")
    func severalRecords() async throws {
        let line = try TestLine()
        let (reader, others, oak, elm) = try await reader(line)
        try reader.replica.write { tx in
            try tx.insert(Garden.plants, id: oak) { $0[Garden.name] = "fir" }
            try tx.update(Garden.plants, elm) { $0[Garden.name] = "ash" }
        }
        try await settle([reader] + others)
        for desk in [reader] + others {
            #expect(try desk.conflicts().contains { $0.record == oak && $0.other == .text("oak") })
        }
    }

    @Test("nor if the other record comes first in the commit (I7)")
    func otherRecordFirst() async throws {
        let line = try TestLine()
        let (reader, others, oak, elm) = try await reader(line)
        try reader.replica.write { tx in
            try tx.update(Garden.plants, elm) { $0[Garden.name] = "ash" }
            try tx.insert(Garden.plants, id: oak) { $0[Garden.name] = "fir" }
        }
        try await settle([reader] + others)
        #expect(try others[0].conflicts().contains { $0.record == oak && $0.other == .text("oak") })
    }

    @Test("one over a single record, and new ones beside it, replaces what it was written over, and needs no conflict")
    func oneRecord() async throws {
        let line = try TestLine()
        let (reader, others, _, elm) = try await reader(line)
        try reader.replica.write { tx in
            try tx.update(Garden.plants, elm) { $0[Garden.name] = "ash" }
            try tx.insert(Garden.plants) { $0[Garden.name] = "new" }
            try tx.add(Garden.remarks, parent: elm) { $0[Garden.text] = "tall" }
        }
        try await settle([reader] + others)
        #expect(try others[1].conflicts().isEmpty)
        #expect(try others[1].plant(elm)?[Garden.name] == "ash")
    }
}
