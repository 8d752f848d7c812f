import ChangeLog
import Merge
import Replica
import SQLite
import SyncClient
import TestSupport
import Testing

/// What differs between a replica and the server is found by ranges, and joined (I10).
@Suite("Healing by ranges")
struct HealingTests {
    private func plants(_ desk: Desk, _ count: Int, perCommit: Int = 500) throws {
        for start in stride(from: 0, to: count, by: perCommit) {
            try desk.replica.write { tx in
                for number in start..<min(start + perCommit, count) {
                    try tx.insert(Garden.plants) { $0[Garden.name] = "plant \(number)" }
                }
            }
        }
    }

    /// Changes a replica's file as somebody with a SQLite tool would.
    private func damage(_ desk: Desk, _ sql: String) throws {
        let connection = try Connection(path: desk.path, mode: .readWrite)
        try connection.execute(sql)
    }

    @Test("ten records that differ among twenty thousand cost a few round trips and little more than themselves")
    func fewDifferences() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try plants(desk, 20_000)
        try await desk.sync()
        let backup = try line.backUpServer()
        // Spread over the whole range: ids tell the order of time, and the names the order of writing.
        let ids = try desk.replica.read { try $0.records(Garden.plants, where: "1 ORDER BY id").map(\.id) }
        for place in 0..<10 {
            try desk.replica.write { try $0.update(Garden.plants, ids[place * 2_000 + 7]) { $0[Garden.height] = 1 } }
        }
        try await desk.sync()
        try line.restoreServer(from: backup)
        let report = try await desk.sync()
        #expect(report.isVerified == true)
        #expect(report.healing.exchanges <= 10)
        #expect(report.healing.sentBytes + report.healing.receivedBytes < 100_000)
        #expect(try await line.isSound())
        let other = try await line.desk()
        try await other.sync()
        #expect(try other.replica.read { try $0.records(Garden.plants, where: "height = 1").count } == 10)
    }

    @Test("a server that was put back to its first day is refilled by what its replicas have, each its own share")
    func refill() async throws {
        let line = try await TestLine()
        let one = try await line.desk()
        let two = try await line.desk()
        let backup = try line.backUpServer()
        try plants(one, 1_200)
        try await one.sync()
        try await two.sync()
        try plants(two, 30)
        try line.restoreServer(from: backup)
        for _ in 0..<2 {
            try await one.sync()
            try await two.sync()
        }
        #expect(try one.state() == two.state())
        #expect(try one.replica.read { try $0.records(Garden.plants).count } == 1_230)
        #expect(try await line.isSound())
    }

    @Test("records that vanished from a replica's file come back, and are not taken for erased (I2, I10)")
    func vanishedRows() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try plants(desk, 300)
        try await desk.sync()
        try damage(desk, "DELETE FROM plants WHERE name IN ('plant 5', 'plant 250')")
        let result = try await desk.client.verify()
        #expect(result.isEqual && result.wasSumWrong && result.healing.receivedChanges == 2)
        #expect(try desk.replica.read { try $0.records(Garden.plants).count } == 300)
        #expect(try await line.isSound())
    }

    @Test("a value that was changed in the file is found by a deep verification only, and put right")
    func changedValue() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        let other = try await line.desk()
        let id = try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "rose" } }
        try desk.replica.write { _ = try $0.add(Garden.remarks, parent: id) { $0[Garden.text] = "red" } }
        try await desk.sync()
        try await other.sync()
        // A conflict: one value in the row, the other beside it.
        try other.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 2 } }
        try desk.replica.write { try $0.update(Garden.plants, id) { $0[Garden.height] = 3 } }
        for desk in [desk, other, desk] { try await desk.sync() }
        let state = try other.state()
        try damage(
            desk, "UPDATE plants SET name = 'lily'; UPDATE remarks SET text = NULL; UPDATE lugn_sibling SET value = 9")
        #expect(try await desk.client.verify().isEqual)
        #expect(try desk.state() != state)
        let result = try await desk.client.verify(isDeep: true)
        #expect(result.isEqual && result.mendedRecords == 3 && result.comparedValues >= 4)
        #expect(try desk.state() == state)
        #expect(try await desk.client.verify(isDeep: true).mendedRecords == 0)
    }

    @Test(
        "interrupted at any message, by the network or the server's end, it is begun anew and ends well",
        arguments: 0..<14)
    func interruptions(at exchange: Int) async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try plants(desk, 700)
        try await desk.sync()
        let backup = try line.backUpServer()
        try plants(desk, 60)
        try await desk.sync()
        try line.restoreServer(from: backup)
        line.network.fail(
            Array(repeating: .none, count: exchange) + [exchange.isMultiple(of: 2) ? .answerLost : .requestLost])
        do {
            try await desk.sync()
        } catch is SyncError {
            if exchange.isMultiple(of: 3) { try line.restartServer() }
        }
        line.network.fail([])
        // Work goes on meanwhile.
        try desk.replica.write { try $0.insert(Garden.plants) { $0[Garden.name] = "meanwhile" } }
        let report = try await desk.sync()
        #expect(report.isVerified == true)
        let other = try await line.desk()
        try await other.sync()
        #expect(try other.state() == desk.state())
        #expect(try other.replica.read { try $0.records(Garden.plants).count } == 761)
    }

    @Test("a replica keeps its leased numbers over the server's restarts; a copy of it does not (I6)")
    func leases() async throws {
        let line = try await TestLine()
        let desk = try await line.desk()
        try await desk.sync()
        let copy = try line.open(try line.copy(desk))
        let before = try desk.replica.status().freeNumbers
        #expect(before > 0)
        try line.restartServer()
        try plants(desk, 1)
        try await desk.sync()
        let numbers = try desk.replica.read {
            try $0.query("SELECT start FROM lugn_lease ORDER BY start") { $0.integer(0) }
        }
        #expect(try desk.replica.status().freeNumbers == before)
        try plants(copy, 1)
        try await copy.sync()
        let others = try copy.replica.read {
            try $0.query("SELECT start FROM lugn_lease ORDER BY start") { $0.integer(0) }
        }
        #expect(Set(numbers).isDisjoint(with: others) && !others.isEmpty)
        // The operator sees each workstation once.
        #expect(try await line.log.replicas(of: line.line).count == 2)
    }
}
