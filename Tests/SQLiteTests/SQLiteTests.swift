import Foundation
import SQLite
import Testing

@Suite("SQLite wrapper")
final class SQLiteTests {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-sqlite-\(UUID()).db").path

    deinit {
        for suffix in ["", "-wal", "-shm", "-copy"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    func open() throws -> Connection { try Self.open(path) }

    static func open(_ path: String) throws -> Connection {
        let connection = try Connection(path: path, mode: .create, busyTimeoutMilliseconds: 50)
        try connection.configureForDurability(cacheKibibytes: 1_000)
        return connection
    }

    @Test("a connection that is gone has let go of its file, and of the log beside it")
    func closes() throws {
        do {
            let connection = try open()
            try connection.execute("CREATE TABLE t (a)")
            try connection.withStatement("INSERT INTO t VALUES (1)") { try $0.run() }
            #expect(FileManager.default.fileExists(atPath: path + "-wal"))
        }
        // SQLite removes the log when the last connection is closed.
        #expect(!FileManager.default.fileExists(atPath: path + "-wal"))
    }

    @Test("values come back as they were bound; empty is not NULL")
    func values() throws {
        let connection = try open()
        try connection.execute("CREATE TABLE t (a, b, c, d, e, f, g)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?, ?, ?, ?, ?, ?)")
        try insert.bind(1, Int64.min)
        try insert.bind(2, 1.5)
        try insert.bind(3, "å\u{0}b")
        try insert.bind(4, [UInt8]())
        try insert.bind(5, "")
        try insert.bind(6, high: 1, low: .max)
        try insert.run()
        try connection.withStatement("SELECT * FROM t") { row in
            let hasRow = try row.step()
            #expect(hasRow)
            let (integer, real, text) = (row.integer(0), row.real(1), row.text(2))
            #expect(integer == .min)
            #expect(real == 1.5)
            #expect(text == "å\u{0}b")
            let (types, sizes) = ([row.type(3), row.type(4), row.type(6)], [row.bytes(3).count, row.bytes(4).count])
            #expect(types == [.blob, .text, .null])
            #expect(sizes == [0, 0])
            let halves = row.halves(5)
            #expect(halves?.high == 1 && halves?.low == .max)
        }
    }

    @Test("ranges of a buffer are bound without copying, and are gone afterwards")
    func buffers() throws {
        let connection = try open()
        try connection.execute("CREATE TABLE t (a, b)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?)")
        try insert.run(borrowing: Array("hello".utf8)) { binder throws(SQLiteError) in
            try binder.bind(1, text: 1..<3)
            try binder.bind(2, blob: 5..<5)
        }
        try insert.run()
        #expect(try connection.text("SELECT group_concat(coalesce(a, 'null')) FROM t") == "el,null")
        #expect(try connection.text("SELECT typeof(b) FROM t LIMIT 1") == "blob")
    }

    @Test("a transaction that throws leaves nothing, a savepoint only what was before it")
    func transactions() throws {
        struct Stop: Error {}
        let connection = try open()
        try connection.execute("CREATE TABLE t (a)")
        #expect(throws: Stop.self) {
            try connection.transaction(.immediate) {
                try connection.execute("INSERT INTO t VALUES (1)")
                throw Stop()
            }
        }
        try connection.transaction(.immediate) {
            try connection.execute("INSERT INTO t VALUES (2)")
            #expect(throws: Stop.self) {
                try connection.savepoint {
                    try connection.execute("INSERT INTO t VALUES (3)")
                    throw Stop()
                }
            }
        }
        #expect(try connection.text("SELECT group_concat(a) FROM t") == "2")
        #expect(!connection.isInTransaction)
    }

    @Test("errors keep their extended code")
    func errors() throws {
        let connection = try open()
        try connection.execute("CREATE TABLE t (a UNIQUE); INSERT INTO t VALUES (1)")
        #expect { try connection.execute("INSERT INTO t VALUES (1)") } throws: {
            ($0 as? SQLiteError)?.isUniqueConstraint == true && ($0 as? SQLiteError)?.extendedCode == 2067
        }
        try connection.execute("PRAGMA max_page_count = 5")
        #expect { try connection.execute("INSERT INTO t VALUES (zeroblob(100000))") } throws: {
            ($0 as? SQLiteError)?.isFull == true
        }
        #expect(try connection.integer("SELECT count(*) FROM t") == 1)
    }

    @Test("a second writer is told that the database is busy")
    func busy() throws {
        let (first, second) = (try open(), try open())
        try first.transaction(.immediate) { () throws -> Void in
            #expect { try second.execute("BEGIN IMMEDIATE") } throws: { ($0 as? SQLiteError)?.isBusy == true }
        }
        try second.execute("BEGIN IMMEDIATE; COMMIT")
    }

    @Test("a reader's snapshot stands still while the writer goes on")
    func snapshots() throws {
        let database = Database(writer: try Self.open(path))
        try database.write { try $0.execute("CREATE TABLE t (a); INSERT INTO t VALUES (1)") }
        try database.read { reader in
            #expect(try reader.integer("SELECT count(*) FROM t") == 1)
            try database.write { try $0.execute("INSERT INTO t VALUES (2)") }
            #expect(try reader.integer("SELECT count(*) FROM t") == 1)
        }
        #expect(try database.read { try $0.integer("SELECT count(*) FROM t") } == 2)
        #expect(throws: SQLiteError.self) { try database.read { try $0.execute("INSERT INTO t VALUES (3)") } }
    }

    @Test("a backup is whole, and a damaged file is found out")
    func backup() throws {
        let connection = try open()
        try connection.execute(
            "CREATE TABLE t (a); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5000) INSERT INTO t SELECT hex(randomblob(20)) FROM n"
        )
        let copy = try Connection(path: path + "-copy", mode: .create)
        try connection.backUp(to: copy, pagesPerStep: 10)
        #expect(try copy.integer("SELECT count(*) FROM t") == 5_000)
        #expect(try copy.quickCheck().isEmpty)
        let file = try FileHandle(forUpdating: URL(fileURLWithPath: path + "-copy"))
        try file.seek(toOffset: 4_096 * 3)
        try file.write(contentsOf: Data(repeating: 0xA5, count: 8_192))
        try file.close()
        let damaged = try Connection(path: path + "-copy", mode: .readOnly)
        do {
            #expect(try !damaged.quickCheck().isEmpty)
        } catch let error as SQLiteError {
            #expect(error.isDamaged)
        }
    }
}
