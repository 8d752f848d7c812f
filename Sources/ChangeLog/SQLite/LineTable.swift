import Merge
import SQLite
import Sealing
import SyncProtocol

/// The table `line`.
struct LineTable {
    let connection: Connection

    private enum Column: Int, TableColumn {
        case ref, id, name, log, head, checkValue, fingerprint, highestTime, epoch, rosterCount, rosterHead
        case lacksBoxes, nextDesk, liveChanges, sealedBytes, replicas, removals, scrubKey, scrubRecord, scrubSum
        case scrubbedAt, verifiedAt, verifiedDamaged, verifiedSum, minimumProgram, quotaBytes
    }

    private static let selection = StatementText("SELECT \(Column.list()) FROM line WHERE id = ?")
    private static let rosterEnd = StatementText(
        "SELECT roster_count, roster_head, lacks_boxes FROM line WHERE id = ?")
    private static let update = StatementText("UPDATE line SET \(Column.assignments) WHERE ref = ?1")

    func find(_ id: LineID) throws -> LineState? {
        try connection.withStatement(Self.selection) { row in
            try row.bind(1, id.bytes)
            return try row.step() ? try Self.decode(row) : nil
        }
    }

    /// How long a line's roster is, its last entry's hash, and whether somebody lacks a box.
    func rosterEnd(_ id: LineID) throws -> (count: UInt64, head: [UInt8], lacksBoxes: Bool)? {
        try connection.withStatement(Self.rosterEnd) { row in
            try row.bind(1, id.bytes)
            return try row.step() ? (row.word(0), row.bytes(1), row.integer(2) != 0) : nil
        }
    }

    func all() throws -> [LineState] {
        try connection.withStatement("SELECT \(Column.list()) FROM line ORDER BY ref") { row in
            var lines: [LineState] = []
            while try row.step() { lines.append(try Self.decode(row)) }
            return lines
        }
    }

    func insert(_ line: LineState) throws {
        try connection.withStatement("INSERT INTO line (\(Column.list())) VALUES (\(Column.parameters))") { row in
            try Self.bind(line, row)
            try row.run()
        }
    }

    /// Makes its log another one, for all who have read in it.
    func giveLog(_ log: [UInt8], to ref: Int64) throws {
        try connection.withStatement("UPDATE line SET log = ? WHERE ref = ?") { row in
            try row.bind(1, log)
            try row.bind(2, ref)
            try row.run()
        }
    }

    func save(_ line: LineState) throws {
        try connection.withStatement(Self.update) { row in
            try Self.bind(line, row)
            try row.run()
        }
    }

    private static func decode(_ row: borrowing Statement) throws -> LineState {
        guard let id = LineID(row.bytes(Column.id)), let sum = row.number128(Column.fingerprint),
            row.integer(Column.head) >= 0, row.integer(Column.nextDesk) >= 0
        else {
            throw ChangeLogError(
                .unusable, "the store is damaged: a line's row cannot be read; restore it from a backup")
        }
        var line = LineState(
            ref: row.integer(Column.ref), id: id, name: row.text(Column.name), log: row.bytes(Column.log),
            head: row.word(Column.head), check: row.bytes(Column.checkValue), fingerprint: Fingerprint(value: sum),
            highestTime: HybridTimestamp(rawValue: row.word(Column.highestTime)),
            epoch: UInt32(truncatingIfNeeded: row.integer(Column.epoch)), rosterCount: row.word(Column.rosterCount),
            rosterHead: row.bytes(Column.rosterHead), lacksBoxes: row.integer(Column.lacksBoxes) != 0,
            nextDesk: row.word(Column.nextDesk),
            liveChanges: row.integer(Column.liveChanges), sealedBytes: row.integer(Column.sealedBytes),
            replicas: row.integer(Column.replicas), removals: row.integer(Column.removals))
        if let sum = row.number128(Column.scrubSum) {
            line.scrub = .records(through: row.record(Column.scrubRecord), sum: Fingerprint(value: sum))
        } else {
            line.scrub = row.optionalInteger(Column.scrubKey).map { .rows(through: $0) }
        }
        line.scrubbedAt = row.optionalInteger(Column.scrubbedAt)
        line.verified = row.optionalInteger(Column.verifiedAt).map { at in
            VerificationNote(
                at: at, damagedChanges: Int(row.integer(Column.verifiedDamaged)),
                isSumRight: row.integer(Column.verifiedSum) != 0)
        }
        line.terms = LineTerms(
            minimumProgram: ProgramVersion(row.text(Column.minimumProgram)),
            quotaBytes: row.optionalInteger(Column.quotaBytes))
        return line
    }

    private static func bind(_ line: LineState, _ row: borrowing Statement) throws {
        try row.bind(Column.ref, line.ref)
        try row.bind(Column.id, line.id.bytes)
        try row.bind(Column.name, line.name)
        try row.bind(Column.log, line.log)
        try row.bind(Column.head, word: line.head)
        try row.bind(Column.checkValue, line.check)
        try row.bind(Column.fingerprint, number128: line.fingerprint.value)
        try row.bind(Column.highestTime, word: line.highestTime.rawValue)
        try row.bind(Column.epoch, Int64(line.epoch))
        try row.bind(Column.rosterCount, word: line.rosterCount)
        try row.bind(Column.rosterHead, line.rosterHead)
        try row.bind(Column.lacksBoxes, line.lacksBoxes ? 1 : 0)
        try row.bind(Column.nextDesk, word: line.nextDesk)
        try row.bind(Column.liveChanges, line.liveChanges)
        try row.bind(Column.sealedBytes, line.sealedBytes)
        try row.bind(Column.replicas, line.replicas)
        try row.bind(Column.removals, line.removals)
        if case .rows(let key) = line.scrub { try row.bind(Column.scrubKey, key) }
        if case .records(let record, let sum) = line.scrub {
            if let record { try row.bind(Column.scrubRecord.parameter, record) }
            try row.bind(Column.scrubSum, number128: sum.value)
        }
        try row.bind(Column.scrubbedAt, line.scrubbedAt)
        try row.bind(Column.verifiedAt, line.verified?.at)
        try row.bind(Column.verifiedDamaged, Int64(line.verified?.damagedChanges ?? 0))
        try row.bind(Column.verifiedSum, line.verified?.isSumRight == true ? 1 : 0)
        try row.bind(Column.minimumProgram, line.terms.minimumProgram?.description ?? "")
        try row.bind(Column.quotaBytes, line.terms.quotaBytes)
    }
}
