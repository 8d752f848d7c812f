import Merge
import SQLite
import SyncProtocol

/// A line of the SQLite store.
struct SQLiteLineAccess: LineAccess {
    let connection: Connection
    let limits: Limits
    let erasures: ErasureFlag

    private func changes(_ line: LineState) -> ChangeTable { ChangeTable(connection: connection, line: line.ref) }
    private func log(_ line: LineState) -> LogTable { LogTable(connection: connection, line: line.ref) }
    private func store(_ line: LineState) -> WorkingSetStore {
        WorkingSetStore(connection: connection, line: line.ref, erasures: erasures)
    }

    func line(_ id: LineID) throws -> LineState? { try LineTable(connection: connection).find(id) }
    func checkStanding(_ device: Device) throws { try DeviceTable(connection: connection).checkStanding(device) }
    func replica(_ id: ReplicaID, _ line: LineState) throws -> ReplicaState? {
        try ReplicaTable(connection: connection).find(id, line: line.ref)
    }
    func contains(_ cursor: Cursor, _ line: LineState) throws -> Bool { try log(line).contains(cursor, line) }

    func records(in range: RecordRange, limit: Int, _ line: LineState) throws -> [RecordID] {
        try changes(line).records(in: range, limit: limit)
    }
    func records(after position: UInt64, _ line: LineState) throws -> [RecordID] {
        try changes(line).records(after: position)
    }
    func items(in range: RecordRange, _ line: LineState) throws -> [SumIndex.Item] {
        try changes(line).items(in: range)
    }
    func read(_ headers: [ChangeHeader], others: [RecordID], _ line: LineState) throws -> WorkingSet {
        try store(line).read(headers, others: others, line)
    }
    func append(record: RecordID, _ line: LineState, to assembler: inout PageAssembler) throws {
        try FeedReader(connection: connection, line: line, limits: limits).append(record: record, to: &assembler)
    }

    func write(_ set: inout WorkingSet) throws { try store(set.line).write(&set) }
    func save(_ line: LineState) throws { try LineTable(connection: connection).save(line) }

    func damaged(_ line: LineState) throws -> [ChangePlace] {
        try changes(line).damaged().map(LogKey.place(ofChange:))
    }
    func damaged(after key: Int64, limit: Int, _ line: LineState) throws -> (damaged: [ChangePlace], last: Int64?) {
        let part = try changes(line).damaged(after: key, limit: limit)
        return (part.damaged.map(LogKey.place(ofChange:)), part.last)
    }
    func setAside(_ place: ChangePlace, now: Int64, _ line: LineState) throws {
        let key = LogKey.change(line.ref, place)
        try TombstoneTable(connection: connection, line: line.ref).lose(erasureAt: key)
        try changes(line).setAside(key, now: now)
    }
    func loseErasuresWithoutChange(_ line: LineState) throws {
        try TombstoneTable(connection: connection, line: line.ref).loseThoseWithoutChange()
    }
    func forgetAgreement(_ line: LineState) throws {
        try ReplicaTable(connection: connection).forgetAgreement(line: line.ref)
    }
    func setAsideCount(_ line: LineState) throws -> Int { try changes(line).setAsideCount() }
    func counts(_ line: LineState) throws -> (changes: Int64, sealedBytes: Int64) { try changes(line).counts() }
}
