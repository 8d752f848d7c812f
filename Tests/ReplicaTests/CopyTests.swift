import Foundation
import SQLite
import SyncProtocol
import TestSupport
import Testing

@testable import Replica

/// Files that are copied while there is no network: where the computer can tell, no number is given twice.
@Suite("Copies of a file")
struct CopyTests {
    private let folder = TemporaryFolder()

    private func open(_ name: String) throws -> Replica {
        try Replica(path: folder.file(name), schema: Garden.schema)
    }

    /// A file with twenty leased numbers, of which one is used, that nobody has open.
    private func makeFile(_ name: String) throws -> ReplicaStatus {
        let replica = try open(name)
        try replica.session { session in
            try Leases(connection: session.store.connection)
                .receive([Lease(ordinal: 1, start: 400, count: 20)], &session.link)
            session.link.desk = 7
        }
        #expect(try replica.write { try $0.takeLeasedNumber() } == 400)
        return try replica.status()
    }

    private func copy(_ name: String, to other: String) throws {
        try FileManager.default.copyItem(atPath: folder.file(name), toPath: folder.file(other))
    }

    @Test("a copy takes an id of its own and gives its numbers up, without a server; the original goes on as it was")
    func copied() throws {
        let before = try makeFile("a.db")
        try copy("a.db", to: "b.db")
        let (original, copied) = (try open("a.db"), try open("b.db"))
        #expect(try original.status().replica == before.replica && original.status().freeNumbers == 19)
        #expect(try copied.status().replica != before.replica && copied.status().freeNumbers == 0)
        #expect(try original.write { try $0.takeLeasedNumber() } == 401)
        #expect(try copied.write { try $0.takeLeasedNumber() } == nil)
        // Nor do they make longer ones out of the same desk number.
        #expect(try copied.write { try $0.deskNumber() } == 0)
        // It is at home there now.
        let settled = try copied.status().replica
        #expect(try open("b.db").status().replica == settled)
    }

    @Test("a copy of a copy, and the original put elsewhere, are told from each other; what was written stays")
    func again() throws {
        let before = try makeFile("a.db")
        var replica: Replica? = try open("a.db")
        let id = try replica!.write { try $0.insert(Garden.plants) { $0[Garden.name] = "oak" } }
        replica = nil
        try copy("a.db", to: "b.db")
        _ = try open("b.db").status()
        try copy("b.db", to: "c.db")
        let ids = try ["a.db", "b.db", "c.db"].map { try open($0).status().replica }
        #expect(Set(ids).count == 3 && ids[0] == before.replica)
        for name in ["a.db", "b.db", "c.db"] {
            #expect(try open(name).read { try $0.fetch(Garden.plants, id) }?[Garden.name] == "oak")
            #expect(try open(name).status().pending == 1)
        }
    }

    @Test("a file that is renamed is the same one")
    func renamed() throws {
        let before = try makeFile("a.db")
        try FileManager.default.moveItem(atPath: folder.file("a.db"), toPath: folder.file("b.db"))
        #expect(try open("b.db").status().replica == before.replica && open("b.db").status().freeNumbers == 19)
    }

    @Test("own commits are not told as another process's; those of one are, once")
    func otherProcess() async throws {
        let (one, two) = (try open("a.db"), try open("a.db"))
        let watcher = try one.otherProcessWatcher()
        var notices = one.changes().makeAsyncIterator()
        try one.write { try $0.insert(Garden.plants) { $0[Garden.name] = "mine" } }
        #expect(try !watcher.hasNewOutbox())
        try two.write { try $0.insert(Garden.plants) { $0[Garden.name] = "other" } }
        #expect(try watcher.hasNewOutbox())
        #expect(try !watcher.hasNewOutbox())
        try one.write { try $0.insert(Garden.plants) { $0[Garden.name] = "mine again" } }
        #expect(try !watcher.hasNewOutbox())
        var origins: [ChangeNotice.Origin] = []
        for _ in 0..<3 { if let notice = await notices.next(isolation: #isolation) { origins.append(notice.origin) } }
        #expect(origins == [.local, .otherProcess, .local])
    }
}
