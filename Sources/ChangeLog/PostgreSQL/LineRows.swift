import Merge
import PostgreSQL
import SyncProtocol

/// The table `line`.
enum LineRows {
    private enum Column: Int, RowColumn {
        case line, name, log, head, checkValue, fingerprint, highestTime, epoch, rosterCount, rosterHead, lacksBoxes
        case nextDesk, liveChanges, sealedBytes, replicas, removals, scrubKey, scrubRecord, scrubSum, scrubbedAt
        case verifiedAt, verifiedDamaged, verifiedSum, minimumProgram, quotaBytes
    }

    static let find = SQLStatement("SELECT \(Column.list()) FROM line WHERE line = $1")
    /// Whoever has it writes the line, until the end of the transaction.
    static let lock = SQLStatement("SELECT \(Column.list()) FROM line WHERE line = $1 FOR UPDATE")
    static let all = SQLStatement("SELECT \(Column.list()) FROM line ORDER BY created, line")
    static let heads = SQLStatement("SELECT line, head, rights FROM line WHERE line = ANY($1::uuid[])")
    /// How long the roster is, its last entry's hash, and whether somebody lacks a box.
    static let mark = SQLStatement("SELECT roster_count, roster_head, lacks_boxes FROM line WHERE line = $1")
    static let insertion = SQLStatement(
        """
        INSERT INTO line (\(Column.list()), rights, created)
        VALUES (\(Column.parameters), 0, $\(Column.count + 1))
        """)
    static let update = SQLStatement("UPDATE line SET \(Column.assignments) WHERE line = $1")
    /// Somebody's rights have changed.
    static let raising = SQLStatement("UPDATE line SET rights = rights + 1 WHERE line = $1")
    static let statements = [find, lock, heads, mark, insertion, update, raising]

    static func insert(_ line: LineState, now: Int64, _ connection: PostgreSQLConnection) throws {
        try connection.send(insertion) {
            bind(line, &$0)
            $0.add(now)
        }
    }

    static func save(_ line: LineState, _ connection: PostgreSQLConnection) throws {
        try connection.send(update) { bind(line, &$0) }
    }

    /// In the order of the columns.
    private static func bind(_ line: LineState, _ parameters: inout Parameters) {
        parameters.add(line.id.bytes)
        parameters.add(line.name)
        parameters.add(line.log)
        parameters.add(word: line.head)
        parameters.add(line.check)
        parameters.add(number128: line.fingerprint.value)
        parameters.add(word: line.highestTime.rawValue)
        parameters.add(Int64(line.epoch))
        parameters.add(word: line.rosterCount)
        parameters.add(line.rosterHead)
        parameters.add(line.lacksBoxes)
        parameters.add(word: line.nextDesk)
        parameters.add(line.liveChanges)
        parameters.add(line.sealedBytes)
        parameters.add(line.replicas)
        parameters.add(line.removals)
        switch line.scrub {
        case .rows(let key):
            parameters.add(key)
            parameters.addNull()
            parameters.addNull()
        case .records(let record, let sum):
            parameters.addNull()
            parameters.add(record)
            parameters.add(number128: sum.value)
        case nil: for _ in 0..<3 { parameters.addNull() }
        }
        parameters.add(line.scrubbedAt)
        parameters.add(line.verified?.at)
        parameters.add(Int64(line.verified?.damagedChanges ?? 0))
        parameters.add(line.verified?.isSumRight == true)
        parameters.add(line.terms.minimumProgram?.description ?? "")
        parameters.add(line.terms.quotaBytes)
    }

    static func decode(_ row: Row) throws -> LineState {
        guard let id = LineID(row.bytes(Column.line)), let sum = row.number128(Column.fingerprint),
            row.integer(Column.head) >= 0, row.integer(Column.nextDesk) >= 0
        else {
            throw ChangeLogError(
                .unusable, "the store is damaged: a line's row cannot be read; restore it from a backup")
        }
        var line = LineState(
            ref: 0, id: id, name: row.text(Column.name), log: row.bytes(Column.log), head: row.word(Column.head),
            check: row.bytes(Column.checkValue), fingerprint: Fingerprint(value: sum),
            highestTime: HybridTimestamp(rawValue: row.word(Column.highestTime)),
            epoch: UInt32(truncatingIfNeeded: row.integer(Column.epoch)), rosterCount: row.word(Column.rosterCount),
            rosterHead: row.bytes(Column.rosterHead), lacksBoxes: row.boolean(Column.lacksBoxes.rawValue),
            nextDesk: row.word(Column.nextDesk), liveChanges: row.integer(Column.liveChanges),
            sealedBytes: row.integer(Column.sealedBytes), replicas: row.integer(Column.replicas),
            removals: row.integer(Column.removals))
        if let sum = row.number128(Column.scrubSum) {
            line.scrub = .records(through: row.record(Column.scrubRecord), sum: Fingerprint(value: sum))
        } else {
            line.scrub = row.optionalInteger(Column.scrubKey).map { .rows(through: $0) }
        }
        line.scrubbedAt = row.optionalInteger(Column.scrubbedAt)
        line.verified = row.optionalInteger(Column.verifiedAt).map { at in
            VerificationNote(
                at: at, damagedChanges: Int(row.integer(Column.verifiedDamaged)),
                isSumRight: row.boolean(Column.verifiedSum.rawValue))
        }
        line.terms = LineTerms(
            minimumProgram: ProgramVersion(row.text(Column.minimumProgram)),
            quotaBytes: row.optionalInteger(Column.quotaBytes))
        return line
    }
}
