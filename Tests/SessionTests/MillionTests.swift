import ChangeLog
import Foundation
import Merge
import Replica
import SQLite
import SyncClient
import TestSupport
import Testing

/// Healing at the size that it is meant for. Minutes, and only with optimisation: `LUGN_MILLION=1 swift test -c release
/// -Xswiftc -enable-testing --filter MillionTests`. docs/healing.md has what was measured.
@Suite("Healing of a million records")
struct MillionTests {
    @Test(
        "ten records that differ cost ten round trips and 200 KB at most",
        .enabled(if: ProcessInfo.processInfo.environment["LUGN_MILLION"] != nil, "only with LUGN_MILLION=1"))
    func tenOfAMillion() async throws {
        let count = Int(ProcessInfo.processInfo.environment["LUGN_MILLION"] ?? "").map { $0 > 1 ? $0 : 1_000_000 } ?? 0
        let line = try await TestLine()
        let (desk, other) = (try await line.desk(), try await line.desk())
        try await measure("\(count) records written") { try fill(desk, count) }
        try await measure("sent") { try await desk.sync() }
        try await measure("fetched by another desk") { try await other.sync() }
        let backup = try line.backUpServer()
        let ids = try desk.replica.read { try $0.query("SELECT id FROM plants ORDER BY id") { $0.halves(0) } }
            .compactMap { $0.map { RecordID(high: $0.high, low: $0.low) } }
        func edit(_ desk: Desk, _ places: Range<Int>, _ height: Int64) throws {
            for place in places {
                line.clock.advance(by: 5)
                try desk.replica.write {
                    try $0.update(Garden.plants, ids[place * (count / 10) + count / 20]) { $0[Garden.height] = height }
                }
            }
        }
        // Five edits that the server loses, and five that the desk does not have when it compares.
        try edit(desk, 0..<5, 1)
        try await desk.sync()
        try line.restoreServer(from: backup)
        try edit(other, 5..<10, 2)
        try await other.sync()

        line.network.startCounting()
        let report = try await measure("healed") { try await desk.sync() }
        let (requests, bytes) = line.network.counted()
        print(
            "healing: \(report.healing.exchanges) exchanges, \(report.healing.sentBytes) bytes sent, "
                + "\(report.healing.receivedBytes) received, \(report.healing.comparedRanges) ranges compared; "
                + "with the session around it \(requests) requests, \(bytes) bytes")
        #expect(report.isVerified == true)
        #expect(report.healing.exchanges <= 10 && bytes < 200_000)
        #expect(try desk.replica.read { try $0.records(Garden.plants, where: "height IS NOT NULL").count } == 10)
        try await other.sync()
        #expect(try other.replica.status().fingerprint == desk.replica.status().fingerprint)

        line.network.startCounting()
        let verification = try await measure("verified") { try await desk.client.verify() }
        print("verifying: \(line.network.counted())")
        #expect(verification.isEqual && verification.healing.differingRanges == 0)
        line.network.startCounting()
        let deep = try await measure("verified deeply") { try await desk.client.verify(isDeep: true) }
        print("verifying deeply: \(line.network.counted())")
        #expect(deep.isEqual && deep.mendedRecords == 0 && deep.comparedValues >= count)
        #expect(try await measure("the server's own scan") { try await line.isSound() })
    }

    private func fill(_ desk: Desk, _ count: Int) throws {
        for start in stride(from: 0, to: count, by: 5_000) {
            try desk.replica.write { tx in
                for number in start..<min(start + 5_000, count) {
                    try tx.insert(Garden.plants) { $0[Garden.name] = "plant \(number)" }
                }
            }
        }
    }

    /// Says how long it took, and how much memory the process, desks and server in one, ever held meanwhile.
    @discardableResult
    private func measure<Result>(_ what: String, _ body: () async throws -> Result) async throws -> Result {
        // Linux: 5 sets the peak back to what is held now.
        try "5".write(toFile: "/proc/self/clear_refs", atomically: false, encoding: .utf8)
        let clock = ContinuousClock()
        let start = clock.now
        let used = Foundation.clock()
        let before = try memory("VmRSS")
        let result = try await body()
        let seconds = Double(Foundation.clock() - used) / Double(CLOCKS_PER_SEC)
        print(
            "\(what): \(clock.now - start), processor \(seconds) s, memory \(before) before, at most \(try memory("VmHWM"))"
        )
        return result
    }

    private func memory(_ name: String) throws -> String {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = status.split(separator: "\n").first { $0.hasPrefix(name + ":") } ?? ""
        return line.dropFirst(name.count + 1).trimmingCharacters(in: .whitespaces)
    }
}
