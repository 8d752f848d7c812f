import Foundation
import Merge
import Replica
import SQLite
import SyncClient
import SyncProtocol
import TestSupport
import Testing

/// A damaged or poisoned file is made sound again, with the real files and the real rules of a server behind it.
@Suite("Repair")
struct RepairTests {
    /// A desk with some hundred records that the server has, and some work that it has not; and the same as a file that
    /// nobody has open.
    private struct Scene {
        let line: TestLine
        let other: Desk
        let desk: Desk
        let path: String

        init() async throws {
            line = try await TestLine()
            (desk, other) = (try await line.desk(), try await line.desk())
            let ids = try desk.replica.write { tx in
                try (0..<300).map { index in
                    try tx.insert(Garden.plants) { row in
                        row[Garden.name] = "oak \(index)"
                        row[Garden.height] = Int64(index)
                    }
                }
            }
            try desk.replica.write { tx in
                for id in ids.prefix(40) { try tx.add(Garden.remarks, parent: id) { $0[Garden.text] = "note \(id)" } }
                try tx.erase(Garden.plants, ids[299])
            }
            for desk in [desk, other, desk] { try await desk.sync() }
            // A conflict, and what is not sent.
            try other.replica.write { try $0.update(Garden.plants, ids[7]) { $0[Garden.name] = "elm" } }
            try await other.sync()
            try desk.replica.write { tx in
                try tx.update(Garden.plants, ids[7]) { $0[Garden.name] = "ash" }
                try tx.update(Garden.plants, ids[8]) { $0[Garden.height] = -8 }
            }
            try await desk.sync()
            try desk.replica.write { tx in
                try tx.update(Garden.plants, ids[9]) { $0[Garden.name] = "unsent" }
                try tx.insert(Garden.plants) { $0[Garden.name] = "unsent too" }
                try tx.add(Garden.remarks, parent: ids[3]) { $0[Garden.text] = "unsent note" }
            }
            try desk.replica.write { try $0.erase(Garden.plants, ids[50]) }
            path = try line.copy(desk)
            // All of it in one file.
            try Connection(path: path, mode: .readWrite).checkpoint()
        }

        func pageCount() throws -> Int {
            try FileManager.default.attributesOfItem(atPath: path)[.size] as! Int / 4_096
        }

        /// A copy of the file of its own, damaged by the body.
        func damaged(_ name: String, _ harm: (String) throws -> Void) throws -> String {
            let copy = path + name
            try FileManager.default.copyItem(atPath: path, toPath: copy)
            try harm(copy)
            return copy
        }
    }

    private func zero(_ page: Int, of path: String) throws {
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: path))
        try file.seek(toOffset: UInt64(page * 4_096))
        try file.write(contentsOf: Data(count: 4_096))
        try file.close()
    }

    private func repair(_ path: String) throws -> RepairReport {
        try Replica.repair(path: path, schema: Garden.schema)
    }

    @Test("of a file with a page of zeros all comes back, whichever page it is", arguments: 0..<4)
    func zeroedPages(_ part: Int) async throws {
        let scene = try await Scene()
        let whole = try scene.desk.state()
        let pages = try scene.pageCount()
        #expect(pages > 20)
        var (gaps, compared) = (0, 0)
        for page in 1..<pages where page % 4 == part {
            let path = try scene.damaged("-\(page)") { try zero(page, of: $0) }
            let report: RepairReport
            do {
                report = try repair(path)
            } catch let error as ReplicaError {
                // The page that says what tables there are.
                #expect(error.code == .damaged && page == 1, "page \(page): \(error)")
                continue
            }
            let desk = try scene.line.open(path)
            #expect(try desk.replica.recomputedFingerprint() == desk.replica.status().fingerprint)
            if report.hasGaps { gaps += 1 }
            if report.hasLostIdentity { continue }
            compared += 1
            #expect(try await desk.client.verify(isDeep: true).isEqual, "page \(page)")
            if !report.mayLackUnsent { #expect(try desk.state() == whole, "page \(page)") }
            #expect(try Connection(path: path, mode: .readOnly).integrityCheck().isEmpty)
        }
        #expect(gaps > 0 && compared > 3)
    }

    @Test("a sound file is the same afterwards, and needs no server for it")
    func sound() async throws {
        let scene = try await Scene()
        let whole = try scene.desk.state()
        let report = try repair(scene.path)
        #expect(!report.hasGaps && report.refusedRows == 0 && !report.mayLackUnsent && !report.hasLostIdentity)
        #expect(report.unsent == 2 && FileManager.default.fileExists(atPath: report.damagedPath))
        let desk = try scene.line.open(scene.path)
        #expect(try desk.state() == whole && desk.conflicts().count == scene.desk.conflicts().count)
        #expect(try desk.replica.status().pending == 2)
        #expect(try await desk.sync().isVerified == true)
        try await scene.other.sync()
        #expect(try desk.state() == scene.other.state())
    }

    @Test(
        "a poisoned replica works again at once, sends what waits, and gives nobody a wrong time (I8)",
        arguments: [
            "UPDATE lugn_state SET clock = -1, clock_offset = 900000000000000",
            "UPDATE lugn_state SET clock = \(Int64(4_000_000_000_000) << 16)",
            "UPDATE lugn_state SET acknowledged = 99, number = 3, position = 1 << 40, fingerprint = zeroblob(16)",
            "UPDATE lugn_state SET fingerprint = x'00'", "DELETE FROM lugn_state", "DELETE FROM lugn_clock",
            "UPDATE lugn_outbox SET time = \(Int64(5_000_000_000_000) << 16)",
            "UPDATE lugn_link SET cursor_check = x'00', heals = 1000000, leases_received = -1",
            "UPDATE plants SET stamps = x'0102' WHERE height > 200",
            "UPDATE plants SET name = 'changed by hand', height = 4711 WHERE height < 20",
            "DELETE FROM plants WHERE height > 100", "DELETE FROM lugn_sibling",
            "INSERT INTO lugn_claim SELECT * FROM lugn_claim",
        ])
    func poison(_ sql: String) async throws {
        let scene = try await Scene()
        try Connection(path: scene.path, mode: .readWrite).execute(sql)
        let report = try repair(scene.path)
        let desk = try scene.line.open(scene.path)
        #expect(report.unsent == 2)
        let id = try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "written at once" } }
        #expect(try await desk.client.verify(isDeep: true).isEqual)
        #expect(try desk.replica.status().pending == 0 && desk.plant(id) != nil)
        try await scene.other.sync()
        #expect(try desk.state() == scene.other.state())
        let unsent = try scene.other.replica.read { try $0.records(Garden.plants, where: "name LIKE 'unsent%'") }
        #expect(unsent.count == 2)
        // Nothing of it lies ahead: whoever writes next needs no later time.
        let latest =
            try Connection(path: scene.other.path, mode: .readOnly)
            .integer("SELECT max(clock) FROM lugn_state") ?? 0
        #expect(latest >> 16 < scene.line.clock.now + 86_400_000)
    }

    @Test("a file that others have open, or that is another program's, is left alone")
    func refusals() async throws {
        let scene = try await Scene()
        let open = try scene.line.open(scene.path)
        _ = try open.state()
        #expect { try repair(scene.path) } throws: { ($0 as? ReplicaError)?.code == .busy }
        #expect(try !open.state().isEmpty)
        let folder = TemporaryFolder()
        let foreign = folder.file("foreign.db")
        try Connection(path: foreign, mode: .create).execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        let before = try Data(contentsOf: URL(fileURLWithPath: foreign))
        #expect { try repair(foreign) } throws: { ($0 as? ReplicaError)?.code == .damaged }
        #expect(try Data(contentsOf: URL(fileURLWithPath: foreign)) == before)
    }

    @Test("a log beside a file that it is not of is noticed by whoever watches, and all comes back")
    func strangeLog() async throws {
        let scene = try await Scene()
        let (line, desk) = (scene.line, scene.desk)
        let folder = TemporaryFolder()
        let path = folder.file("desk.db")
        let writer = try Connection(path: desk.path, mode: .readWrite)
        try writer.checkpoint()
        try FileManager.default.copyItem(atPath: desk.path, toPath: path)
        // The file goes on, and its log begins anew more than once.
        for round in 0..<3 {
            try desk.replica.write { tx in
                for index in 0..<200 { try tx.insert(Garden.plants) { $0[Garden.name] = "new \(round) \(index)" } }
            }
            try await desk.sync()
            if round < 2 { try writer.checkpoint() }
        }
        try FileManager.default.copyItem(atPath: desk.path + "-wal", toPath: path + "-wal")
        try await scene.other.sync()
        var restored: Desk? = try line.open(path)
        #expect(restored!.replica.wasLeftOpen)
        if let code = await endOfWatch(restored!) {
            #expect(code == .damaged)
            restored = nil
            _ = try repair(path)
            restored = try line.open(path)
        }
        #expect(try await restored!.client.verify(isDeep: true).isEqual)
        try await scene.other.sync()
        #expect(try restored!.state() == scene.other.state())
    }

    @Test("a page of zeros is noticed by whoever watches, in words that say what to do")
    func watched() async throws {
        let scene = try await Scene()
        var noticed = 0
        for page in stride(from: 2, to: try scene.pageCount(), by: 3) {
            let path = try scene.damaged("-\(page)") { try zero(page, of: $0) }
            let code: ReplicaError.Code?
            do {
                let desk = try scene.line.open(path)
                _ = try desk.replica.scrub(everyMilliseconds: 0)
                code = nil
            } catch { code = (error as? ReplicaError)?.code }
            // Of a free page nobody misses anything.
            if code != nil { noticed += 1 }
            #expect(code == nil || code == .damaged)
        }
        #expect(noticed > 3)
    }

    /// Watches until everything is up to date; the error's code if that ended it.
    private func endOfWatch(_ desk: Desk) async -> ReplicaError.Code? {
        let (events, continuation) = AsyncStream.makeStream(of: Void.self)
        let client = desk.client
        let watch = Task {
            defer { continuation.finish() }
            try await client.watch { event in
                if case .upToDate = event { continuation.yield() }
            }
        }
        let patience = Task {
            try await Task.sleep(for: .seconds(120))
            watch.cancel()
        }
        defer { patience.cancel() }
        var count = 0
        for await _ in events {
            count += 1
            // Up to date, looked over, and up to date again if anything was wrong.
            if count == 2 { watch.cancel() }
        }
        do { try await watch.value } catch { return (error as? ReplicaError)?.code }
        return nil
    }
}
