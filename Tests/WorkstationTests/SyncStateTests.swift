import Merge
import Replica
import SyncProtocol
import TestSupport
import Testing

@testable import Workstation

@Suite struct SyncStateTests {
    private static func status(_ change: (inout ReplicaStatus) -> Void = { _ in }) throws -> ReplicaStatus {
        let folder = TemporaryFolder()
        var status = try Replica(path: folder.path + "/r.db", schema: Garden.schema).status()
        status.line = LineID([UInt8](repeating: 1, count: 16))
        status.isFirstSyncDone = true
        status.lastSync = 1_000_000
        status.isVerified = true
        change(&status)
        return status
    }

    struct Row: Sendable {
        var name: String
        var condition: SyncState.Condition
        var connection: SyncState.Connection
        var change: @Sendable (inout ReplicaStatus) -> Void

        init(
            _ name: String, _ condition: SyncState.Condition, _ connection: SyncState.Connection,
            _ change: @escaping @Sendable (inout ReplicaStatus) -> Void
        ) {
            self.name = name
            self.condition = condition
            self.connection = connection
            self.change = change
        }
    }

    @Test(
        "that another workstation holds something else is said before that all is well, and after what stops the work")
    func disagrees() throws {
        let equal = DeskComparison(name: "Arbetsplats 2", isEqual: true, at: 1)
        let other = DeskComparison(name: "Arbetsplats 3", isEqual: false, at: 1)
        func condition(_ comparisons: [DeskComparison], _ connection: SyncState.Connection) throws
            -> SyncState.Condition
        {
            SyncState(try Self.status(), connection, comparisons: comparisons, now: 1_010_000).condition
        }
        #expect(try condition([equal], .up) == .compared)
        #expect(try condition([equal, other], .up) == .disagrees)
        #expect(try condition([other], .down("no answer")) == .disagrees)
        #expect(try condition([other], .revoked("no")) == .revoked)
    }

    @Test(
        "the state says nothing better than what is known",
        arguments: [
            Row("compared", .compared, .up, { _ in }),
            Row(
                "a write of its own is not compared", .sending, .up,
                {
                    $0.pending = 1; $0.isVerified = nil
                }),
            Row("not compared yet", .synced, .up, { $0.isVerified = nil }),
            Row("without an answer there is no network", .offline, .down("no answer"), { _ in }),
            Row("not tried yet is not known", .connecting, .untried, { _ in }),
            Row("a difference is never hidden", .differs, .up, { $0.isVerified = false }),
            Row("not even without a network", .differs, .down("no answer"), { $0.isVerified = false }),
            Row("what the server cannot take", .refused, .up, { $0.setAside = 1 }),
            Row("too old", .tooOld, .tooOld("0.2.0"), { $0.pending = 2 }),
            Row("no room at the server", .noRoom, .noRoom("full"), { $0.pending = 2 }),
            Row("no room, and one was set aside", .refused, .noRoom("full"), { $0.setAside = 1 }),
            Row("blocked", .revoked, .revoked("no"), { _ in }), Row("full", .diskFull, .full("full"), { _ in }),
            Row("stopped", .stopped, .stopped("damaged"), { $0.pending = 3 }),
            Row("a clock that is seven minutes wrong", .clockWrong, .up, { $0.clockOffsetMilliseconds = 420_000 }),
            Row("the first copy", .fetching, .up, { $0.isFirstSyncDone = false }),
            Row("no line", .notJoined, .untried, { $0.line = nil }),
            Row("another process syncs", .compared, .elsewhere, { _ in }),
            Row("another process has not for long", .offline, .elsewhere, { $0.lastSync = 500_000 }),
        ] as [Row])
    func conditions(_ row: Row) throws {
        let state = SyncState(try Self.status(row.change), row.connection, now: 1_010_000)
        #expect(state.condition == row.condition, "\(row.name)")
    }
}
