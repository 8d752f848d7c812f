import Merge
import SQLite
import Support
import SyncProtocol
import TestSupport
import Testing

@testable import ChangeLog

@Suite struct HeldRecordsTests {
    @Test("what is put is found, in whatever order it is asked for", arguments: 1...30 as ClosedRange<UInt64>)
    func likeADictionary(_ seed: UInt64) {
        var random = RandomSource.seeded(seed)
        let known = Set((0..<random.next() % 40).map { _ in record(random.next() % 60) }).sorted()
        var records = HeldRecords(ascending: known)
        var expected: [RecordID: UInt64] = [:]
        for step in 1...200 as ClosedRange<UInt64> {
            let id = record(random.next() % 60)
            if random.next() % 3 == 0 {
                let taken = records.take(id)
                #expect(taken.changes.first?.place.position == expected.removeValue(forKey: id))
                #expect(records[id] == nil)
            } else {
                let made = held(put(1), position: step)
                records.put(HeldRecord([made]), for: id)
                expected[id] = step
            }
            let asked = record(random.next() % 60)
            #expect(records[asked]?.changes.first?.place.position == expected[asked])
        }
        #expect(records.all.map(\.id) == expected.keys.sorted())
        #expect(records.all.map { $0.record.changes[0].place.position } == expected.keys.sorted().map { expected[$0]! })
    }

    /// Two lines in one store, whose records lie between each other's; some records with siblings.
    @Test("records that are looked up together are those that are looked up alone", arguments: [1, 3, 40])
    func together(_ step: Int) throws {
        let folder = TemporaryFolder()
        let connection = try Connection(path: folder.file("log.db"), mode: .create)
        try connection.execute(LogTables.definition)
        var random = RandomSource.seeded(UInt64(step))
        for line in [1, 2] as [Int64] {
            let (log, changes) = (
                LogTable(connection: connection, line: line), ChangeTable(connection: connection, line: line)
            )
            for position in 1...600 as ClosedRange<UInt64> {
                let stamp = Stamp(time: HybridTimestamp(rawValue: position), dot: Dot(rawValue: position))
                try log.insert(
                    LogEntry(position: position, stamp: stamp, commit: nil, nonce: .bytes([1]), check: [2]))
                var change = put(1)
                change.header.record = record(random.next() % 2_000)
                try changes.insert(
                    NewChange(
                        place: ChangePlace(position: position, index: 0), change: change, live: change.header.fields,
                        nonceIndex: 0, hash: 0))
            }
        }
        for line in [1, 2] as [Int64] {
            let changes = ChangeTable(connection: connection, line: line)
            let ids = stride(from: 0, to: 2_000, by: step).map { record(UInt64($0)) }
            let together = try changes.held(ids)
            let alone = try ids.compactMap { id in try changes.held([id])[id].map { (id, $0.changes) } }
            #expect(!alone.isEmpty)
            #expect(together.all.map(\.id) == alone.map(\.0))
            #expect(together.all.map(\.record.changes) == alone.map(\.1))
        }
    }

    private func held(_ change: SealedChange, position: UInt64) -> HeldChange {
        HeldChange(
            place: ChangePlace(position: position, index: 0), stamp: Stamp(time: .zero, dot: Dot(rawValue: position)),
            header: change.header, live: change.header.fields, sealedBytes: 0)
    }
}
