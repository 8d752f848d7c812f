import Merge
import PostgreSQL
import SyncProtocol

/// A line of the PostgreSQL store, within one transaction. What is written is only sent: the next answer that is read comes
/// after it.
final class PostgreSQLLineAccess: LineAccess {
    let connection: PostgreSQLConnection
    private let isWriting: Bool
    private let limits: Limits
    /// What changes of a position came in with, as far as it was read: a change that moves takes it along.
    private var nonces: [UInt64: [UInt8]] = [:]

    init(_ connection: PostgreSQLConnection, isWriting: Bool, limits: Limits) {
        self.connection = connection
        self.isWriting = isWriting
        self.limits = limits
    }

    // MARK: The line

    func line(_ id: LineID) throws -> LineState? {
        let rows = try connection.run(isWriting ? LineRows.lock : LineRows.find) { $0.add(id.bytes) }
        return try rows.first.map(LineRows.decode)
    }

    func checkStanding(_ device: Device) throws {
        try DeviceRows.sendStandings([device.reference], line: device.line, connection)
        try DeviceRows.check(device, in: connection.receive().last.map(DeviceRows.decodeStandings) ?? [:])
    }

    func replica(_ id: ReplicaID, _ line: LineState) throws -> ReplicaState? {
        try ReplicaRows.send([id], line: line.id, connection)
        return try connection.receive().last.map(ReplicaRows.decode)?[id]
    }

    func contains(_ cursor: Cursor, _ line: LineState) throws -> Bool {
        try LogRows.sendChecks([cursor.position], line: line.id, connection)
        return line.contains(cursor, checks: try connection.receive().last.map(LogRows.decodeChecks) ?? [:])
    }

    func save(_ line: LineState) throws { try LineRows.save(line, connection) }

    // MARK: Records

    func records(in range: RecordRange, limit: Int, _ line: LineState) throws -> [RecordID] {
        try ChangeRows.ids(in: range, limit: limit, line: line.id, connection)
    }

    func records(after position: UInt64, _ line: LineState) throws -> [RecordID] {
        try ChangeRows.ids(after: position, line: line.id, connection)
    }

    func items(in range: RecordRange, _ line: LineState) throws -> [SumIndex.Item] {
        try ChangeRows.items(in: range, line: line.id, connection)
    }

    func append(record: RecordID, _ line: LineState, to assembler: inout PageAssembler) throws {
        let rows = try connection.run(ChangeRows.recordFeed) {
            $0.add(line.id.bytes)
            $0.add(record)
        }
        for index in rows.indices {
            guard let header = ChangeRows.header(rows[index]) else { continue }
            assembler.begin(FeedCommitHead(rows[index]))
            assembler.append(rows[index], header)
            assembler.endCommit()
        }
    }

    // MARK: The working set

    func read(_ headers: [ChangeHeader], others: [RecordID], _ line: LineState) throws -> WorkingSet {
        let sent = try sendReading(headers, others: others, line: line.id)
        return workingSet(try connection.receive().suffix(sent), line)
    }

    /// Asks for what changes with these headers touch: their records, what was erased of these and of what stands above
    /// them, and all that stands below what they erase. Returns how many answers there will be.
    func sendReading(_ headers: some Sequence<ChangeHeader>, others: [RecordID] = [], line: LineID) throws -> Int {
        var records = Set(others)
        var erased: Set<RecordID> = []
        var above = records
        for header in headers {
            records.insert(header.record)
            above.insert(header.record)
            above.formUnion(header.path)
            if header.kind == .erase { erased.insert(header.record) }
        }
        if records.isEmpty { return 0 }
        try TombstoneRows.send(of: above, line: line, connection)
        try send(ChangeRows.heldOf, records, line: line)
        if erased.isEmpty { return 2 }
        try send(ChangeRows.heldBelow, erased, line: line)
        return 3
    }

    private func send(_ statement: SQLStatement, _ ids: Set<RecordID>, line: LineID) throws {
        try connection.send(statement) {
            $0.add(line.bytes)
            $0.add(records: ids)
        }
    }

    /// From the answers to ``sendReading(_:others:line:)``.
    func workingSet(_ answers: ArraySlice<Rows>, _ line: LineState) -> WorkingSet {
        guard let first = answers.first else { return WorkingSet(line: line) }
        let (erased, lost) = TombstoneRows.decode(first)
        var changes: [RecordID: [HeldChange]] = [:]
        for rows in answers.dropFirst() {
            var found: [RecordID: [HeldChange]] = [:]
            ChangeRows.decodeHeld(rows, into: &found, &nonces)
            changes.merge(found) { first, _ in first }
        }
        var records = HeldRecords(ascending: changes.keys.sorted())
        for (id, held) in changes { records.put(HeldRecord(held), for: id) }
        return WorkingSet(line: line, records: records, tombstones: erased, lostErasures: lost)
    }

    func write(_ set: inout WorkingSet) throws {
        let line = set.line.id
        for write in set.takeWrites() { try send(write, line) }
    }

    private func send(_ write: StoreWrite, _ line: LineID) throws {
        switch write {
        case .log(let entry):
            let nonce = try nonce(of: entry)
            nonces[entry.position] = nonce
            try LogRows.insert(entry, nonce: nonce, line: line, connection)
        case .insert(let change): try ChangeRows.insert(change, line: line, connection)
        case .stand(let place, let live): try ChangeRows.stand(place, in: live, line: line, connection)
        case .remove(let place): try ChangeRows.delete(place, line: line, connection)
        case .move(let place, let other): try ChangeRows.move(place, to: other, line: line, connection)
        case .tombstone(let record, let place): try TombstoneRows.insert(record, place, line: line, connection)
        case .path(let record, let ancestors):
            try PathRows.send(PathRows.insertion, record, ancestors, line: line, connection)
        case .dropPath(let record, let ancestors):
            try PathRows.send(PathRows.deletion, record, ancestors, line: line, connection)
        case .lease(let lease, let replica): try LeaseRows.insert(lease, replica: replica, line: line, connection)
        }
    }

    private func nonce(of entry: LogEntry) throws -> [UInt8] {
        switch entry.nonce {
        case .bytes(let nonce): return nonce
        case .same(let position):
            guard let nonce = nonces[position] else {
                throw ChangeLogError(.unusable, "the store is damaged: a position of the log is missing")
            }
            return nonce
        }
    }

    // MARK: Damage

    func damaged(_ line: LineState) throws -> [ChangePlace] { try ChangeRows.damaged(line: line.id, connection) }

    func damaged(after key: Int64, limit: Int, _ line: LineState) throws -> (damaged: [ChangePlace], last: Int64?) {
        try ChangeRows.damaged(after: key, limit: limit, line: line.id, connection)
    }

    func loseErasuresWithoutChange(_ line: LineState) throws {
        try connection.send(TombstoneRows.losingWithoutChange) { $0.add(line.id.bytes) }
    }

    func setAside(_ place: ChangePlace, now: Int64, _ line: LineState) throws {
        try connection.send(TombstoneRows.losing) { ChangeRows.add(line.id, place, &$0) }
        try connection.send(ChangeRows.setAside) {
            ChangeRows.add(line.id, place, &$0)
            $0.add(now)
        }
        try ChangeRows.delete(place, line: line.id, connection)
    }

    func forgetAgreement(_ line: LineState) throws {
        try connection.send(ReplicaRows.forgetting) { $0.add(line.id.bytes) }
    }

    func setAsideCount(_ line: LineState) throws -> Int {
        let rows = try connection.run(ChangeRows.setAsideCount) { $0.add(line.id.bytes) }
        return Int(rows.first?.integer(0) ?? 0)
    }

    func counts(_ line: LineState) throws -> (changes: Int64, sealedBytes: Int64) {
        try ChangeRows.counts(line: line.id, connection)
    }
}

extension FeedCommitHead {
    /// From a row of `change` with its place in the log.
    init(_ row: Row) {
        self.init(
            position: row.word(ChangeRows.Column.position), stamp: ChangeRows.stamp(row),
            nonce: row.bytes(ChangeRows.HeadColumn.nonce),
            replica: row.optionalWord(ChangeRows.HeadColumn.replica).map(ReplicaID.init(rawValue:)),
            number: row.optionalWord(ChangeRows.HeadColumn.number))
    }
}

extension PageAssembler {
    mutating func append(_ row: Row, _ header: ChangeHeader) {
        unsafe row.withBytes(ChangeRows.Column.sealed.rawValue) { sealed in
            unsafe append(index: row.word(ChangeRows.Column.nonceIndex), header: header, sealed: sealed)
        }
    }
}
