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
        return connection
    }

    /// The numbers of all markers that stand in the file, wherever.
    private func markers() throws -> Set<Int> {
        let bytes = try [UInt8](Data(contentsOf: URL(fileURLWithPath: path)))
        let prefix = Array("marker-".utf8)
        var found: Set<Int> = []
        var index = 0
        while index + 13 <= bytes.count {
            guard bytes[index] == prefix[0], bytes[index..<index + 7].elementsEqual(prefix) else {
                index += 1
                continue
            }
            if let number = Int(String(decoding: bytes[index + 7..<index + 13], as: UTF8.self)) { found.insert(number) }
            index += 7
        }
        return found
    }

    @Test("nothing erased stands anywhere in the file, whatever the trees went through", arguments: 1...6)
    func leavesNothing(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let connection = try open()
        try connection.execute("CREATE TABLE t (id BLOB PRIMARY KEY, text TEXT) WITHOUT ROWID; CREATE INDEX i ON t (text)")
        let insert = try connection.prepare("INSERT INTO t VALUES (?, ?)")
        let erase = try connection.prepare("DELETE FROM t WHERE id = ?")
        var live: [Int: [UInt8]] = [:]
        var erased: Set<Int> = []
        try connection.execute("BEGIN")
        for number in 100_000..<102_500 {
            let key = (0..<16).map { _ in UInt8.random(in: 0...255, using: &random) }
            try insert.bind(1, key)
            try insert.bind(2, "marker-\(number)" + String(repeating: "x", count: Int.random(in: 0...700, using: &random)))
            try insert.run()
            live[number] = key
            if Int.random(in: 0..<3, using: &random) == 0, let victim = live.keys.sorted().randomElement(using: &random) {
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
