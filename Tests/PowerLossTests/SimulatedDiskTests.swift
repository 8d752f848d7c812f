import SQLite
import SimulatedDisk
import Testing

/// What the tests of the product rest on: the disk loses what it may lose, and nothing else.
@Suite("A simulated disk")
struct SimulatedDiskTests {
    private func open(_ disk: SimulatedDisk, synchronous: String = "FULL") throws -> Connection {
        let connection = try Connection(path: "test.db", mode: .create, vfs: disk.vfs)
        try connection.configureForDurability(cacheKibibytes: 100)
        try connection.execute("PRAGMA synchronous = \(synchronous)")
        return connection
    }

    private func rows(_ disk: SimulatedDisk, isSound: Bool = true) throws -> Int64 {
        let connection = try Connection(path: "test.db", mode: .create, vfs: disk.vfs)
        if isSound { #expect(try connection.text("PRAGMA integrity_check") == "ok") }
        guard try connection.integer("SELECT count(*) FROM sqlite_schema WHERE name = 't'") == 1 else { return 0 }
        return try connection.integer("SELECT count(*) FROM t") ?? -1
    }

    @Test("a committed transaction survives every power cut, in its write-ahead log")
    func committedSurvives() throws {
        for seed in 0..<200 as Range<UInt64> {
            let disk = SimulatedDisk(isPowersafe: seed.isMultiple(of: 2))
            let connection = try open(disk)
            try connection.execute("CREATE TABLE t (x)")
            for _ in 0..<20 { try connection.execute("INSERT INTO t VALUES (randomblob(3000))") }
            if seed.isMultiple(of: 3) { try connection.checkpoint() }
            try connection.execute("BEGIN; INSERT INTO t VALUES (randomblob(9000))")
            disk.cutPower(random: seed)
            #expect(throws: SQLiteError.self) { try connection.execute("COMMIT") }
            #expect(try rows(disk) == 20, "seed \(seed)")
        }
    }

    @Test("what was not synced is lost by some power cuts, kept by others, and torn by others")
    func unsyncedFares() throws {
        var counts: Set<Int64> = []
        for seed in 0..<60 as Range<UInt64> {
            let disk = SimulatedDisk()
            let connection = try open(disk, synchronous: "OFF")
            try connection.execute("CREATE TABLE t (x)")
            for _ in 0..<5 { try connection.execute("INSERT INTO t VALUES (randomblob(3000))") }
            #expect(disk.unsyncedByteCount > 15_000)
            disk.cutPower(random: seed)
            // Torn pages may stand in the file: then there is nothing to count.
            if let count = try? rows(disk, isSound: false) { counts.insert(count) }
        }
        #expect(counts.contains(0))
        #expect(counts.contains(5))
        #expect(counts.count > 2)
    }

    @Test("one seed, one outcome; another seed, another")
    func replays() throws {
        let disk = SimulatedDisk()
        let connection = try open(disk, synchronous: "OFF")
        try connection.execute("CREATE TABLE t (x)")
        for _ in 0..<5 { try connection.execute("INSERT INTO t VALUES (randomblob(3000))") }
        func outcome(_ seed: UInt64) -> [String: [UInt8]] {
            let copy = SimulatedDisk(copying: disk)
            copy.cutPower(random: seed)
            return Dictionary(uniqueKeysWithValues: copy.fileNames.map { ($0, copy.bytes(of: $0) ?? []) })
        }
        for seed in 0..<20 as Range<UInt64> { #expect(outcome(seed) == outcome(seed)) }
        #expect(Set((0..<20 as Range<UInt64>).map(outcome)).count > 5)
    }

    @Test("connections of one process exclude each other, readers see the snapshot they began with")
    func locks() throws {
        let disk = SimulatedDisk()
        let writer = try open(disk)
        try writer.execute("CREATE TABLE t (x); INSERT INTO t VALUES (1)")
        let other = try Connection(path: "/test.db", mode: .readWrite, vfs: disk.vfs, busyTimeoutMilliseconds: 0)
        let reader = try Connection(path: "test.db", mode: .readOnly, vfs: disk.vfs)
        try reader.execute("BEGIN")
        #expect(try reader.integer("SELECT count(*) FROM t") == 1)
        try writer.execute("BEGIN IMMEDIATE; INSERT INTO t VALUES (2)")
        #expect { try other.execute("BEGIN IMMEDIATE") } throws: { ($0 as? SQLiteError)?.isBusy == true }
        try writer.execute("COMMIT")
        #expect(try reader.integer("SELECT count(*) FROM t") == 1)
        #expect(try other.checkpoint() == false)
        try reader.execute("COMMIT")
        #expect(try reader.integer("SELECT count(*) FROM t") == 2)
        #expect(try other.checkpoint())
        #expect(disk.bytes(of: "test.db-wal") == [])
    }

    @Test("a rollback journal excludes and rolls back as well")
    func rollbackJournal() throws {
        for seed in 0..<60 as Range<UInt64> {
            let disk = SimulatedDisk(isPowersafe: seed.isMultiple(of: 2))
            let connection = try Connection(path: "test.db", mode: .create, vfs: disk.vfs)
            try connection.execute("PRAGMA cache_size = 5; CREATE TABLE t (x)")
            for _ in 0..<10 { try connection.execute("INSERT INTO t VALUES (randomblob(3000))") }
            try connection.execute("BEGIN; UPDATE t SET x = randomblob(3000); DELETE FROM t WHERE rowid % 2")
            disk.cutPower(random: seed)
            #expect(try rows(disk) == 10)
        }
    }

    @Test("a copy is a disk of its own, with what was not synced")
    func copies() throws {
        let disk = SimulatedDisk()
        let connection = try open(disk)
        try connection.execute("CREATE TABLE t (x); INSERT INTO t VALUES ('first')")
        let copy = SimulatedDisk(copying: disk)
        try connection.execute("INSERT INTO t VALUES ('second')")
        #expect(try rows(copy) == 1)
        #expect(try rows(disk) == 2)
        #expect(disk.contains(Array("second".utf8)))
        #expect(!copy.contains(Array("second".utf8)))
        #expect(disk.fileNames == ["/test.db", "/test.db-wal"])
    }

    @Test("faults come at the call they were chosen for, once or until relieved")
    func faults() throws {
        let disk = SimulatedDisk()
        let connection = try open(disk)
        try connection.execute("CREATE TABLE t (x)")
        disk.inject(.failure, at: 1, of: .sync)
        #expect { try connection.execute("INSERT INTO t VALUES (1)") } throws: {
            ($0 as? SQLiteError)?.extendedCode == 1034  // SQLITE_IOERR_FSYNC
        }
        #expect(disk.faultCount == 1)
        try connection.execute("INSERT INTO t VALUES (1)")
        disk.inject(.full, at: 1, of: .write, lasts: true)
        for _ in 0..<3 {
            #expect { try connection.execute("INSERT INTO t VALUES (1)") } throws: {
                ($0 as? SQLiteError)?.isFull == true
            }
        }
        disk.relieve()
        try connection.execute("INSERT INTO t VALUES (1)")
        disk.setLimit(bytes: 30_000)
        #expect { try connection.execute("INSERT INTO t VALUES (zeroblob(20000))") } throws: {
            ($0 as? SQLiteError)?.isFull == true
        }
        disk.setLimit(bytes: nil)
        #expect(try rows(disk) == 2)
    }
}
