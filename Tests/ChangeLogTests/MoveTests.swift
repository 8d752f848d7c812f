import Merge
import PostgreSQL
import Sealing
import SimulatedLead
import Support
import SyncProtocol
import TestSupport
import Testing
import Trust

@testable import ChangeLog

/// A store is moved from a folder to a database and back, and nobody notices.
@Suite(.enabled(if: PostgreSQLServer.isInstalled)) struct MoveTests {
    private struct Stopped: Error {}

    /// A store with something in every table.
    private static func filled() async throws -> (store: TestStore, desk: TestWriter) {
        let store = try await TestStore(.sqlite)
        var (desk, other) = (try await store.writer(1), try await store.writer(2))
        for number in 0..<300 as Range<UInt64> {
            try desk.commit([put(number, 0), note(1_000 + number, path: [number])])
        }
        try desk.commit([put(2_000, 0, path: [7, 8, 9]), note(2_001, path: [2_000, 7, 8])])
        try other.commit([erase(3), put(4, 0, 1)])
        try await store.send(&desk)
        var request = other.request()
        request.leases.wanted = 3
        other.acknowledge(try await store.accept(request, from: other))
        try store.site.execute("UPDATE change SET sealed = x'ff' WHERE kind = 2")
        #expect(try await !store.isSound())
        for _ in 0..<3 { _ = try await store.log.scrub(line: store.line, count: 10, now: store.now) }
        let checkpoint = SealedCheckpoint(device: desk.device.id, epoch: 1, sealed: [1, 2, 3])
        try await store.log.add(CheckpointList([checkpoint]), by: desk.device)
        try await store.lead().changeKey(removing: [other.device.id], in: store.log, now: store.now)
        let removed = try #require(try store.log.device(other.device.id))
        try await store.log.keep(
            UnsentPart(attempt: 3, number: 0, parts: 2, page: [4, 5, 6]), of: removed, now: store.now)
        try await operators(store)
        return (store, desk)
    }

    private static func operators(_ store: TestStore) async throws {
        let second = try await store.newLine()
        let key = [UInt8](repeating: 9, count: 32)
        for act: OperatorAct in [
            .addOperator(signingKey: key, label: "Karin", line: second), .quota(second, bytes: 5_000),
            .inviteFounder(signingKey: key, name: "Third", expires: store.now + 1_000),
            .awaitLine(try #require(LineID([UInt8](repeating: 8, count: 16))), name: "Lost"),
            .label(try await store.device(line: second).id, "Desk of Karin"),
            .block(try await store.device(line: second).id),
        ] { try await store.perform(act) }
        try store.site.execute("INSERT INTO invitation_secret (invitation, device, box) VALUES (x'01', x'02', x'03')")
        try store.site.execute("INSERT INTO restoration (line, at, devices, completed) VALUES (2, 5, 7, NULL)")
    }

    private func place(_ site: any StoreSite) throws -> StoreMove.Place {
        if let site = site as? SQLiteSite { return .file(site.path) }
        return .database(address: try #require(site as? PostgreSQLSite).address, allowsUnverified: false)
    }

    /// Every row, by the columns that both stores have.
    private func rows(_ site: any StoreSite) throws -> [String: [[Cell]]] {
        let end: any MoveEnd =
            switch try place(site) {
            case .file(let path): try SQLiteMoveEnd(from: path)
            case .database(let address, _): try PostgreSQLMoveEnd(from: DatabaseAddress(address))
            }
        var rows: [String: [[Cell]]] = [:]
        for table in MovedTable.ofStore { rows[table.name] = try end.rows(table, of: nil, after: nil, limit: 10_000) }
        for line in try end.lines() {
            for table in MovedTable.ofLines {
                rows["\(table.name) \(line.id)"] = try end.rows(table, of: line, after: nil, limit: 10_000)
            }
        }
        return rows
    }

    @Test("stopped again and again it goes on, and in the end every row, page and count is the same, there and back")
    func thereAndBack() async throws {
        let (store, writer) = try await Self.filled()
        let before = try rows(store.site)
        // Nothing is left out of what is compared.
        let names = Set(before.filter { !$0.value.isEmpty }.keys.map { String($0.prefix { $0 != " " }) })
        #expect(names == Set((MovedTable.ofStore + MovedTable.ofLines).map(\.name)))
        let folder = TemporaryFolder()
        let database = try PostgreSQLSite()
        var stops = 0
        while true {
            var stretches = 0
            do {
                _ = try StoreMove(from: place(store.site), to: place(database)).run { _ in
                    stretches += 1
                    if stretches == 2 { throw Stopped() }
                }
                break
            } catch is Stopped {
                stops += 1
                // Until it has ended it is no store.
                #expect(throws: ChangeLogError.self) { try database.open() }
            }
        }
        #expect(stops > 5)
        #expect(try rows(database) == before)
        let moved = try database.open()
        #expect(try await moved.lines() == store.log.lines())
        #expect(try moved.generation() != 0)
        for line in try await store.log.lines().map(\.id) {
            #expect(try await moved.verify(line: line, now: store.now).isSound)
            #expect(try moved.roster(of: line)?.entries == store.log.roster(of: line)?.entries)
        }
        // A workstation goes on where it was.
        var request = writer.request()
        request.cursor = try await store.feed(writer).last.cursor
        let acceptance = try await moved.accept(request, from: writer.device, now: store.now)
        #expect(acceptance.outcome == .done && acceptance.heldNumber == writer.acknowledged)
        request.cursor = .start
        request.includeOwn = true
        let pages = try await (
            moved.page(for: request, proven: .max, from: writer.device),
            store.log.page(for: request, proven: .max, from: writer.device)
        )
        #expect(pages.0.bytes == pages.1.bytes && !pages.0.bytes.isEmpty)
        (moved as? PostgreSQLChangeLog)?.close()
        let back = SQLiteSite(folder: folder.path)
        let after = try rows(database)
        _ = try StoreMove(from: place(database), to: place(back)).run()
        #expect(try rows(back) == after)
        #expect(try await back.open().lines().map(\.fingerprint) == store.log.lines().map(\.fingerprint))
    }

    @Test(
        "what has a store already is not moved to, and what is written to or damaged meanwhile is not taken for equal")
    func refused() async throws {
        let (store, _) = try await Self.filled()
        let full = try await TestStore(.postgresql)
        #expect(throws: ChangeLogError.self) { try StoreMove(from: place(store.site), to: place(full.site)) }
        let site = store.site
        let database = try PostgreSQLSite()
        #expect(throws: ChangeLogError.self) {
            try StoreMove(from: place(site), to: place(database)).run { _ in
                try site.execute("UPDATE line SET next_desk = next_desk + 1")
            }
        }
        #expect(throws: ChangeLogError.self) { try database.open() }
        let other = try PostgreSQLSite()
        try site.execute("UPDATE change SET sealed = x'00' WHERE kind = 1")
        #expect(throws: ChangeLogError.self) { try StoreMove(from: place(site), to: place(other)).run() }
        #expect(throws: ChangeLogError.self) { try other.open() }
    }
}
