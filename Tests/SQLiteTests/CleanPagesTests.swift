import Foundation
import SQLite
import TestSupport
import Testing

/// I5 for the file: what SQLite copies between pages as it balances a tree does not outlive its erasure.
@Suite("Pages without leftovers")
final class CleanPagesTests {
    private let path = FileManager.default.temporaryDirectory.appendingPathComponent("lugn-pages-\(UUID()).db").path

    deinit {
        for suffix in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: path + suffix) }
    }

    private func open() throws -> Connection {
        let connection = try Connection(path: path, mode: .create)
        try connection.configureForDurability(cacheKibibytes: 1_000)
        // No power is lost here.
        try connection.execute("PRAGMA synchronous = OFF")
        return connection
    }

    /// The numbers of all markers that stand in the file, or its log, wherever.
    private func markers(_ suffix: String = "") throws -> Set<Int> {
        let bytes = try Data(contentsOf: URL(fileURLWithPath: path + suffix))
        let prefix = Data("marker-".utf8)
        var found: Set<Int> = []
        var rest = bytes.startIndex..<bytes.endIndex
        while let place = bytes.range(of: prefix, in: rest) {
            let digits = bytes[place.upperBound...].prefix(6)
            if let number = Int(String(decoding: digits, as: UTF8.self)) { found.insert(number) }
            rest = place.upperBound..<bytes.endIndex
        }
        return found
    }

    @Test("nothing erased stands anywhere in the file, whatever the trees went through", arguments: 1...6)
    func leavesNothing(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let connection = try open()
        try connection.execute(
            "CREATE TABLE t (id BLOB PRIMARY KEY, text TEXT) WITHOUT ROWID; CREATE INDEX i ON t (text)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?)")
        let erase = try connection.prepare("DELETE FROM t WHERE id = ?")
        var live: [Int: [UInt8]] = [:]
        var erased: Set<Int> = []
        try connection.execute("BEGIN")
        for number in 100_000..<102_500 {
            let key = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
            try insert.bind(1, key)
            try insert.bind(
                2, "marker-\(number)" + String(repeating: "x", count: Int.random(in: 0...700, using: &random)))
            try insert.run()
            live[number] = key
            if Int.random(in: 0..<3, using: &random) == 0, let victim = live.keys.sorted().randomElement(using: &random)
            {
                try erase.bind(1, live.removeValue(forKey: victim) ?? [])
                try erase.run()
                erased.insert(victim)
            }
            guard number % 250 == 0 else { continue }
            try connection.execute("COMMIT")
            try connection.checkpoint()
            try connection.execute("BEGIN")
        }
        try connection.execute("COMMIT")
        #expect(try connection.checkpoint())
        let left = try markers()
        #expect(left.intersection(erased).isEmpty, "seed \(seed)")
        #expect(left == Set(live.keys))
        #expect(try connection.quickCheck().isEmpty)
    }

    @Test("what was erased does not come back to the log with a page that was kept in memory", arguments: 1...3)
    func forgetsPages(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let connection = try open()
        let cleaner = LogCleaner(hasErased: false)
        try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?)")
        var left = Set(100_000..<102_000)
        try connection.execute("BEGIN")
        for number in left.shuffled(using: &random) {
            try insert.bind(1, Int64(number))
            try insert.bind(
                2, "marker-\(number)" + String(repeating: "x", count: Int.random(in: 0...700, using: &random)))
            try insert.run()
        }
        try connection.execute("COMMIT")
        var erased: Set<Int> = []
        for _ in 0..<40 {
            let victims = left.sorted().shuffled(using: &random).prefix(5)
            try connection.execute("DELETE FROM t WHERE id IN (\(victims.map(String.init).joined(separator: ",")))")
            cleaner.clean(connection, hasErased: true)
            erased.formUnion(victims)
            left.subtract(victims)
            // Pages that the erasure did not touch are written again.
            let others = left.sorted().shuffled(using: &random).prefix(200).map(String.init).joined(separator: ",")
            try connection.execute("UPDATE t SET text = substr(text, 1, 13) || 'y' WHERE id IN (\(others))")
            #expect(try markers("-wal").intersection(erased).isEmpty, "seed \(seed)")
            #expect(try markers().intersection(erased).isEmpty, "seed \(seed)")
        }
    }

    @Test("a page of 64 KiB, where the cells begin at 65,536, is cleaned as well")
    func largestPages() throws {
        let connection = try Connection(path: path, mode: .create)
        try connection.execute("PRAGMA page_size = 65536")
        try connection.configureForDurability(cacheKibibytes: 10_000)
        try connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, text TEXT)")
        try connection.execute("BEGIN")
        for number in 100_000..<100_400 {
            try connection.execute(
                "INSERT INTO t (text) VALUES ('marker-\(number)\(String(repeating: "y", count: 500))')")
        }
        try connection.execute("DELETE FROM t WHERE id % 7 <> 0; COMMIT")
        #expect(try connection.checkpoint())
        #expect(try markers() == Set((100_000..<100_400).filter { ($0 - 99_999) % 7 == 0 }))
        #expect(try connection.quickCheck().isEmpty)
    }
}
